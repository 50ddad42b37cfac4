"""What people say of an endpoint: a name, an address, the types it hears of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from guilder.foundation.edges import outbound
from guilder.foundation.edges.addresses import is_public
from guilder.kernel.wire import Wire
from guilder.office.webhooks import bodies

FIELDS = ("name", "url", "types", "api_version", "is_active")
MOST_TYPES = 100


@dataclass(frozen=True, slots=True)
class EndpointInput:
    """What was sent, judged."""

    name: str
    url: str
    types: list[str]
    api_version: str
    is_active: bool


def read_endpoint(data: Mapping[str, Any]) -> EndpointInput:
    """Judge what was sent; Invalid with every fault."""
    wire = Wire(data)
    wire.known(FIELDS)
    url = wire.text("url", most=2000, required=True)
    if url and (fault := url_fault(url)):
        wire.fault("url", "webhook.bad_url", fault)
    found = EndpointInput(
        name=wire.text("name", most=100) or host_of(url)[:100],
        url=url,
        types=read_types(wire),
        api_version=wire.choice("api_version", bodies.VERSIONS, default=bodies.CURRENT),
        is_active=wire.flag("is_active", default=True),
    )
    wire.done()
    return found


def read_types(wire: Wire) -> list[str]:
    """The chosen types, each once; none or `*` are all."""
    given = wire.data.get("types")
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        wire.fault("types", "not_a_list", "Send a list of event types.")
        return []
    types = sorted({one for one in given if one != "*"})
    unknown = bodies.unknown_types(types)
    if unknown or len(types) > MOST_TYPES:
        detail = f"There is no event type “{unknown[0][:60]}”." if unknown else "Too many types."
        wire.fault("types", "webhook.unknown_type", detail)
    return [] if "*" in given else types


def url_fault(url: str) -> str:
    """What is wrong with an address, "" where nothing is; its name is looked up at each call."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return "Enter a complete address, such as https://example.org/hooks."
    if parts.scheme not in outbound.PORTS or not host:
        return "Enter an address that begins with https://."
    if parts.username is not None or parts.password is not None:
        return "Leave user and password out of the address; every call is signed."
    if not url.isascii() or any(ord(one) < 33 or ord(one) == 127 for one in url):
        return "Write the address in plain letters, without spaces."
    if parts.fragment:
        return "Leave out what follows the #; it is never sent."
    allowed = outbound.allowances()
    port = port or outbound.PORTS[parts.scheme]
    if (host, port) in allowed.pairs or covered(host, allowed):
        return ""
    if parts.scheme != "https":
        return "Enter an address that begins with https://; what is sent is nobody else's business."
    if port not in outbound.PORTS.values():
        return f"Port {port} is closed to outgoing calls; use 443."
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return "This address is not public. For your own machine use `guilder listen`."
    if is_literal(host) and not is_public(host):
        return "This address is not public. For your own machine use `guilder listen`."
    return ""


def covered(host: str, allowed: outbound.Allowances) -> bool:
    """Whether an address in figures lies in a network that the operator opened."""
    return is_literal(host) and allowed.covers(host)


def is_literal(host: str) -> bool:
    """Whether a host is an address in figures."""
    return ":" in host or host.replace(".", "").isdigit()


def host_of(url: str) -> str:
    """The host of an address, for a name."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
