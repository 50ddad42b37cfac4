"""The running program: web processes by granian, the worker, and a mail server that takes all."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.office.dispatch.servers import PostOffice, Received, free_port, post_office

READY_WITHIN = 120
MAIL_WITHIN = 60  # seconds; what comes at once costs nothing
BUSY = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
# What follows each line of a program costs half of its speed; the tests of the rooms are followed.
FOLLOWING = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
DROPPED = ("DJANGO_ALLOW_ASYNC_UNSAFE", "PYTEST_CURRENT_TEST", *FOLLOWING)


@dataclass(slots=True)
class House:
    """A served Guilder on this test process's database.

    `base` is the address of the first web process, without a slash at the end; `mailbox.mails`
    holds every mail that was sent, whoever sent it; `directory` is the one port of this machine
    that it may call, where a test can have a directory listen.
    """

    base: str
    mailbox: PostOffice
    environment: dict[str, str]
    folder: Path
    directory: int = 0
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    def another(self) -> str:
        """The address of one more web process on the same database, started when first asked."""
        if not self.others:
            port = free_port()
            self.start(f"web-{port}", "guilder.runtime.server", "127.0.0.1", str(port))
            self.await_ready(port)
            self.others.append(f"http://127.0.0.1:{port}")
        return self.others[0]

    def mailed(self, told: Callable[[Received], bool], *, within: float = MAIL_WITHIN) -> Received:
        """The mail of which `told` is true, waited for: others may come before and after it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            for mail in list(self.mailbox.mails):
                if told(mail):
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"not among {[one.recipients for one in self.mailbox.mails]}")

    def start(self, name: str, module: str, *words: str) -> None:
        """Start a module of the program as a process of its own."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
            )

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """The worker, as long as this lasts. Then it is put to sleep with nothing in its hands, so
        that it takes no jobs of others; to start it anew costs seconds."""
        if "worker" in self.processes:
            os.killpg(self.processes["worker"].pid, signal.SIGCONT)
        else:
            self.start("worker", "guilder.runtime.worker")
        try:
            yield
        finally:
            if not self.sleeps(within=5):
                self.stop("worker")

    def sleeps(self, *, within: float) -> bool:
        """Put the worker to sleep between two jobs; False where it never is between two."""
        group = self.processes["worker"].pid
        end = time.monotonic() + within
        while time.monotonic() < end:
            if not jobs_under_way():
                os.killpg(group, signal.SIGSTOP)
                if not jobs_under_way():
                    return True
                os.killpg(group, signal.SIGCONT)  # it had just taken one
            time.sleep(0.2)
        return False

    def stop(self, name: str) -> None:
        """End a process politely, by force after 30 s."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGCONT)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def await_ready(self, port: int) -> None:
        """Until a web process says that it is ready."""
        end = time.monotonic() + READY_WITHIN
        while time.monotonic() < end:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended:\n{self.told(name)}"
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/health/ready/")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"not ready within {READY_WITHIN} s")

    def told(self, name: str) -> str:
        """The end of what a process has said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]


def jobs_under_way() -> int:
    """How many jobs the worker holds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        row = cursor.fetchone()
    return row[0] if row else 0


@contextlib.contextmanager
def running_house() -> Iterator[House]:
    """One web process on the database that DATABASE_URL names; the worker is started aside."""
    port, directory = free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    with post_office() as mailbox, tempfile.TemporaryDirectory(prefix="guilder-house-") as folder:
        told = {name: value for name, value in os.environ.items() if name not in DROPPED}
        told |= {
            "GUILDER_BASE_URL": base,
            "GUILDER_WEB_WORKERS": "1",
            "GUILDER_DESIGN_PAGE": "1",
            # Many tests sign in as the same person from the same address.
            "GUILDER_THROTTLE_LOGIN": "1000/minute",
            "GUILDER_THROTTLE_PAIR": "1000/minute",
            "GUILDER_THROTTLE_ACCOUNT": "1000/minute",
            "GUILDER_REGISTRATION": "open",
            "GUILDER_OUTBOUND_ALLOW": f"127.0.0.1:{directory}",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mailbox.port),
        }
        house = House(base, mailbox, told, Path(folder), directory)
        try:
            house.start("web", "guilder.runtime.server", "127.0.0.1", str(port))
            house.await_ready(port)
            yield house
        finally:
            for name in list(house.processes):
                house.stop(name)
