"""Whom to believe about the client: only the proxies that GUILDER_TRUSTED_PROXIES names."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


class TrustedProxies:
    """Puts the true address and scheme into the request; strangers' claims are removed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        given = request.META
        claims = {name: given.pop(name) for name in FORWARDED if name in given}
        if claims and is_trusted(given.get("REMOTE_ADDR", ""), self.trusted):
            hops = claims.get("HTTP_X_FORWARDED_FOR", "")
            given["REMOTE_ADDR"] = client(hops, self.trusted) or given["REMOTE_ADDR"]
            if claims.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
                given["wsgi.url_scheme"] = claims["HTTP_X_FORWARDED_PROTO"]
        return self.get_response(request)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks such as 10.0.0.0/8; raises ValueError for anything else."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())


def client(hops: str, trusted: Iterable[Network]) -> str:
    """The last address in X-Forwarded-For that is not a trusted proxy; empty when malformed.

    Read from the right: what stands further left was written by whoever sent the request.
    """
    for hop in reversed([part.strip() for part in hops.split(",") if part.strip()]):
        if parse(hop) is None:
            return ""
        if not is_trusted(hop, trusted):
            return hop
    return ""


def is_trusted(address: str, trusted: Iterable[Network]) -> bool:
    """Whether `address` lies in one of the networks."""
    parsed = parse(address)
    return parsed is not None and any(
        parsed.version == network.version and parsed in network for network in trusted
    )


def parse(address: str) -> IPv4Address | IPv6Address | None:
    """An address, IPv4 ones out of their IPv6 clothes; None when it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
