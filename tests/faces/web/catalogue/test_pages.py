"""Item pages over HTTP: they work, they keep strangers out, prices keep their digits."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.catalogue import operations, queries
from guilder.registers.catalogue.models import Item
from guilder.registers.catalogue.schemas import ItemOut, item_out
from tests import make
from tests.make import World

FORM = {
    "name": "Consulting",
    "kind": "service",
    "unit": "HUR",
    "unit_price": "1.120,50",
    "currency": "EUR",
    "tax": "standard",
}


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    """An admin's browser."""
    return browsing("alice")


@pytest.fixture
def bob(browsing: Callable[[str], Client]) -> Client:
    """An agent's browser: may look at items, not change them."""
    return browsing("bob")


@pytest.fixture
def mallory(browsing: Callable[[str], Client]) -> Client:
    """The browser of another organization's admin."""
    return browsing("mallory")


def item_of(by: Actor, **changes: Any) -> Item:
    """An item with a price."""
    prices = [{"currency": "EUR", "amount": "100"}]
    data = {"name": "Hosting", "unit": "MON", "prices": prices}
    return operations.create_item(by=by, data={**data, **changes}, at=make.NOW)


def read(by: Actor, item_id: Any) -> ItemOut:
    """An item as it is stored."""
    with transaction(by.organization_id):
        return item_out(queries.get_item(by.organization_id, item_id))


def sent(form: Any) -> dict[str, str]:
    """What a browser would send back of an editor that nobody touched."""
    values = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value not in (None, False)}


def test_an_item_is_entered_with_a_price_as_people_type_it(world: World, alice: Client) -> None:
    answer = alice.post(reverse("web:item_new"), FORM)

    (row,) = alice.get(reverse("web:items")).context["rows"]
    stored = read(world.alice, row.id)
    assert answer.status_code == 302
    assert [(one.currency, one.amount) for one in stored.prices] == [("EUR", "1120.5")]
    assert stored.tax == "standard"
    assert row.known["price"].text == "€1,120.50"


def test_every_fault_stands_beside_its_field(world: World, alice: Client) -> None:
    item_of(world.alice, code="1001")

    answer = alice.post(reverse("web:item_new"), FORM | {"unit_price": "dear"})
    taken = alice.post(reverse("web:item_new"), FORM | {"code": "1001"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"unit_price"}
    assert set(taken.context["form"].errors) == {"code"}


def test_saving_an_untouched_editor_keeps_all_prices(world: World, alice: Client) -> None:
    prices = [
        {"currency": "EUR", "amount": "0.0042"},
        {"currency": "EUR", "amount": "0.003", "from_quantity": "1000"},
        {"currency": "USD", "amount": "0.005", "tax_inclusive": True},
        {"currency": "EUR", "amount": "0.001", "price_list": "friends", "valid_from": "2026-01-01"},
    ]
    item = item_of(world.alice, prices=prices)
    address = reverse("web:item_edit", args=[item.id])
    before = read(world.alice, item.id)

    answer = alice.post(address, sent(alice.get(address).context["form"]))

    after = read(world.alice, item.id)
    assert answer.status_code == 302
    assert sorted(map(repr, after.prices)) == sorted(map(repr, before.prices))


def test_a_price_finer_than_a_cent_is_shown_whole(world: World, alice: Client) -> None:
    item_of(world.alice, prices=[{"currency": "EUR", "amount": "0.0042"}])

    (row,) = alice.get(reverse("web:items")).context["rows"]

    assert row.known["price"].text == "EUR 0.0042"


def test_a_lost_race_is_told(world: World, alice: Client) -> None:
    item = item_of(world.alice)
    address = reverse("web:item_edit", args=[item.id])
    typed = sent(alice.get(address).context["form"])
    operations.update_item(item.id, by=world.alice, data={"name": "Second"}, at=make.NOW)

    answer = alice.post(address, typed | {"name": "Third"})

    assert answer.status_code == 422
    assert read(world.alice, item.id).name == "Second"


def test_an_archived_item_is_offered_no_more(world: World, alice: Client) -> None:
    item = item_of(world.alice)

    alice.post(reverse("web:item_archive", args=[item.id]), {"archived": "1"})

    assert alice.get(reverse("web:items")).context["rows"] == []
    archived = alice.get(reverse("web:items"), {"view": "archived"}).context["rows"]
    assert [row.id for row in archived] == [item.id]
    assert alice.get(reverse("web:item_suggestions"), {"q": "Host"}).context["items"] == []


def test_suggestions_fill_a_line_with_the_price_of_the_currency(
    world: World, alice: Client
) -> None:
    prices = [
        {"currency": "EUR", "amount": "100"},
        {"currency": "USD", "amount": "110.5"},
        {"currency": "CHF", "amount": "120", "tax_inclusive": True},
    ]
    item = item_of(world.alice, prices=prices, tax="standard")

    def fill(currency: str) -> dict[str, str]:
        asked = {"q": "host", "currency": currency, "client": ""}
        (found,) = alice.get(reverse("web:item_suggestions"), asked).context["items"]
        return json.loads(found["fill"])

    assert fill("USD")["unit_price"] == "110.5"
    assert fill("EUR") == {
        "item": str(item.id),
        "name": "Hosting",
        "description": "",
        "quantity": "1",
        "unit": "MON",
        "unit_price": "100",
        "tax": "standard",
    }
    assert fill("CHF")["unit_price"] == ""


def test_strangers_find_nothing(world: World, mallory: Client) -> None:
    item = item_of(world.alice, name="Secret")

    assert mallory.get(reverse("web:item_edit", args=[item.id])).status_code == 404
    archive = reverse("web:item_archive", args=[item.id])
    assert mallory.post(archive, {"archived": "1"}).status_code == 404
    assert mallory.get(reverse("web:items")).context["rows"] == []
    assert mallory.get(reverse("web:item_suggestions")).context["items"] == []
    assert not read(world.alice, item.id).is_archived


def test_who_may_only_look_cannot_change(world: World, bob: Client) -> None:
    item = item_of(world.alice)

    page = bob.get(reverse("web:items"))

    assert page.status_code == 200
    assert reverse("web:item_edit", args=[item.id]).encode() not in page.content
    assert bob.get(reverse("web:item_edit", args=[item.id])).status_code == 403
    assert bob.post(reverse("web:item_new"), FORM).status_code == 403


def test_signed_out_everything_asks_to_sign_in(world: World) -> None:
    for name in ("items", "item_new", "item_suggestions"):
        answer = Client().get(reverse(f"web:{name}"))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("web:sign_in"))
