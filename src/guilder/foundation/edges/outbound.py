"""Calls to the outside, guarded: public addresses only, no redirects, limits on size and time.

The name is resolved once, every address that comes back is judged, and the connection goes to one
of these very addresses, so a name that changes its mind gains nothing. Proxies of the environment
are not used. An operator opens targets on premise by GUILDER_OUTBOUND_ALLOW, a comma-separated list
of addresses or networks ("10.1.2.0/24") and "host:port" pairs.
"""

import http.client
import os
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from guilder.foundation.edges.addresses import is_public
from guilder.foundation.tenancy import spans
from guilder.kernel.errors import Invalid, Unavailable

PORTS = {"http": 80, "https": 443}
MIB = 1 << 20


class BadTarget(Invalid):
    """The address may not be called: its form, its port, or where it leads."""

    code = "outbound.bad_target"


class Unreachable(Unavailable):
    """No answer, a broken one, or one over the limits of size and time."""

    code = "outbound.unreachable"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for connecting and for all of it; bytes of the answer's body."""

    connect: float = 5
    total: float = 10
    size: int = MIB


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `headers` have lower-case names. A redirect is an answer like any other."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Target:
    """A judged URL: where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
) -> Reply:
    """Call `url` once. Raises BadTarget before anything is sent, Unreachable otherwise.

    Never call it inside a database transaction.
    """
    target = judge(url)
    deadline = time.monotonic() + limits.total
    with spans.span(
        method, "client", http__request__method=method,
        server__address=target.host, server__port=target.port,
    ) as tell:  # fmt: skip
        try:
            reply = converse(
                target, method, body=body, headers=headers, limits=limits, end=deadline
            )
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(
                f"{target.host} gave no usable answer: {error or 'timed out'}."
            ) from error
        tell(http__response__status_code=reply.status)
        return reply


def judge(url: str) -> Target:
    """Take `url` apart, resolve its name once and judge every address. Raises BadTarget."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadTarget("Enter a complete address, such as https://example.org/path.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadTarget("Enter an address that begins with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise BadTarget("Leave user and password out of the address.")
    if any(ord(character) < 33 or ord(character) == 127 for character in url):
        raise BadTarget("The address holds a space or a control character; remove it.")
    host = parts.hostname
    port = port or PORTS[parts.scheme]
    allowed = allowances()
    if port not in PORTS.values() and (host, port) not in allowed.pairs:
        raise BadTarget(f"Port {port} is closed to outgoing calls; use 80 or 443.")
    addresses = resolve(host, port)
    if (host, port) not in allowed.pairs:
        refuse_private(host, addresses, allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, addresses)


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Every address of `host`, asked for once. Raises Unreachable when there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host} is not known.") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def refuse_private(host: str, addresses: tuple[str, ...], allowed: "Allowances") -> None:
    """Raise BadTarget if any of the addresses is neither public nor allowed by the operator."""
    for address in addresses:
        if not is_public(address) and not allowed.covers(address):
            raise BadTarget(f"{host} leads to an address that is not public; it may not be called.")


@dataclass(frozen=True, slots=True)
class Allowances:
    """What the operator opened."""

    pairs: frozenset[tuple[str, int]]
    networks: tuple[Any, ...]

    def covers(self, address: str) -> bool:
        """Whether `address` lies in an opened network."""
        parsed = ip_address(address.split("%", 1)[0])
        return any(parsed in network for network in self.networks)


def allowances() -> Allowances:
    """GUILDER_OUTBOUND_ALLOW, read now. Raises ValueError when it cannot be read."""
    pairs, networks = set(), []
    for part in os.environ.get("GUILDER_OUTBOUND_ALLOW", "").split(","):
        word = part.strip().lower()
        host, _, port = word.rpartition(":")
        if host and port.isdecimal() and "/" not in word and not host.startswith(":"):
            pairs.add((host.strip("[]"), int(port)))
        elif word:
            networks.append(ip_network(word, strict=False))
    return Allowances(frozenset(pairs), tuple(networks))


def converse(
    target: Target,
    method: str,
    *,
    body: bytes,
    headers: Mapping[str, str] | None,
    limits: Limits,
    end: float,
) -> Reply:
    """Connect to one of the judged addresses and speak HTTP/1.1 with it."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = connect(target, limits=limits, end=end)
    try:
        sent = {"User-Agent": "guilder", "Connection": "close", **(headers or {})}
        connection.request(method, target.path, body=body or None, headers=sent)
        connection.sock.settimeout(left(end))
        answer = connection.getresponse()
        received = read_body(answer, connection.sock, limits=limits, end=end)
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, named, received)
    finally:
        connection.close()


def connect(target: Target, *, limits: Limits, end: float) -> socket.socket:
    """A socket to the first judged address that answers; TLS checks the name, not the address."""
    problem: OSError = TimeoutError("no address answered")
    for address in target.addresses:
        try:
            plain = socket.create_connection(
                (address, target.port), timeout=min(limits.connect, left(end))
            )
        except OSError as error:
            problem = error
            continue
        if target.scheme == "http":
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    raise problem


def read_body(
    answer: http.client.HTTPResponse, sock: socket.socket | None, *, limits: Limits, end: float
) -> bytes:
    """The body, refused as soon as it is larger or slower than allowed."""
    received = bytearray()
    while True:
        remaining = left(end)
        if sock is not None and sock.fileno() >= 0:
            sock.settimeout(remaining)
        chunk = answer.read1(65536)
        if not chunk:
            return bytes(received)
        received += chunk
        if len(received) > limits.size:
            raise http.client.HTTPException(f"more than {limits.size} bytes")


def left(end: float) -> float:
    """Seconds until `end`; raises TimeoutError when there are none."""
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("it took too long")
    return seconds
