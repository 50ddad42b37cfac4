"""A running embedded server: its addresses, whether it lives, and how it ends."""

import contextlib
import os
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from guilder.config.database import embedded_address
from guilder.config.home import socket_folder
from guilder.runtime.postgres import configuration, locks

DECIDING = 180  # seconds that another start may take


@dataclass(slots=True)
class Cluster:
    """A running embedded server, and the addresses of its roles."""

    home: Path
    pid: int
    started: bool  # by us; else joined
    process: subprocess.Popen[bytes] | None = None
    use: int | None = field(default=None, repr=False)

    @property
    def owner_url(self) -> str:
        """The address for migrations and dumps."""
        return embedded_address(self.home, configuration.OWNER)

    @property
    def app_url(self) -> str:
        """The address for everything that serves; bound by row level security."""
        return embedded_address(self.home, configuration.APP)

    @property
    def superuser_url(self) -> str:
        """The address of the cluster's superuser; for tests and repairs only."""
        return embedded_address(self.home, configuration.SUPERUSER)

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.home / "postgres" / "data"

    def alive(self) -> bool:
        """Whether the server still runs; cheap enough to be asked ten times a second."""
        if self.process is not None:
            return self.process.poll() is None
        return not locks.free(self.home / "postgres" / "server.lock")

    def let_go(self) -> None:
        """Stop counting as one of its users, whatever becomes of it."""
        if self.use is not None:
            locks.release(self.use)
            self.use = None

    def stop(self, *, wait: float = 60) -> bool:
        """Let go of the server, and stop it when nobody else uses it; True when it is down.

        Fast shutdown first; after `wait` seconds an immediate one (the next start recovers).
        """
        if self.use is None:
            return False
        folder = self.home / "postgres"
        deciding = locks.take(folder / "start.lock", locks.EXCLUSIVE, wait=DECIDING)
        self.let_go()
        try:
            if not locks.free(folder / "use.lock"):
                return False
            self._shut_down(folder / "server.lock", wait=wait)
            if (run := socket_folder(self.home)).parent != self.home:
                with contextlib.suppress(OSError):
                    run.rmdir()
            return True
        finally:
            if deciding is not None:
                locks.release(deciding)

    def _shut_down(self, lock: Path, *, wait: float) -> None:
        for order in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                if not locks.free(lock):
                    os.kill(self.pid, order)
            if self._is_gone(lock, wait=wait):
                return

    def _is_gone(self, lock: Path, *, wait: float) -> bool:
        handle = locks.take(lock, locks.EXCLUSIVE, wait=wait)
        if handle is None:
            return False
        locks.release(handle)
        if self.process is not None:
            self.process.wait(wait)
        return True

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def answers(home: Path) -> bool:
    """Whether somebody listens on the socket of the server of `home`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(str(socket_folder(home) / ".s.PGSQL.5432"))
        except OSError:
            return False
        return True
