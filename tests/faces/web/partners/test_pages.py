"""Client pages over HTTP: they work, they keep strangers out, they lose nothing."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries
from guilder.registers.parties.schemas import PartnerOut, partner_out
from tests import make
from tests.make import World

FORM = {
    "kind": "company",
    "name": "Nordhavn Klinik ApS",
    "email": "faktura@nordhavn.example",
    "contact": "Mette Holm",
    "line1": "Sundkaj 125",
    "postal_code": "2150",
    "city": "København",
    "country": "DK",
    "vat_id": "DK 13585628",
    "currency": "EUR",
    "language": "en",
    "net_days": "14",
}


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    """An admin's browser."""
    return browsing("alice")


@pytest.fixture
def bob(browsing: Callable[[str], Client]) -> Client:
    """An agent's browser: may look at clients, not change them."""
    return browsing("bob")


@pytest.fixture
def mallory(browsing: Callable[[str], Client]) -> Client:
    """The browser of another organization's admin."""
    return browsing("mallory")


def read(by: Actor, partner_id: Any) -> PartnerOut:
    """A client as it is stored."""
    with transaction(by.organization_id):
        partner = queries.get_partner(by.organization_id, partner_id, side="customer")
        return partner_out(partner, side="customer")


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back of an editor that nobody touched."""
    found = dict(
        re.findall(r'<input type="(?:text|email|hidden)" name="(\w+)" value="([^"]*)"', page)
    )
    for name in re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', page):
        found[name] = "on"
    for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in found.items()}


def test_a_client_is_entered_and_shown(world: World, alice: Client) -> None:
    answer = alice.post(reverse("web:client_new"), FORM)

    assert answer.status_code == 302
    page = alice.get(answer["Location"] + "?tab=agreement")
    shown = page.content.decode()
    assert page.status_code == 200
    assert "Nordhavn Klinik ApS" in shown
    assert "DK13585628" in shown
    assert "14 days net" in shown
    stored = read(world.alice, answer["Location"].strip("/").split("/")[-1])
    assert stored.terms == {"due": {"days": 14}}
    assert stored.contacts[0].name == "Mette Holm"


def test_every_fault_stands_beside_its_field(world: World, alice: Client) -> None:
    wrong = {**FORM, "email": "nobody", "vat_id": "DK1", "net_days": "many"}

    answer = alice.post(reverse("web:client_new"), wrong)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email", "vat_id", "net_days"}
    assert b"Nordhavn Klinik ApS" in answer.content


def test_saving_an_untouched_editor_loses_nothing(world: World, alice: Client) -> None:
    partner = make.client(
        world.alice,
        contacts=[
            {"name": "Ada", "email": "ada@example.test", "is_primary": True},
            {"name": "Ben", "role": "Accounts"},
        ],
        tax_ids=[
            {"scheme": "vat", "value": "DE136695976"},
            {"scheme": "gln", "value": "4012345000009"},
        ],
        terms={
            "due": {"days": 30, "end_of_month": True},
            "discounts": [{"days": 7, "percent": "2"}],
        },
        bank_accounts=[{"iban": "DE89370400440532013000"}],
    )
    before = read(world.alice, partner.id)
    address = reverse("web:client_edit", args=[partner.id])

    answer = alice.post(address, fields_of(alice.get(address).content.decode()))

    after = read(world.alice, partner.id)
    assert answer.status_code == 302
    assert after.contacts == before.contacts
    assert after.tax_ids == before.tax_ids
    assert after.terms == before.terms
    assert after.bank_accounts == before.bank_accounts
    assert after.address == before.address


def test_another_vat_id_and_other_days_leave_the_rest(world: World, alice: Client) -> None:
    partner = make.client(
        world.alice,
        tax_ids=[
            {"scheme": "vat", "value": "DE136695976"},
            {"scheme": "gln", "value": "4012345000009"},
        ],
        terms={"due": {"days": 30}, "discounts": [{"days": 7, "percent": "2"}]},
    )
    address = reverse("web:client_edit", args=[partner.id])
    typed = fields_of(alice.get(address).content.decode()) | {"vat_id": "", "net_days": "10"}

    assert alice.post(address, typed).status_code == 302

    after = read(world.alice, partner.id)
    assert [one.scheme for one in after.tax_ids] == ["gln"]
    assert after.terms == {"due": {"days": 10}, "discounts": [{"days": 7, "percent": "2"}]}


def test_a_lost_race_is_told_and_changes_nothing(world: World, alice: Client) -> None:
    partner = make.client(world.alice, name="First GmbH")
    address = reverse("web:client_edit", args=[partner.id])
    typed = fields_of(alice.get(address).content.decode())
    parties.update_partner(
        partner.id, by=world.alice, side="customer", data={"name": "Second GmbH"}, at=make.NOW
    )

    answer = alice.post(address, typed | {"name": "Third GmbH"})

    assert answer.status_code == 422
    assert b"changed in the meantime" in answer.content
    assert read(world.alice, partner.id).name == "Second GmbH"


def test_the_list_says_what_is_owed(world: World, alice: Client) -> None:
    invoice = make.issued_invoice(world.alice)
    idle = make.client(world.alice, name="Idle GmbH")

    everybody = alice.get(reverse("web:clients"))
    owing = alice.get(reverse("web:clients"), {"view": "owing"})

    assert b"Idle GmbH" in everybody.content
    assert [row.id for row in owing.context["rows"]] == [invoice.partner_id]
    assert [str(one) for one in owing.context["rows"][0].known["open"].many] == ["119.00"]
    assert idle.id not in {row.id for row in owing.context["rows"]}


def test_the_list_pages_forth_and_back_by_name(
    world: World, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guilder.faces.web.lists.paging.PAGE", 2)
    for name in ("Cäsar", "anna", "Berta", "Dora", "emil"):
        make.client(world.alice, name=name)

    def names(address: str) -> tuple[list[str], Any]:
        context = alice.get(address).context
        return [row.name for row in context["rows"]], context["pager"]

    first, pager = names(reverse("web:clients"))
    second, after = names(pager.older)
    third, last = names(after.older)
    back, _ = names(last.newer)

    assert (first, second, third) == (["anna", "Berta"], ["Cäsar", "Dora"], ["emil"])
    assert back == second
    assert last.older == ""


def test_the_list_is_narrowed_and_answers_htmx_with_its_part(world: World, alice: Client) -> None:
    make.client(world.alice, name="Nordhavn")
    make.client(world.alice, name="Südwind")

    answer = alice.get(reverse("web:clients"), {"q": "nord"}, headers={"HX-Request": "true"})

    assert "Südwind" not in answer.content.decode()
    assert b"Nordhavn" in answer.content
    assert b"<html" not in answer.content


def test_an_archived_client_leaves_the_list_and_comes_back(world: World, alice: Client) -> None:
    partner = make.client(world.alice, name="Gone GmbH")
    address = reverse("web:client_archive", args=[partner.id])

    alice.post(address, {"archived": "1"})
    active = alice.get(reverse("web:clients")).context["rows"]
    archived = alice.get(reverse("web:clients"), {"view": "archived"}).context["rows"]
    alice.post(address, {"archived": ""})

    assert [row.name for row in active] == []
    assert [row.name for row in archived] == ["Gone GmbH"]
    assert not read(world.alice, partner.id).is_archived


def test_suggestions_put_beginnings_first_and_offer_a_new_client(
    world: World, alice: Client
) -> None:
    make.client(world.alice, name="Alt Nord")
    make.client(world.alice, name="Nordhavn")

    answer = alice.get(reverse("web:client_suggestions"), {"q": "nord"})
    known = alice.get(reverse("web:client_suggestions"), {"q": "nord", "known": "1"})

    assert [one["name"] for one in answer.context["clients"]] == ["Nordhavn", "Alt Nord"]
    assert json.loads(answer.context["new_fill"]) == {"client": "", "client_name": "nord"}
    assert known.context["new_name"] == ""


def test_strangers_find_nothing(world: World, mallory: Client) -> None:
    partner = make.client(world.alice, name="Secret GmbH")

    for name in ("client", "client_edit"):
        assert mallory.get(reverse(f"web:{name}", args=[partner.id])).status_code == 404
    archive = reverse("web:client_archive", args=[partner.id])
    assert mallory.post(archive, {"archived": "1"}).status_code == 404
    assert b"Secret" not in mallory.get(reverse("web:clients")).content
    suggested = mallory.get(reverse("web:client_suggestions"), {"q": "Secret", "known": "1"})
    assert suggested.context["clients"] == []
    assert not read(world.alice, partner.id).is_archived


def test_who_may_only_look_cannot_change(world: World, bob: Client) -> None:
    partner = make.client(world.alice)

    page = bob.get(reverse("web:client", args=[partner.id]))

    assert page.status_code == 200
    assert reverse("web:client_edit", args=[partner.id]).encode() not in page.content
    assert bob.get(reverse("web:client_edit", args=[partner.id])).status_code == 403
    assert bob.post(reverse("web:client_new"), FORM).status_code == 403
    archive = reverse("web:client_archive", args=[partner.id])
    assert bob.post(archive, {"archived": "1"}).status_code == 403


def test_signed_out_everything_asks_to_sign_in(world: World) -> None:
    partner = make.client(world.alice)
    nobody = Client()

    for address in (
        reverse("web:clients"),
        reverse("web:client_new"),
        reverse("web:client", args=[partner.id]),
        reverse("web:client_suggestions"),
    ):
        answer = nobody.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("web:sign_in"))


def test_the_agreement_shows_the_clients_mandates(alice, world):
    from tests.books.sepa import making

    client = make.client(world.alice)
    where = f"/clients/{client.id}/?tab=agreement"
    assert f"/mandates/new/?client={client.id}" in alice.get(where).content.decode()
    mandates = [making.mandate(world.alice, client) for _ in range(4)]

    page = alice.get(where).content.decode()

    shown = [one for one in mandates if f'href="/mandates/{one.id}/"' in page]
    assert shown == mandates[1:]
    assert f"/mandates/?client={client.id}" in page
