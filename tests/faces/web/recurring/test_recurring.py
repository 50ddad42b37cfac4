"""The pages of recurring invoices: set up from an invoice, listed, paused, resumed, ended."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from guilder.flows.billing import operations
from guilder.flows.billing.queries import get_recurring, list_recurring
from tests import make
from tests.make import World

Browse = Callable[[str], Client]


def form(**changes: str) -> dict[str, str]:
    """What the form posts."""
    return {
        "name": "Hosting",
        "every": "1",
        "unit": "month",
        "first_on": "2026-09-01",
        "last_on": "",
        "most": "",
        "in_advance": "yes",
        "act": "issue",
        **changes,
    }


def set_up(world: World, browsing: Browse, **changes: str) -> str:
    """The address of one that was just set up."""
    invoice = make.issued_invoice(world.alice)
    answer = browsing("alice").post(f"/invoices/{invoice.id}/repeat/", form(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_an_invoice_is_repeated_and_tells_its_next_three_days(world: World, browsing: Browse):
    where = set_up(world, browsing, first_on="2027-01-31")

    page = browsing("alice").get(where).content.decode()

    assert "Every month" in page and "until you end it" in page
    for day in ("31 Jan 2027", "28 Feb 2027", "31 Mar 2027"):
        assert day in page
    assert "Hosting" in browsing("alice").get("/recurring/").content.decode()
    assert "Hosting" in browsing("alice").get("/recurring/?view=running").content.decode()


def test_what_it_made_stands_on_its_page(world: World, browsing: Browse):
    where = set_up(world, browsing)
    operations.invoice_due(by=world.alice, on=date(2026, 11, 20), at=make.NOW)

    page = browsing("alice").get(where).content.decode()

    assert page.count("/invoices/") >= 3
    assert "1 Sep 2026" in page


def test_it_is_paused_resumed_without_what_was_missed_and_ended(world: World, browsing: Browse):
    where, alice = set_up(world, browsing), browsing("alice")
    [one] = list_recurring(by=world.alice)

    alice.post(f"{where}pause/")
    assert get_recurring(one.id, by=world.alice).status == "paused"
    alice.post(f"{where}resume/", {"missed": "skip"})
    assert get_recurring(one.id, by=world.alice).next_index > 0
    assert "Passed over" in alice.get(where).content.decode()
    alice.post(f"{where}end/")
    assert get_recurring(one.id, by=world.alice).status == "ended"


def test_it_is_changed_and_faults_stand_beside_their_fields(world: World, browsing: Browse):
    where, alice = set_up(world, browsing), browsing("alice")

    assert "Hosting" in alice.get(f"{where}edit/").content.decode()
    refused = alice.post(f"{where}edit/", form(last_on="2026-08-01"))
    alice.post(f"{where}edit/", form(name="Rent", act="draft"))

    assert refused.status_code == 422
    assert "It ends before it begins." in refused.content.decode()
    [one] = list_recurring(by=world.alice)
    assert (one.name, one.act) == ("Rent", "draft")


@pytest.mark.parametrize("changes", [{"name": ""}, {"every": "0"}, {"every": "often"}])
def test_what_cannot_be_repeated_is_refused(
    world: World, browsing: Browse, changes: dict[str, str]
):
    invoice = make.issued_invoice(world.alice)

    answer = browsing("alice").post(f"/invoices/{invoice.id}/repeat/", form(**changes))

    assert answer.status_code == 422
    assert list_recurring(by=world.alice) == []


def test_others_find_nothing_and_strangers_sign_in(world: World, browsing: Browse):
    where = set_up(world, browsing)

    assert browsing("mallory").get(where).status_code == 404
    assert browsing("mallory").post(f"{where}end/").status_code == 404
    assert browsing("bob").get(where).status_code == 404  # an agent sees what is their own
    assert Client(SERVER_NAME="localhost").get(where).status_code == 302
