"""Secrets that are guessed: empty, in another case, of another kind, of others, again and again."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.identity import queries as identity
from tests import make
from tests.faces.rest.speaking import Speaker
from tests.make import NOW, World

EMPTY = [
    "",
    " ",
    "null",
    "None",
    "undefined",
    "0",
    "%00",
    "%20",
    "*",
    "%",
    "..",
    "[]",
    "{}",
    "true",
]


def secret_of(world: World, kind: str) -> tuple[str, UUID]:
    """The secret of a link to an invoice or quote, and the id of the thing."""
    client = make.client(world.alice)
    if kind == "pay":
        invoice = make.issued_invoice(world.alice, client=str(client.id))
        address = invoicing.pay_link(invoice.id, by=world.alice)
        return str(address).rstrip("/").rpartition("/")[2], invoice.id
    wanted = {"client": str(client.id), "currency": "EUR", "lines": [make.line()]}
    quote = invoicing.create_quote(by=world.alice, data=wanted, at=NOW)
    invoicing.send_quote(quote.id, by=world.alice, at=NOW, on=make.TODAY)
    return (
        str(invoicing.quote_link(quote.id, by=world.alice)).rstrip("/").rpartition("/")[2],
        quote.id,
    )


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many wrong secrets in a row are not refused for their number."""
    wide = dict.fromkeys(settings.THROTTLES, "off")
    monkeypatch.setattr(settings, "THROTTLES", wide)


@pytest.mark.parametrize("kind", ["pay", "quote"])
def test_only_the_very_secret_opens_a_link(kind: str, world: World, roomy: None):
    """Row B2: empty, shortened, lengthened and other-case secrets open nothing."""
    secret, _ = secret_of(world, kind)
    near = {
        secret.swapcase(), secret.lower(), secret.upper(), secret[:-1], secret + "A", secret + "=",
        secret[1:], f"{secret}%00", f"{secret} ", secret.encode().hex(),
    }  # fmt: skip

    for guess in [*near - {secret}, *EMPTY]:
        answer = Client(SERVER_NAME="localhost").get(f"/{kind}/{guess}/")
        assert answer.status_code in {301, 404}, guess
        assert not answer.cookies, guess
    opened = Client(SERVER_NAME="localhost").get(f"/{kind}/{secret}/")
    assert opened.status_code == 302
    assert opened.cookies


def test_a_secret_opens_its_own_kind_and_thing(world: World, roomy: None):
    """Row A3: each secret at each kind of address; the diagonal alone opens."""
    secrets = {kind: secret_of(world, kind) for kind in ("pay", "quote")}

    for kind in secrets:
        for of, (secret, _) in secrets.items():
            answer = Client(SERVER_NAME="localhost").get(f"/{kind}/{secret}/")
            assert (answer.status_code == 302) == (kind == of), (kind, of)
    browser = Client(SERVER_NAME="localhost")
    page = browser.get(f"/pay/{secrets['pay'][0]}/").headers["Location"]
    assert browser.get(page).status_code == 200
    for foreign in (
        f"/quote/{page.split('/')[2]}/",
        f"/pay/{uuid4()}/",
        f"/pay/{secrets['pay'][1]}/",
    ):
        assert browser.get(foreign).status_code == 404, foreign


@pytest.mark.parametrize("given", ["", " ", None, [], {}, 0, True, "null", "A" * 500, "\x00"])
def test_an_empty_refresh_token_is_nobodys(given: Any, stranger: Speaker, roomy: None):
    """Row B2: nothing, of whatever type, signs nobody in."""
    answer = stranger("POST", "auth/refresh/", {"refresh": given})

    assert answer.status in {400, 401, 422}
    assert "access" not in answer.body


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer null", "Bearer undefined", "Bearer gld_live_", "Token ",
     "Basic YWRtaW46YWRtaW4=", "Bearer gld_live_" + "A" * 43, "bearer\x00", "Bearer é"],
)  # fmt: skip
def test_an_empty_credential_is_nobodys(header: str, stranger: Speaker, roomy: None):
    """Row B2: no spelling of nothing is a key."""
    answer = stranger("GET", "users/me/", Authorization=header)

    assert answer.status == 401


def test_a_key_in_another_case_or_shortened_is_none(alice: Speaker, roomy: None):
    """Row B2: keys are compared whole and as they are."""
    key = alice.ok("POST", "keys/", {"name": "Shop", "scopes": ["partner.view"]})["secret"]

    assert Speaker(token=key)("GET", "clients/").status == 200
    for guess in (key.lower(), key.upper(), key[:-1], key + "a", key[:17]):
        assert Speaker(token=guess)("GET", "clients/").status == 401, guess


def test_secrets_are_random_and_rest_as_hashes(world: World, alice: Speaker):
    """Row B1: 256 random bits, no two alike in any part, and no table holds one."""
    from django.db import connections

    first, second = (secret_of(world, "pay")[0] for _ in range(2))
    key = alice.ok("POST", "keys/", {"name": "Shop", "scopes": ["partner.view"]})["secret"]

    assert first[:6] != second[:6]
    assert all(len(secret) >= 43 for secret in (first, second, key))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM identity_accesstoken t")
        tokens = "".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT row_to_json(t)::text FROM identity_apikey t")
        keys = "".join(row[0] for row in cursor.fetchall())
    assert first not in tokens
    assert key not in keys
    assert key[17:] not in keys


def refused_after(ask: Any, most: int) -> bool:
    """Whether one of `most` guesses is refused for their number."""
    return any(ask(n) == 429 for n in range(most))


def test_every_place_where_secrets_can_be_guessed_is_counted(
    world: World, throttled: dict[str, str]
):
    """Row B3: passwords, refresh tokens, keys and links, each soon refused for its number."""
    throttled.update(login="5/minute", account="50/minute", secret="10/minute", anon="10/day")
    throttled.update(portal="off")
    calls = iter(range(100))

    def speaker() -> Speaker:
        return Speaker(client=Client(SERVER_NAME="localhost", REMOTE_ADDR=f"198.51.100.{place}"))

    def login(n: int) -> int:
        told = {"email": world.alice_email, "password": f"guess {n}"}
        return speaker()("POST", "auth/login/", told).status

    def refresh(n: int) -> int:
        return speaker()("POST", "auth/refresh/", {"refresh": f"guess{n}" * 8}).status

    def key(n: int) -> int:
        return Speaker(token=f"gld_live_{n:043}", client=speaker().client)("GET", "clients/").status

    def token(n: int) -> int:
        return Speaker(token=f"eyJ.{n}.x", client=speaker().client)("GET", "clients/").status

    def link(n: int) -> int:
        return speaker().client.get(f"/pay/{n:043}/").status_code

    def page(n: int) -> int:
        told = {"email": world.alice_email, "password": f"guess {n}"}
        return speaker().client.post("/sign-in/", told).status_code

    for guess in (login, refresh, key, token, link, page):
        place = next(calls)
        assert refused_after(guess, 12), guess.__name__


def test_a_guessed_link_is_answered_like_an_old_one(world: World, roomy: None):
    """Row B3: what never was and what was revoked look the same."""
    secret, invoice_id = secret_of(world, "pay")
    invoicing.revoke_links(invoice_id, by=world.alice)

    revoked = Client(SERVER_NAME="localhost").get(f"/pay/{secret}/")
    never = Client(SERVER_NAME="localhost").get(f"/pay/{'x' * len(secret)}/")

    assert revoked.status_code == never.status_code == 404
    assert identity.user_by_email(world.alice_email) is not None
