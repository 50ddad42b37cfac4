"""The other ends: a folder, an SFTP server, an HTTP server, another access point."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from guilder.papers.exchange.transports import signing
from guilder.papers.exchange.transports.as4 import As4
from guilder.papers.exchange.transports.base import Called, Parcel, Place
from tests.papers.exchange.transports.sftp_server import PASSWORD, USER, Running

SECRET = signing.new_secret()
OURS, THEIRS = "0088:4035811991014", "0088:4035811991021"


@dataclass
class FolderSide:
    """A folder of this machine."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=lambda: {"after": "move"})
    address: str = ""

    def got(self) -> list[bytes]:
        return [one.read_bytes() for one in sorted((self.folder / "out").glob("*.xml"))]

    def put(self, name: str, data: bytes) -> None:
        inside = self.folder / "in"
        inside.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(data)
        long_ago = datetime(2026, 11, 21, 11, tzinfo=UTC).timestamp()
        os.utime(inside / name, (long_ago, long_ago))

    def call(self, data: bytes, *, at: datetime) -> Called:
        raise AssertionError

    def stop(self) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "out").write_text("no folder any more")


@dataclass
class SftpSide:
    """A server with one user."""

    running: Running
    stopper: Any
    address: str = ""

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.running.port,
            "user": USER,
            "password": PASSWORD,
            "host_key": self.running.public_key,
            "folder_out": "out",
            "folder_in": "in",
            "after": "move",
        }

    def got(self) -> list[bytes]:
        return [one.read_bytes() for one in sorted((self.running.folder / "out").glob("*.xml"))]

    def put(self, name: str, data: bytes) -> None:
        inside = self.running.folder / "in"
        inside.mkdir(exist_ok=True)
        (inside / name).write_bytes(data)

    def call(self, data: bytes, *, at: datetime) -> Called:
        raise AssertionError

    def stop(self) -> None:
        self.stopper()


@dataclass
class HttpSide:
    """A server that keeps what is posted, and answers as it is told."""

    address: str = ""
    status: int = 202
    body: bytes = b'{"id": "theirs-1"}'
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    stopper: Any = None
    port: int = 0

    @property
    def settings(self) -> dict[str, Any]:
        return {"url": f"http://127.0.0.1:{self.port}/in/", "secret": SECRET}

    def got(self) -> list[bytes]:
        return list({head["webhook-id"]: body for head, body in self.calls}.values())

    def put(self, name: str, data: bytes) -> None:
        raise AssertionError

    def call(self, data: bytes, *, at: datetime) -> Called:
        head = signing.signed_headers(SECRET, number="msg_1", at=at, body=data)
        return Called(headers={**head, "content-type": "application/xml"}, body=data)

    def stop(self) -> None:
        self.stopper()


@contextmanager
def http_server(side: Any, answer: Any) -> Iterator[Any]:
    """Runs `answer(headers, body) → (status, body)` on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            head = {name.lower(): value for name, value in self.headers.items()}
            status, body = answer(head, self.rfile.read(size))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_HEAD = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    side.port = server.server_address[1]
    # The fixture that opened the loopback sets this back.
    os.environ["GUILDER_OUTBOUND_ALLOW"] += f", 127.0.0.1:{side.port}"

    def stop() -> None:
        server.shutdown()
        server.server_close()

    side.stopper = stop
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield side
    stop()


@dataclass(frozen=True)
class Point:
    """An access point with a certificate of its own."""

    name: str
    certificate: str
    key: str


def access_point(name: str) -> Point:
    """A self-made one."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return Point(name, made.public_bytes(pem).decode(), key.private_bytes(pem, *plain).decode())


def as4_settings(own: Point, other: Point, *, participant: str, peers: str = "") -> dict[str, Any]:
    """How one of two access points knows the other."""
    return {
        "participant": participant,
        "certificate": own.certificate,
        "private_key": own.key,
        "trust": "pinned",
        "certificates": other.certificate,
        "peers": peers,
        "smp": "",
    }


@dataclass
class As4Side:
    """Another access point."""

    ours: Point
    theirs: Point
    address: str = THEIRS
    port: int = 0
    stopper: Any = None
    arrivals: list[Any] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, Any]:
        peers = f"{THEIRS} http://127.0.0.1:{self.port}/as4 {self.theirs.name}"
        return as4_settings(self.ours, self.theirs, participant=OURS, peers=peers)

    def far_place(self, at: datetime) -> Place:
        peers = f"{OURS} http://127.0.0.1:1/ {self.ours.name}"
        settings = as4_settings(self.theirs, self.ours, participant=THEIRS, peers=peers)
        return Place(settings=settings, folder=Path("/nowhere"), at=at)

    def answer(self, head: dict[str, str], body: bytes) -> tuple[int, bytes]:
        taken = As4().take(Called(headers=head, body=body), self.far_place(datetime.now(UTC)))
        if taken.arrival is not None:
            self.arrivals.append(taken.arrival)
        return taken.answer.status, taken.answer.body

    def got(self) -> list[bytes]:
        return [one.data for one in self.arrivals]

    def put(self, name: str, data: bytes) -> None:
        raise AssertionError

    def call(self, data: bytes, *, at: datetime) -> Called:
        """What the other side would post to us."""
        caught: list[Called] = []

        def catch(head: dict[str, str], body: bytes) -> tuple[int, bytes]:
            caught.append(Called(headers=head, body=body))
            return 500, b""

        listener = As4Side(self.ours, self.theirs)
        with http_server(listener, catch):
            peers = f"{OURS} http://127.0.0.1:{listener.port}/ {self.ours.name}"
            settings = as4_settings(self.theirs, self.ours, participant=THEIRS, peers=peers)
            parcel = Parcel(
                number="0192-the-same", filename="a.xml", media_type="application/xml", data=data,
                address=OURS, country="DE",
            )  # fmt: skip
            try:
                As4().send(parcel, Place(settings=settings, folder=Path("/nowhere"), at=at))
            except Exception as error:
                del error  # nobody signed a receipt
        return caught[0]

    def stop(self) -> None:
        self.stopper()
