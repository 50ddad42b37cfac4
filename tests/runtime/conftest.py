"""Homes of their own for the runtime's tests, and programs that are always ended."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guilder.runtime.postgres import EmbeddedPostgres
from guilder.runtime.postgres.cluster import answers
from tests.uncounted import TRACING, uncounted

CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("DATABASE_", "POSTGRES_", "GUILDER_", "EMAIL_", "PYTEST_"))
    and name not in {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "CACHE_URL", "REDIS_URL", "PORT"}
}


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home of mode 700; a server that is left in it is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="guilder-runtime-"))
    yield folder / "home"
    clear_away(folder)


@pytest.fixture(scope="session")
def cluster_copy() -> Iterator[Path]:
    """A home whose database was made and stopped: copied, it spares a start the making."""
    folder = Path(tempfile.mkdtemp(prefix="guilder-runtime-"))
    EmbeddedPostgres(folder / "home", durable=False).up().stop()
    yield folder / "home"
    clear_away(folder)


@pytest.fixture
def made(home: Path, cluster_copy: Path) -> Path:
    """A home in which a database was made, and is stopped."""
    home.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", f"{cluster_copy}/.", str(home)], check=True)
    return home


def clear_away(folder: Path) -> None:
    """Stop what still runs under `folder` and remove it."""
    for lock in folder.rglob("server.lock"):
        if answers(lock.parents[1]):
            EmbeddedPostgres(lock.parents[1]).up().stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def run() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a Python program with a clean environment; ended with the test.

    It counts in the coverage where its test does.
    """
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **more: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**(CLEAN if TRACING & set(os.environ) else uncounted(CLEAN)), **more},
            cwd="/",
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        # Not read to the end: a grandchild that lives on would hold the pipe open.
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
