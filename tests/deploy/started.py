"""Starting our own programs in a test: on a free port, in a home of their own, stopped for sure."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.uncounted import uncounted

OWN = ("GUILDER_", "DATABASE_URL", "POSTGRES_", "DJANGO_", "CACHE_URL", "REDIS_URL", "EMAIL_")


def surroundings(**more: str) -> dict[str, str]:
    """This process's environment without what configures Guilder, and with `more`."""
    kept = {
        name: value for name, value in uncounted(os.environ).items() if not name.startswith(OWN)
    }
    kept.pop("SECRET_KEY", None)
    kept.pop("DEBUG", None)
    return kept | more


@contextmanager
def program(*command: str | Path, cwd: Path, log: Path, **more: str) -> Iterator[subprocess.Popen]:
    """Run `command` in a group of its own; at the end SIGTERM to the group, then SIGKILL."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=surroundings(**more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            for stop, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
                if process.poll() is None:
                    os.killpg(process.pid, stop)
                    try:
                        process.wait(patience)
                    except subprocess.TimeoutExpired:
                        continue


def get(port: int, path: str) -> tuple[int, bytes]:
    """(status, body) of one plain request to this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_until_ready(
    port: int, process: subprocess.Popen, log: Path, *, seconds: int = 120
) -> None:
    """Return when GET /health/ready/ answers 200; fail with the log when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            if get(port, "/health/ready/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not ready after {seconds} s:\n{log.read_text(errors='replace')}")


def guilder() -> Path:
    """The command beside this interpreter."""
    return Path(sys.executable).parent / "guilder"
