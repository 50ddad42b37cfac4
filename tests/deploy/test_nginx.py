"""The nginx settings that we ship, in front of a small upstream: checked by nginx, then used."""

import gzip
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TEMPLATE = Path(__file__).parents[2] / "deploy/nginx/guilder.conf.template"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
HOST = "invoices.example.com"
PAUSE = 0.4  # seconds between two events of the stream

pytestmark = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed: apt install nginx-light"
)


class Upstream(BaseHTTPRequestHandler):
    """Tells what arrived, and streams three events under /live/."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        if self.path.startswith(("/live/", "/elsewhere/")):
            self.stream()
        else:
            self.tell(0)

    def do_POST(self) -> None:
        self.tell(len(self.rfile.read(int(self.headers.get("Content-Length", 0)))))

    def tell(self, received: int) -> None:
        told = {"headers": dict(self.headers.items()), "received": received, "more": "so " * 500}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in range(3):
            event = f"data: {number}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
            self.wfile.flush()
            time.sleep(PAUSE)
        self.wfile.write(b"0\r\n\r\n")


class Proxy(NamedTuple):
    """Where nginx listens."""

    plain: int
    secure: int

    def ask(self, method: str, path: str, **more: object) -> http.client.HTTPResponse:
        """One request over HTTPS, with the certificate left unchecked."""
        trusting = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.secure, context=trusting, timeout=20
        )
        headers = {"Host": HOST, **more.pop("headers", {})}  # type: ignore[dict-item]
        connection.request(method, path, headers=headers, **more)  # type: ignore[arg-type]
        return connection.getresponse()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def settings(folder: Path, *, upstream: int, proxy: Proxy) -> Path:
    """Our template with its names filled in, inside the least nginx.conf, on free ports."""
    site = TEMPLATE.read_text()
    filled = {"HOST": HOST, "UPSTREAM": f"127.0.0.1:{upstream}", "CERTIFICATES": str(folder)}
    for name, value in filled.items():
        assert f"${{GUILDER_{name}}}" in site
        site = site.replace(f"${{GUILDER_{name}}}", value)
    assert "${" not in site
    site = "\n".join(line for line in site.splitlines() if "listen [::]" not in line)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{proxy.plain};")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{proxy.secure} ssl")
    (folder / "site.conf").write_text(site)
    places = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(
        f"{user}\ndaemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\n"
        f"error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}\ninclude {folder}/site.conf;\n}}\n"
    )
    return whole


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "nginx ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


@pytest.fixture(scope="module")
def upstream() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@contextmanager
def running(folder: Path, *, upstream: int) -> Iterator[Proxy]:
    """nginx with our settings before the port `upstream`, first checked by `nginx -t`."""
    make_certificate(folder)
    at = Proxy(plain=free_port(), secure=free_port())
    whole = settings(folder, upstream=upstream, proxy=at)
    command = [str(NGINX), "-c", str(whole), "-e", str(folder / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    try:
        wait_for(at.secure, process)
        yield at
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def proxy(upstream: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with running(tmp_path_factory.mktemp("nginx"), upstream=upstream) as at:
        yield at


def test_a_page_passes_and_says_who_asked(proxy: Proxy) -> None:
    seen = json.load(proxy.ask("GET", "/"))["headers"]

    assert seen["Host"] == HOST
    assert seen["X-Forwarded-Proto"] == "https"
    assert seen["X-Forwarded-For"] == seen["X-Real-IP"] == "127.0.0.1"


def test_what_the_caller_claims_about_earlier_hops_is_dropped(proxy: Proxy) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=203.0.113.9;host=evil.example",
    }

    seen = json.load(proxy.ask("GET", "/", headers=lies))["headers"]

    assert "203.0.113.9" not in json.dumps(seen)
    assert "evil.example" not in json.dumps(seen)
    assert seen["X-Forwarded-Proto"] == "https"


def test_plain_http_is_sent_to_https(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    connection.request("GET", "/invoices/?page=2", headers={"Host": HOST})
    answer = connection.getresponse()

    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/invoices/?page=2"


def arrivals(proxy: Proxy, path: str) -> list[float]:
    """Seconds after the request at which each event of a stream arrives."""
    begun = time.monotonic()
    answer = proxy.ask("GET", path)
    arrived = []
    while line := answer.readline():
        if line.startswith(b"data:"):
            arrived.append(time.monotonic() - begun)
    return arrived


def test_events_arrive_one_by_one(proxy: Proxy) -> None:
    first, _, third = arrivals(proxy, "/live/events/")

    assert first < PAUSE
    assert third - first > PAUSE


def test_a_stream_at_another_path_is_collected(proxy: Proxy) -> None:
    # The control of the test above: without our location the events come together at the end.
    first, _, third = arrivals(proxy, "/elsewhere/events/")

    assert first > 2 * PAUSE
    assert third - first < PAUSE


def test_an_upload_of_20_mib_passes_and_70_mib_are_refused(proxy: Proxy) -> None:
    passed = proxy.ask("POST", "/api/v1/documents/", body=bytes(20 << 20))
    assert json.load(passed)["received"] == 20 << 20

    # Announced, not sent: nginx answers before it reads the body.
    refused = proxy.ask("POST", "/api/v1/documents/", headers={"Content-Length": str(70 << 20)})
    assert refused.status == 413


def test_data_are_compressed_for_who_can_read_it(proxy: Proxy) -> None:
    packed = proxy.ask("GET", "/", headers={"Accept-Encoding": "gzip"})
    plain = proxy.ask("GET", "/")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.read()))["received"] == 0
    assert plain.headers["Content-Encoding"] is None
