"""A form that is sent twice has one effect, with and without script."""

import re
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import operations as invoicing
from guilder.faces.web import once
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.edges import idempotency
from guilder.foundation.tenancy.transaction import transaction
from guilder.registers.catalogue.models import Item
from tests import make
from tests.make import NOW, World

ITEM = {
    "name": "Day", "kind": "service", "unit": "DAY", "unit_price": "80.00", "currency": "EUR",
    "tax": "standard",
}  # fmt: skip
MARK = re.compile(r'name="once" value="([0-9a-f]{32})"')


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    return browsing("alice")


def acts(world: World) -> int:
    """How much was written down."""
    with transaction(world.organization):
        return AuditEntry.objects.of(world.organization).count()


def made(world: World, organization: Any = None) -> int:
    """How many items there are."""
    of = organization or world.organization
    with transaction(of):
        return Item.objects.of(of).count()


def forms_of(world: World) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Name → (page with the form, where it is sent, what is typed)."""
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    wanted = {"client": str(client.id), "currency": "EUR", "lines": [make.line()]}
    quote = invoicing.create_quote(by=world.alice, data=wanted, at=NOW)
    one = [invoice.id]
    team, roles = reverse("web:settings_team"), reverse("web:settings_roles")
    guests = f"{reverse('web:client', args=[client.id])}?tab=portal"
    role = {"name": f"Reader {uuid4().hex[:6]}", "based_on": "viewer"}
    return {
        "item": (reverse("web:item_new"), reverse("web:item_new"), ITEM),
        "invitation": (team, team, {"email": f"{uuid4().hex}@x.example", "role": "viewer"}),
        "role": (roles, roles, role),
        "guest": (
            guests,
            reverse("web:guest_invite", args=[client.id]),
            {"email": f"{uuid4().hex}@own.example", "name": "Kim"},
        ),
        "duplicate": (
            reverse("web:invoice", args=one),
            reverse("web:invoice_duplicate", args=one),
            {},
        ),
        "quote": (
            reverse("web:quote", args=[quote.id]),
            reverse("web:quote_duplicate", args=[quote.id]),
            {},
        ),
        "correction": (
            reverse("web:invoice", args=one),
            reverse("web:invoice_correct", args=one),
            {},
        ),
    }


NAMES = ("item", "invitation", "role", "guest", "duplicate", "quote", "correction")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_form_twice_has_one_effect(name: str, world: World, alice: Client) -> None:
    shown, sent_to, typed = forms_of(world)[name]
    mark = MARK.search(alice.get(shown).content.decode())
    assert mark is not None, "the form carries no mark"
    said = {**typed, "once": mark[1]}

    first = alice.post(sent_to, said)
    before = acts(world)
    second = alice.post(sent_to, said)

    assert first.status_code == second.status_code == 302
    assert second.headers["Location"] == first.headers["Location"]
    assert acts(world) == before


def test_what_is_typed_anew_is_another_wish(world: World, alice: Client) -> None:
    page, typed = reverse("web:item_new"), {**ITEM, "once": "a" * 32}

    for said in (typed, {**typed, "name": "Night"}, {**typed, "once": "b" * 32}, typed):
        alice.post(page, said)

    assert made(world) == 3  # the last one is the first once more


def test_a_form_with_faults_may_be_sent_again(world: World, alice: Client) -> None:
    page = reverse("web:item_new")
    typed = {**ITEM, "name": "", "once": "c" * 32}

    refused = [alice.post(page, typed).status_code for _ in range(2)]
    mended = alice.post(page, {**typed, "name": "Day"})

    assert refused == [422, 422]
    assert mended.status_code == 302


def test_marks_of_others_are_their_own(world: World, browsing: Callable[[str], Client]) -> None:
    page, typed = reverse("web:item_new"), {**ITEM, "once": "d" * 32}

    for name in ("alice", "mallory"):
        browsing(name).post(page, typed)

    assert (made(world), made(world, world.other)) == (1, 1)


def test_a_second_click_waits_for_the_first(world: World) -> None:
    of, said = world.organization, b"x" * 32
    claim = once.claimed(of, "web-form-e", route="/items/new/", said=said)
    assert isinstance(claim, idempotency.Claim)
    found: list[Any] = []

    def click() -> None:
        from django.db import connections

        found.append(once.claimed(of, "web-form-e", route="/items/new/", said=said))
        connections.close_all()

    second = threading.Thread(target=click)
    second.start()
    with transaction(of):
        idempotency.finish(claim, status=302, body=b"", headers={"Location": "/items/"})
    second.join(timeout=10)

    assert found[0].headers == {"Location": "/items/"}


SECRETS = {
    "key": ("web:developer_keys", "web:key_new", {"name": "Shop", "role": "viewer", "life": "90"}),
    "webhook": ("web:webhook_new", "web:webhook_new", {"url": "https://hears.example/x"}),
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_shown_once_is_made_once(name: str, world: World, alice: Client) -> None:
    shown, sent_to, typed = SECRETS[name]
    mark = MARK.search(alice.get(reverse(shown)).content.decode())
    assert mark is not None, "the form carries no mark"
    said = {**typed, "once": mark[1]}

    first = alice.post(reverse(sent_to), said)
    before = acts(world)
    second = alice.post(reverse(sent_to), said)

    secret = re.search(r"(gld_live_|whsec_)[\w+/=-]{20,}", first.content.decode())
    assert secret is not None
    assert secret[0] in second.content.decode()
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert acts(world) == before


def test_a_form_that_was_put_off_for_a_proof_works_after_it(world: World, alice: Client) -> None:
    said = {**SECRETS["key"][2], "once": "f" * 32}
    session = alice.session
    proved = session["proved_at"]
    session["proved_at"] = 0
    session.save()
    put_off = alice.post(reverse("web:key_new"), said)
    session["proved_at"] = proved
    session.save()

    answer = alice.post(reverse("web:key_new"), said)

    assert put_off.headers["Location"].startswith("/confirm/")
    assert "gld_live_" in answer.content.decode()


@pytest.mark.parametrize("mark", ["", "é", "x" * 61, "a-b"])
def test_what_is_no_mark_is_none(mark: str, world: World, alice: Client) -> None:
    for _ in range(2):
        alice.post(reverse("web:item_new"), {**ITEM, "once": mark})

    assert made(world) == 2
