"""Live pages: what a thousand open streams cost those who only read, and what each holds."""

import contextlib
import os
import resource
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from benchmarks.load import Client
from benchmarks.record import Result, result
from benchmarks.servers import Place, place, web

STREAMS, PEOPLE = 1000, 200
ROUNDS, READS = 5, 200
EVERY = 0.5  # seconds between changes while streams are open
PATH = "/api/v1/invoices/?limit=50"


def measure() -> list[Result]:
    """The p99 of a list with and without streams that hear of a change twice a second."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.environ["GUILDER_THROTTLE_LIVE"] = "off"
    with place() as found, web() as port:
        client = Client(port, authorization=f"Bearer {found.key}")
        cookies = sessions(found)
        for _ in range(2):
            p99(client)
        quiet = [p99(client) for _ in range(ROUNDS)]
        before = memory(port)
        with streams(port, cookies, found) as opened:
            held = (memory(port) - before) / STREAMS
            with changes(found):
                loud = [p99(client) for _ in range(ROUNDS)]
                told(opened)
    return [
        result(
            "live.list_p99", ours=loud, reference=quiet, target="≤ 2",
            reference_is=f"the same list without {STREAMS} open streams",
        ),
        result(
            "live.memory", ours=[held], reference=[64.0], target="≤ 1", unit="KiB",
            reference_is="64 KiB a stream",
        ),
    ]  # fmt: skip


def p99(client: Client) -> float:
    """Milliseconds that 99 of 100 reads stay below."""
    taken = sorted(client("GET", PATH)[2] for _ in range(READS))
    return taken[READS * 99 // 100 - 1]


def sessions(found: Place) -> list[str]:
    """Cookies of so many people of the organization."""
    from django.conf import settings
    from django.test import Client as Browser

    from guilder.foundation.identity import operations as identity

    cookies = []
    for n in range(PEOPLE):
        email = f"{n}-{uuid4().hex[:8]}@guilder.example"
        user = identity.create_user(email=email, password=None, name=f"Person {n}")
        identity.add_member(by=found.actor, user_id=user.id, role="accountant")
        browser = Browser()
        browser.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}")
    return cookies


class Opened:
    """Open streams, read by one thread; `heard` are those that were told of a change."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.sockets: list[socket.socket] = []
        self.ready: set[int] = set()
        self.heard: set[int] = set()
        self.ended = False

    def add(self, port: int, request: bytes) -> None:
        """One more stream."""
        line = socket.create_connection(("127.0.0.1", port), timeout=60)
        line.sendall(request)
        line.setblocking(False)
        self.sockets.append(line)
        self.selector.register(line, selectors.EVENT_READ)

    def read(self) -> None:
        """Take what comes, until the end."""
        while not self.ended:
            for key, _ in self.selector.select(timeout=0.2):
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not data:
                    self.selector.unregister(key.fileobj)
                if b"event: ready" in data:
                    self.ready.add(key.fd)
                if b'"item:' in data:
                    self.heard.add(key.fd)


@contextlib.contextmanager
def streams(port: int, cookies: list[str], found: Place) -> Iterator[Opened]:
    """So many open streams, all of them ready."""
    opened = Opened()
    reader = threading.Thread(target=opened.read, daemon=True)
    reader.start()
    for n in range(STREAMS):
        request = (
            f"GET /live/{found.organization_id}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Cookie: {cookies[n % PEOPLE]}\r\n\r\n"
        )
        opened.add(port, request.encode())
    wait(lambda: len(opened.ready) >= STREAMS, "open")
    yield opened
    opened.ended = True
    reader.join()
    for line in opened.sockets:
        line.close()


@contextlib.contextmanager
def changes(found: Place) -> Iterator[None]:
    """Something that all hear of, again and again."""
    from django.db import connections

    from guilder.registers.catalogue import operations as catalogue

    over = threading.Event()

    def work() -> None:
        while not over.wait(EVERY):
            data = {"name": f"Item {uuid4().hex}"}
            catalogue.create_item(by=found.actor, data=data, at=found.at)
        connections["default"].close()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    yield
    over.set()
    worker.join()


def told(opened: Opened) -> None:
    """Every stream must have heard: what is not told costs nothing."""
    wait(lambda: len(opened.heard) >= STREAMS, "told")


def wait(true: object, what: str) -> None:
    """Until something is so, for two minutes at most."""
    end = time.monotonic() + 120
    while not true():  # type: ignore[operator]
        if time.monotonic() > end:
            raise RuntimeError(f"not all streams were {what}")
        time.sleep(0.05)


def memory(port: int) -> float:
    """KiB that the web processes hold to themselves (PSS)."""
    return sum(pss(pid) for pid in family(port))


def family(port: int) -> set[int]:
    """The server on a port, and its children."""
    parents, found = {}, set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            parents[int(entry.name)] = int(
                (entry / "stat").read_text().rpartition(")")[2].split()[1]
            )
            if b"web" in words and str(port).encode() in words:
                found.add(int(entry.name))
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def pss(pid: int) -> float:
    """KiB of one process."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
