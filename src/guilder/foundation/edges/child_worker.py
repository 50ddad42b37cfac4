"""The inside of a limited child process: set the limits, load the function, answer jobs.

Started by `child.Pool` as `python -m …child_worker SOCKET MODULE:FUNCTION MEMORY FILE RESULT`.
Ends when the socket does, so no child outlives its parent.
"""

import contextlib
import ctypes
import importlib
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

import msgspec

LENGTH = struct.Struct(">I")
NEW_USER_NAMESPACE = 0x10000000
NEW_NETWORK_NAMESPACE = 0x40000000
NO_NEW_PRIVILEGES = 38
SPARE_SECONDS = 2  # the parent's own clock kills first; this one is for a parent that is gone


def main(arguments: list[str]) -> None:
    """Serve jobs until the parent closes the socket."""
    descriptor, target, *figures = arguments
    memory_bytes, file_bytes, result_bytes = map(int, figures)
    pipe = socket.socket(fileno=int(descriptor))
    leave_network()
    set_limits(memory_bytes=memory_bytes, file_bytes=file_bytes)
    try:
        function = load(target)
    except Exception as error:
        send(pipe, ["error", type(error).__name__, str(error)[:500], 0])
        return
    send(pipe, ["ready", 0])
    while (request := receive(pipe)) is not None:
        payload, seconds, cpu_seconds = request
        answer = answer_of(function, payload, seconds=seconds, cpu_seconds=cpu_seconds)
        body = msgspec.msgpack.encode([*answer, resident_bytes()])
        if len(body) > result_bytes:
            answer = ["error", "TooLarge", "The result is larger than it may be."]
            body = msgspec.msgpack.encode([*answer, resident_bytes()])
        pipe.sendall(LENGTH.pack(len(body)) + body)


def answer_of(function: Any, payload: Any, *, seconds: float, cpu_seconds: int) -> list[Any]:
    """["ok", result] or ["error", kind, message]; a limit passed ends the process by a signal."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds + 1, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds + SPARE_SECONDS)
    try:
        return ["ok", function(payload)]
    except MemoryError:
        os._exit(3)  # what is left of the heap cannot be trusted with another job
    except Exception as error:
        return ["error", type(error).__name__, str(error)[:4000]]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def leave_network() -> None:
    """Move into an empty network namespace where the system lets us; give up new privileges."""
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if library.unshare(NEW_NETWORK_NAMESPACE) != 0:
        library.unshare(NEW_USER_NAMESPACE | NEW_NETWORK_NAMESPACE)
    with contextlib.suppress(OSError):  # when memory is short, the kernel takes us first
        Path("/proc/self/oom_score_adj").write_text("500")


def set_limits(*, memory_bytes: int, file_bytes: int) -> None:
    """Address space, size of a file and open files; no core dumps. Bytes."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_AS: memory_bytes,
    }
    for name, value in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(name, (value, value))


def load(target: str) -> Any:
    """The function that "package.module:function" names."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def resident_bytes() -> int:
    """How much memory this process holds now; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def send(pipe: socket.socket, message: Any) -> None:
    """One message, length first."""
    body = msgspec.msgpack.encode(message)
    pipe.sendall(LENGTH.pack(len(body)) + body)


def receive(pipe: socket.socket) -> Any:
    """The next message, or None at the end."""
    head = read(pipe, LENGTH.size)
    if head is None:
        return None
    body = read(pipe, LENGTH.unpack(head)[0])
    return None if body is None else msgspec.msgpack.decode(body)


def read(pipe: socket.socket, length: int) -> bytes | None:
    """Exactly `length` bytes, or None at the end."""
    got = bytearray(length)
    view = memoryview(got)
    while view:
        count = pipe.recv_into(view)
        if not count:
            return None
        view = view[count:]
    return bytes(got)


if __name__ == "__main__":
    main(sys.argv[1:])
