"""Starting, joining and stopping the embedded PostgreSQL of one GUILDER_HOME."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guilder.config.home import socket_folder
from guilder.runtime.postgres import account, binaries, configuration, faults, locks, reach
from guilder.runtime.postgres.account import Account
from guilder.runtime.postgres.binaries import Binaries
from guilder.runtime.postgres.cluster import DECIDING, Cluster, answers

SPACE_FOR_NEW = 160 * 1024 * 1024  # bytes: an empty cluster, its first log and some room
LOG_TURNS_AT = 10 * 1024 * 1024  # bytes


class EmbeddedPostgres:
    """The PostgreSQL server whose data lie in `home`/postgres.

    `durable=False` (tests) trades safety after a crash of the machine for speed; `settings` are
    more lines for postgresql.conf.
    """

    def __init__(
        self,
        home: str | Path,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.home = Path(home).expanduser().absolute()
        self.folder = self.home / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.socket = socket_folder(self.home)
        self.durable = durable
        self.settings = dict(settings or {})

    def up(self, *, timeout: float = 120) -> Cluster:
        """Start the server, or join the one that already runs here.

        `timeout` is the number of seconds that start or recovery may take. Raises a
        faults.DatabaseFault, whose message is one sentence, when it cannot run.
        """
        try:
            return self._up(timeout)
        except OSError as error:
            raise faults.of_os_error(error, folder=self.folder) from error

    def _up(self, timeout: float) -> Cluster:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o755, exist_ok=True)
        deciding = locks.take(self.folder / "start.lock", locks.EXCLUSIVE, wait=DECIDING)
        if deciding is None:
            raise faults.NotStarting(
                f"Another start of the database in {self.folder} does not end: look for a hanging "
                "guilder process and stop it."
            )
        try:
            cluster = self._start_or_join(timeout)
            cluster.use = locks.take(self.folder / "use.lock", locks.SHARED, wait=timeout)
            return cluster
        finally:
            locks.release(deciding)

    def _start_or_join(self, timeout: float) -> Cluster:
        """Join a server that answers; start one as soon as no process of an earlier one lives."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            lock = locks.take(self.folder / "server.lock", locks.EXCLUSIVE)
            if lock is not None:
                try:
                    return self._start(lock, end)
                finally:
                    locks.release(lock)
            pid = self._ready_pid()
            if pid is not None and answers(self.home):
                return Cluster(self.home, pid, started=False)
            time.sleep(locks.PAUSE)
        raise faults.NotStarting(
            f"A database server already runs on {self.data} but does not answer: see {self.log}."
        )

    def _start(self, lock: int, end: float) -> Cluster:
        runner = account.choose(self.data)
        programs = binaries.find(runner, home=self.home)
        if not self._exists(programs):
            self._initialise(runner, programs)
        self._forget_stale_pid()
        configuration.write(self.data, account=runner, durable=self.durable, settings=self.settings)
        self._prepare_socket(runner)
        said_before = self._turn_log()
        process = self._launch(lock, runner, programs)
        return self._await_ready(process, end=end, said_before=said_before)

    def _exists(self, programs: Binaries) -> bool:
        """Whether there are data of this major version; raises when of another, or of none."""
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            if self.data.exists() and any(self.data.iterdir()):
                raise faults.NotStarting(
                    f"{self.data} is not a database: move it away, or choose another folder with "
                    "--data or GUILDER_HOME."
                ) from None
            return False
        if version == programs.major:
            return True
        raise faults.OtherMajorVersion(
            f"The data in {self.data} were written by PostgreSQL {version}, and this is "
            f"{programs.major}: start the Guilder release that wrote them, take a backup there, "
            "and restore it here."
        )

    def _initialise(self, runner: Account, programs: Binaries) -> None:
        """Make the cluster aside and move it in place whole: a kill leaves no half of it."""
        if shutil.disk_usage(self.folder).free < SPACE_FOR_NEW:
            raise faults.DiskFull(
                f"The disk that holds {self.folder} has less than "
                f"{SPACE_FOR_NEW // 2**20} MB free: free some space, then start again."
            )
        scratch = self.folder / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        if runner.borrowed:
            os.chown(scratch, runner.uid, runner.gid)
        with reach.through_descriptor(scratch) as (name, handles):
            self._run(
                [programs.path("initdb"), "-D", name, "-U", configuration.SUPERUSER,
                 "--auth=peer", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                 "--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions",
                 *([] if self.durable else ["--no-sync"])],
                runner=runner, handles=handles,
            )  # fmt: skip
            self._run(
                [programs.path("postgres"), "--single", "-D", name, "postgres"],
                runner=runner, handles=handles, text=configuration.roles(),
            )  # fmt: skip
        configuration.prepare(scratch, account=runner)
        if self.data.exists():
            self.data.rmdir()
        scratch.rename(self.data)

    def _run(
        self, command: list[str], *, runner: Account, handles: tuple[int, ...], text: str = ""
    ) -> None:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            env=binaries.ENVIRONMENT,
            cwd="/",
            pass_fds=handles,
            check=False,
            **runner.lowered(),
        )
        said = done.stderr + done.stdout
        # Single-user mode reports a failed statement but ends with 0.
        if done.returncode or "ERROR:" in said:
            with reach.open_private(self.log) as file:
                file.write(said.encode())
            raise faults.of_output(said, folder=self.folder, log=self.log)

    def _forget_stale_pid(self) -> None:
        """Remove a pid file whose number was given to a stranger; PostgreSQL would believe it.

        We hold server.lock, so no process of the server is alive. A number that nobody has is
        left to PostgreSQL, which also looks at its shared memory.
        """
        pid = self._pid()
        if pid is not None and _exists(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _prepare_socket(self, runner: Account) -> None:
        with contextlib.suppress(FileExistsError):
            self.socket.mkdir(mode=0o750)
            if runner.borrowed:
                os.chown(self.socket, runner.uid, runner.gid)
        state = self.socket.lstat()
        if self.socket.is_symlink() or state.st_uid not in (runner.uid, os.geteuid()):
            raise faults.FolderNotOurs(
                f"{self.socket} belongs to somebody else: remove it, or choose a shorter "
                "GUILDER_HOME."
            )
        if runner.borrowed and state.st_uid != runner.uid:
            os.chown(self.socket, runner.uid, runner.gid)

    def _turn_log(self) -> int:
        """Put a large log aside (one is kept); returns the size of what was said before."""
        try:
            size = self.log.stat().st_size
        except FileNotFoundError:
            return 0
        if size < LOG_TURNS_AT:
            return size
        self.log.replace(self.log.with_suffix(".log.1"))
        return 0

    def _launch(self, lock: int, runner: Account, programs: Binaries) -> subprocess.Popen[bytes]:
        with (
            reach.open_private(self.log) as log,
            reach.through_descriptor(self.data) as (data, data_handles),
            reach.through_descriptor(self.socket) as (run, socket_handles),
        ):
            process: Any = subprocess.Popen(
                [programs.path("postgres"), "-D", data, "-c", f"unix_socket_directories={run}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=binaries.ENVIRONMENT,
                cwd="/",
                start_new_session=True,
                pass_fds=(lock, *data_handles, *socket_handles),
                **runner.lowered(),
            )
            return process

    def _await_ready(
        self, process: subprocess.Popen[bytes], *, end: float, said_before: int
    ) -> Cluster:
        while time.monotonic() < end:
            if self._ready_pid() == process.pid and answers(self.home):
                return Cluster(self.home, process.pid, started=True, process=process)
            if process.poll() is not None:
                raise faults.of_output(self._said(said_before), folder=self.folder, log=self.log)
            time.sleep(locks.PAUSE)
        process.send_signal(signal.SIGQUIT)
        process.wait(10)
        raise faults.NotStarting(
            f"PostgreSQL is not ready in time (a long recovery?): see {self.log}, then start again."
        )

    def _said(self, start: int) -> str:
        with self.log.open("rb") as file:
            file.seek(start)
            return file.read(64 * 1024).decode("utf-8", "replace")

    def _pid(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _ready_pid(self) -> int | None:
        """The server's pid once it takes connections (line 8 of its pid file says so)."""
        lines = self._pid_file()
        return self._pid() if len(lines) >= 8 and lines[7].strip() == "ready" else None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
