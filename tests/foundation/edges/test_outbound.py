"""Calls go to public addresses only, to the address that was judged, and come back small and soon."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guilder.foundation.edges import outbound
from guilder.foundation.edges.addresses import embedded, is_public

# Python before 3.11.10 calls some of these global or private differently from IANA's registry of
# today; for all the rest the two must agree.
JUDGED_OTHERWISE = (
    "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
    "100.64.0.0/10",
)  # fmt: skip


@given(st.ip_addresses(v=4))
@example(IPv4Address("127.0.0.1"))
@example(IPv4Address("169.254.169.254"))
@example(IPv4Address("100.64.0.1"))
@example(IPv4Address("8.8.8.8"))
def test_ipv4_agrees_with_the_standard_library(address: IPv4Address) -> None:
    from ipaddress import ip_network

    if any(address in ip_network(text) for text in JUDGED_OTHERWISE):
        assert not is_public(address)
    else:
        expected = address.is_global and not address.is_multicast and not address.is_reserved
        assert is_public(address) == expected


@given(st.ip_addresses(v=6))
@example(IPv6Address("::1"))
@example(IPv6Address("fe80::1"))
@example(IPv6Address("fc00::1"))
@example(IPv6Address("2606:4700::1111"))
def test_no_ipv6_is_public_that_the_standard_library_calls_private(address: IPv6Address) -> None:
    if is_public(address) and embedded(address) is None:
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved


@given(st.ip_addresses(v=4))
def test_ipv4_inside_ipv6_is_judged_as_ipv4(inner: IPv4Address) -> None:
    number = int(inner)
    forms = (
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
    )

    assert {is_public(form) for form in forms} == {is_public(inner)}


@pytest.mark.parametrize(
    "address",
    ["", "localhost", "127.1", "0x7f000001", "fe80::1%eth0", "2001:4860::8888%1", "1.2.3.4.5"],
)
def test_what_is_no_plain_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://10.0.0.1:80/",
        "https://8.8.8.8:8443/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "http://user:word@8.8.8.8/",
        "http://8.8.8.8/a b",
        "http://8.8.8.8/\r\nX: y",
        "http://",
        "//8.8.8.8/",
        "http://8.8.8.8:99999/",
    ],
)
def test_such_targets_are_refused_before_anything_is_sent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_socket(*_: Any, **__: Any) -> Any:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "create_connection", no_socket)

    with pytest.raises((outbound.BadTarget, outbound.Unreachable)):
        outbound.request("GET", url)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_, **__: [
            (socket.AF_INET, 1, 6, "", (text, 80)) for text in ("93.184.215.14", "10.0.0.1")
        ],
    )

    with pytest.raises(outbound.BadTarget, match="not public"):
        outbound.request("GET", "http://example.test/")


class Answers(BaseHTTPRequestHandler):
    """A server whose path says how it behaves."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(600):  # a minute
                self.wfile.write(b"x")
                time.sleep(0.1)
            return
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = b"x" * (3 << 20) if self.path == "/large" else self.headers["Host"].encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(body + self.headers["X-Mark"].encode())

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    port = listening.server_address[1]
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", f"127.0.0.1:{port}, named.test:{port}")
    yield port
    listening.shutdown()


def test_an_allowed_target_is_called(server: int) -> None:
    reply = outbound.request(
        "POST", f"http://127.0.0.1:{server}/x", body=b"hello ", headers={"X-Mark": "there"}
    )

    assert (reply.status, reply.body) == (201, b"hello there")


def test_a_redirect_is_handed_back_not_followed(server: int) -> None:
    reply = outbound.request("GET", f"http://127.0.0.1:{server}/redirect")

    assert (reply.status, reply.headers["location"]) == (302, "http://169.254.169.254/")


def test_too_large_an_answer_is_refused(server: int) -> None:
    with pytest.raises(outbound.Unreachable, match="more than"):
        outbound.request("GET", f"http://127.0.0.1:{server}/large")


def test_a_dripping_answer_is_refused_in_time(server: int) -> None:
    began = time.monotonic()

    with pytest.raises(outbound.Unreachable):
        outbound.request(
            "GET", f"http://127.0.0.1:{server}/slow", limits=outbound.Limits(total=0.5)
        )

    assert time.monotonic() - began < 30  # half a second was allowed, a minute it would take


def test_the_name_is_resolved_once(server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def resolver(host: str, port: int, *_: Any, **__: Any) -> Any:
        try:
            ip_address(host)
        except ValueError:
            asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    reply = outbound.request("GET", f"http://named.test:{server}/")

    assert reply.body == f"named.test:{server}".encode()
    assert asked == ["named.test"]


def test_proxies_of_the_environment_are_not_used(
    server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")

    assert outbound.request("GET", f"http://127.0.0.1:{server}/").status == 200


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A key and a certificate that signs itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize(("host", "trusted", "works"), [
    ("named.test", True, True), ("named.test", False, False), ("other.test", True, False),
])  # fmt: skip
def test_tls_checks_the_name_of_the_address(
    host: str, trusted: bool, works: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    cert, key = certificate(tmp_path, "named.test")
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    port = listening.server_address[1]
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", f"{host}:{port}")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda name, *rest, **more: real("127.0.0.1", *rest, **more)
    )

    try:
        if works:
            assert outbound.request("GET", f"https://{host}:{port}/").status == 200
        else:
            with pytest.raises(outbound.Unreachable):
                outbound.request("GET", f"https://{host}:{port}/")
    finally:
        listening.shutdown()


def test_networks_may_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "10.1.0.0/16, 2001:db8::/32,[::1]:8080")

    allowed = outbound.allowances()

    assert allowed.covers("10.1.2.3")
    assert allowed.covers("2001:db8::1")
    assert not allowed.covers("10.2.0.1")
    assert ("::1", 8080) in allowed.pairs
    assert outbound.judge("http://10.1.2.3/").addresses == ("10.1.2.3",)
    with pytest.raises(outbound.BadTarget):
        outbound.judge("http://10.2.0.1/")


def test_nobody_at_home_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", f"127.0.0.1:{port}")

    with pytest.raises(outbound.Unreachable):
        outbound.request("GET", f"http://127.0.0.1:{port}/")
