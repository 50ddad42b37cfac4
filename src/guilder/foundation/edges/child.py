"""The limited child process: heavy or untrusted work behind a socket, with limits that hold.

`Pool("package.module:function")` keeps warm processes that each serve one job at a time. The
function takes and returns plain values (dict, list, str, bytes, int, bool, None), so nothing that
a child sends can run code here. A child has no secrets in its environment, no network where the
system allows that, an empty folder of its own, and limits on memory, processor time, file size,
wall clock and answer; one that breaks a limit is killed and the next job gets a fresh process.
"""

import contextlib
import os
import queue
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec

from guilder.kernel.errors import Invalid, Unavailable

LENGTH = struct.Struct(">I")
NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens, so a proxied call is refused
KEPT_NAMES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "SYSTEMROOT")
OUT_OF_TIME = (signal.SIGXCPU, signal.SIGALRM)


class ChildTimedOut(Unavailable):
    """The job passed its limit of wall clock or processor time and was killed."""

    code = "child.timed_out"


class ChildDied(Unavailable):
    """The process ended in the middle of the job, most often for lack of memory."""

    code = "child.died"


class ChildBusy(Unavailable):
    """Every process of the pool was at work for too long."""

    code = "child.busy"


class JobFailed(Invalid):
    """The function raised: `kind` is the name of its exception, the message is its message."""

    code = "child.failed"

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail or kind)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use. Bytes and seconds; the time limits are for one job."""

    memory_bytes: int = 3 << 30  # address space, so that a bomb ends before the machine suffers
    cpu_seconds: int = 20
    wall_seconds: float = 30
    file_bytes: int = 64 << 20
    result_bytes: int = 64 << 20
    start_seconds: float = 30
    queue_seconds: float = 60
    recycle_jobs: int = 500
    recycle_bytes: int = 400 << 20  # resident; above it the process is replaced after its job


class Pool:
    """Warm limited processes for one function; safe to call from any thread and after a fork."""

    def __init__(
        self,
        target: str,
        *,
        size: int = 1,
        limits: Limits | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.target = target
        self.size = size
        self.limits = limits or Limits()
        self.environment = dict(environment or {})
        self._workers: set[_Worker] = set()
        self._slots: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._fill()
        self._finalizer = weakref.finalize(self, _end_all, self._workers)
        _pools.add(self)

    def call(self, payload: Any, *, timeout: float | None = None) -> Any:
        """What the function answers to `payload`, within `timeout` seconds.

        Raises JobFailed when the function raised, ChildTimedOut, ChildDied or ChildBusy.
        """
        slots = self._slots
        worker = self._take()
        try:
            answer, rss = worker.ask(payload, timeout or self.limits.wall_seconds)
        except BaseException as error:
            self._end(worker)
            # The next job should not wait for a start that can happen now, unless this was one.
            slots.put(self._begin() if isinstance(error, Unavailable) and worker.jobs else None)
            raise
        if worker.jobs >= self.limits.recycle_jobs or rss > self.limits.recycle_bytes:
            self._end(worker)
            worker = self._begin()
        slots.put(worker)
        if answer[0] == "error":
            raise JobFailed(answer[1], answer[2])
        return answer[1]

    def close(self) -> None:
        """End every process; a later call starts them anew."""
        _end_all(self._workers)
        self._fill()

    def process_ids(self) -> list[int]:
        """The ids of the processes that now stand."""
        return sorted(worker.process.pid for worker in self._workers)

    def _take(self) -> "_Worker":
        try:
            worker = self._slots.get(timeout=self.limits.queue_seconds)
        except queue.Empty:
            raise ChildBusy("All helpers are at work. Try again in a minute.") from None
        if worker is not None and worker.process.poll() is None:
            return worker
        if worker is not None:
            self._end(worker)
        return self._begin()

    def _begin(self) -> "_Worker":
        worker = _Worker(self.target, limits=self.limits, environment=self.environment)
        self._workers.add(worker)
        return worker

    def _end(self, worker: "_Worker") -> None:
        self._workers.discard(worker)
        worker.end()

    def _fill(self) -> None:
        self._slots = queue.LifoQueue()
        for _ in range(self.size):
            self._slots.put(None)

    def _forget(self) -> None:
        """After a fork the processes belong to the parent: let go without ending them."""
        for worker in self._workers:
            worker.socket.close()
            worker.process.returncode = 0
        self._workers.clear()
        self._fill()


class _Worker:
    """One process and our end of its socket; used by one thread at a time."""

    def __init__(self, target: str, *, limits: Limits, environment: Mapping[str, str]) -> None:
        self.limits = limits
        self.jobs = 0
        self.ready = False
        self.folder = tempfile.mkdtemp(prefix="guilder-child-")
        self.errors: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as we do)
        self.socket, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                self._command(target, theirs.fileno()),
                pass_fds=[theirs.fileno()],
                cwd=self.folder,
                env=self._environment(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
                start_new_session=True,
            )

    def ask(self, payload: Any, seconds: float) -> tuple[list[Any], int]:
        """The answer and the resident bytes of the process after it."""
        self._await_ready()
        self.jobs += 1
        deadline = time.monotonic() + seconds
        try:
            self._send([payload, seconds, self.limits.cpu_seconds], deadline)
            answer = self._receive(deadline)
        except TimeoutError:
            raise ChildTimedOut(f"The work took longer than {seconds:g} seconds.") from None
        except (OSError, EOFError, msgspec.DecodeError, RecursionError):
            raise self._obituary() from None
        return answer, answer[-1]

    def end(self) -> None:
        """Kill the process, reap it, and remove its folder."""
        self.socket.close()
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _await_ready(self) -> None:
        if self.ready:
            return
        try:
            answer = self._receive(time.monotonic() + self.limits.start_seconds)
        except TimeoutError:
            raise ChildTimedOut("The helper process did not start in time.") from None
        except (OSError, EOFError, msgspec.DecodeError):
            raise self._obituary() from None
        if answer[0] == "error":
            raise ChildDied(f"The helper process cannot start: {answer[2]}")
        self.ready = True

    def _send(self, message: Any, deadline: float) -> None:
        body = msgspec.msgpack.encode(message)
        self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
        self.socket.sendall(LENGTH.pack(len(body)) + body)

    def _receive(self, deadline: float) -> list[Any]:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if length > self.limits.result_bytes:
            raise EOFError("answer too large")
        return msgspec.msgpack.decode(self._read(length, deadline), type=list)

    def _read(self, length: int, deadline: float) -> bytearray:
        got = bytearray(length)
        view = memoryview(got)
        while view:
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            count = self.socket.recv_into(view)
            if not count:
                raise EOFError
            view = view[count:]
        return got

    def _obituary(self) -> Unavailable:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=1)
        status = self.process.returncode
        if status is not None and -status in OUT_OF_TIME:
            return ChildTimedOut("The work used more processor time than it may.")
        self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(self.errors.tell() - 300, 0))
        last_words = self.errors.read().decode(errors="replace").strip()
        detail = f" Its last words: {last_words}" if last_words else ""
        return ChildDied(f"The helper process ended during the work (status {status}).{detail}")

    def _command(self, target: str, descriptor: int) -> list[str]:
        limits = self.limits
        figures = [limits.memory_bytes, limits.file_bytes, limits.result_bytes]
        module = "guilder.foundation.edges.child_worker"
        return [
            *(sys.executable, "-P", "-m", module),
            *(str(descriptor), target, *map(str, figures)),
        ]

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT_NAMES if name in os.environ}
        proxies = {
            name: NOWHERE
            for scheme in ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
            for name in (scheme, scheme.upper())
        }
        own = {
            "HOME": self.folder,
            "TMPDIR": self.folder,
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return kept | proxies | own | dict(extra)


def _end_all(workers: set[_Worker]) -> None:
    while workers:
        workers.pop().end()


def _forget_all() -> None:
    for pool in tuple(_pools):
        pool._forget()


_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()
os.register_at_fork(after_in_child=_forget_all)
