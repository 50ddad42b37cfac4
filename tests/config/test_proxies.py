"""Whom we believe about the client's address."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from guilder.config import proxies

TRUSTED = proxies.networks(["10.0.0.0/8", "127.0.0.1", "::1"])


@pytest.mark.parametrize(
    ("hops", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),  # the left one is the client's own claim
        ("203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("2001:db8::1, 10.1.2.3", "2001:db8::1"),
        ("10.1.2.3", ""),
        ("203.0.113.9, rubbish", ""),
        ("", ""),
    ],
)
def test_the_last_address_that_is_no_proxy_is_the_clients(hops: str, client: str) -> None:
    assert proxies.client(hops, TRUSTED) == client


def test_an_ipv4_address_in_ipv6_clothes_is_recognised() -> None:
    assert proxies.is_trusted("::ffff:10.0.0.1", TRUSTED)
    assert not proxies.is_trusted("::ffff:11.0.0.1", TRUSTED)
    assert not proxies.is_trusted("", TRUSTED)


@pytest.mark.parametrize(
    ("peer", "address", "scheme"),
    [("10.0.0.1", "203.0.113.9", "https"), ("198.51.100.1", "198.51.100.1", "http")],
)
def test_only_a_trusted_proxy_is_believed(peer: str, address: str, scheme: str) -> None:
    seen = {}

    def view(request: object) -> HttpResponse:
        seen.update(request.META, scheme=request.scheme)  # type: ignore[attr-defined]
        return HttpResponse()

    with override_settings(TRUSTED_PROXIES=["10.0.0.0/8"]):
        handler = proxies.TrustedProxies(view)
    request = RequestFactory().get(
        "/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https"
    )
    handler(request)

    assert (seen["REMOTE_ADDR"], seen["scheme"]) == (address, scheme)
    assert "HTTP_X_FORWARDED_FOR" not in seen
