"""`guilder up` as a program: what it prints, what it survives, what it refuses."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from guilder.runtime.postgres import EmbeddedPostgres
from guilder.runtime.postgres.cluster import answers
from guilder.runtime.supervisor import url
from tests.runtime.conftest import clear_away
from tests.stories.homes import copy_home

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def filled() -> Iterator[Path]:
    """A home whose tables are made, from nothing, by the program itself."""
    folder = Path(tempfile.mkdtemp(prefix="guilder-runtime-"))
    yield copy_home(folder / "home", demo=False)
    clear_away(folder)


@pytest.fixture
def port() -> int:
    """A port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def up(run: Run, home: Path, port: int, *words: str, **environment: str) -> "subprocess.Popen[str]":
    return run(
        "-m", "guilder.faces.cli.main", "up", "--port", str(port), "--data", str(home), "--no-demo",
        *words, GUILDER_WEB_WORKERS="1", **environment,
    )  # fmt: skip


def first_line(process: "subprocess.Popen[str]") -> str:
    """What it prints first; its complaints when it ends without a word."""
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    return line or process.stderr.read()


def status(port: int, path: str = "/health/ready/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def comes_true(question: Callable[[], bool], *, within: float = 30) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.05)
    return False


def children(pid: int) -> dict[str, int]:
    """The supervisor's children by the module that they run."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_text().split("\0")
        except (OSError, ValueError, IndexError):
            continue
        if parent == pid:
            name = next((word for word in words if word.startswith("guilder.")), "postgres")
            found[name.rpartition(".")[2]] = int(entry.name)
    return found


def test_it_says_when_it_is_ready_mends_what_is_killed_and_stops_cleanly(
    filled: Path, run: Run, port: int
) -> None:
    process = up(run, filled, port)
    assert first_line(process) == f"Guilder is ready at http://127.0.0.1:{port}\n"
    assert status(port) == 200
    assert status(port, "/health/live/") == 200
    assert filled.stat().st_mode & 0o777 == 0o700
    before = children(process.pid)
    assert set(before) == {"server", "worker", "postgres"}

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def mended() -> bool:
        now = children(process.pid)
        return set(now) == set(before) and not set(now.values()) & set(before.values())

    assert comes_true(mended)
    assert comes_true(lambda: status(port) == 200)

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert process.stdout is not None
    assert process.stdout.read() == ""
    assert status(port) == 0
    assert not answers(filled)


@pytest.mark.uncounted
def test_its_killed_supervisor_leaves_no_children_and_the_next_one_takes_over(
    filled: Path, run: Run, port: int
) -> None:
    process = up(run, filled, port)
    assert first_line(process).startswith("Guilder is ready")
    old = children(process.pid)
    database = old.pop("postgres")
    process.kill()
    process.wait()

    def ended() -> bool:
        return status(port, "/health/live/") == 0 and not any(
            Path(f"/proc/{pid}").exists() for pid in old.values()
        )

    assert comes_true(ended, within=15)
    again = up(run, filled, port)
    assert first_line(again).startswith("Guilder is ready")
    assert EmbeddedPostgres(filled)._ready_pid() == database

    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 0
    assert comes_true(lambda: not answers(filled))


@pytest.mark.uncounted
def test_a_second_one_at_the_same_port_says_so(filled: Path, run: Run, port: int) -> None:
    first = up(run, filled, port)
    assert first_line(first).startswith("Guilder is ready")

    second = up(run, filled, port)

    assert second.wait(30) == 1
    assert second.stderr is not None
    assert f"Guilder already runs at http://127.0.0.1:{port}" in second.stderr.read()
    assert status(port) == 200


def test_a_port_that_a_stranger_uses_is_told(home: Path, run: Run) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]

        process = up(run, home, taken)

        assert process.wait(30) == 1
    assert process.stderr is not None
    told = process.stderr.read()
    assert f"Port {taken} on 127.0.0.1 cannot be used (Address already in use)" in told
    assert len(told.strip().splitlines()) == 1
    assert not home.joinpath("postgres").exists()


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SECRET_KEY", "secret", "SECRET_KEY can be guessed"),
        ("ALLOWED_HOSTS", "*", "name the hosts"),
        ("GUILDER_BASE_URL", "http://bills.example.com", "use https"),
    ],
)
def test_unsafe_settings_are_refused_before_anything_starts(
    home: Path, run: Run, port: int, setting: str, value: str, sentence: str
) -> None:
    process = up(run, home, port, **{setting: value})

    assert process.wait(30) == 1
    assert process.stderr is not None
    assert sentence in process.stderr.read()
    assert not home.joinpath("postgres").exists()


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("who", "fault"),
    [("superuser_url", "is a superuser"), ("owner_url", "bypasses row level security")],
)
def test_it_refuses_to_serve_as_a_role_that_is_not_bound(
    filled: Path, run: Run, port: int, who: str, fault: str
) -> None:
    with EmbeddedPostgres(filled).up() as cluster:
        address = getattr(cluster, who)
        process = up(
            run, filled, port, DATABASE_URL=address, GUILDER_OWNER_DATABASE_URL=cluster.owner_url
        )

        assert process.wait(60) == 1
    assert process.stderr is not None
    assert fault in process.stderr.read()


def test_an_unreachable_database_is_told_in_one_sentence(home: Path, run: Run, port: int) -> None:
    process = up(run, home, port, DATABASE_URL=f"postgresql://x@/y?host={home}")

    assert process.wait(30) == 1
    assert process.stderr is not None
    told = process.stderr.read()
    assert "check DATABASE_URL" in told
    assert len(told.strip().splitlines()) == 1


def test_the_parts_run_apart(filled: Path, run: Run, port: int) -> None:
    database = run("-m", "guilder.faces.cli.main", "database", "--data", str(filled))
    assert first_line(database).startswith("PostgreSQL is ready at postgresql://guilder@")

    web = run(
        "-m", "guilder.faces.cli.main", "web", "--port", str(port), "--workers", "1",
        "--data", str(filled),
    )  # fmt: skip
    assert comes_true(lambda: status(port) == 200)

    for part in (web, database):
        part.send_signal(signal.SIGTERM)
        assert part.wait(30) == 0


def test_migrating_twice_costs_the_second_time_only_a_question(filled: Path, run: Run) -> None:
    words = ("-m", "guilder.faces.cli.main", "migrate", "--data", str(filled))
    assert run(*words).wait(120) == 0
    with EmbeddedPostgres(filled).up() as cluster, psycopg.connect(cluster.owner_url) as connection:
        comment = "SELECT obj_description('django_migrations'::regclass, 'pg_class')"
        stamp = connection.execute(comment).fetchone()
        applied = connection.execute("SELECT max(applied) FROM django_migrations").fetchone()
    assert run(*words).wait(60) == 0
    with EmbeddedPostgres(filled).up() as cluster, psycopg.connect(cluster.owner_url) as connection:
        assert connection.execute(comment).fetchone() == stamp
        assert (
            connection.execute("SELECT max(applied) FROM django_migrations").fetchone() == applied
        )

    assert stamp is not None
    assert re.fullmatch(r"[0-9a-f]{64} \d+ \d+", str(stamp[0]))


def test_a_wildcard_address_is_shown_as_one_that_can_be_typed() -> None:
    assert url("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert url("::", 80) == "http://[::1]:80"
    assert url("192.0.2.1", 8000) == "http://192.0.2.1:8000"


LOADING = """
import multiprocessing, os, signal, time
from guilder.runtime import server

def load(begun):
    begun.set()
    time.sleep(60)

signal.signal(signal.SIGTERM, lambda *_: None)  # what the parent hears
os.register_at_fork(after_in_child=server.end_when_told)
fork = multiprocessing.get_context("fork")
begun = fork.Event()
worker = fork.Process(target=load, args=(begun,))
worker.start()
begun.wait()
worker.terminate()
worker.join(30)
print(worker.exitcode)
worker.kill()
"""


def test_a_web_worker_that_still_loads_ends_when_it_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == str(-signal.SIGTERM)
