"""Changing over from an earlier system on the settings page: papers as history, balances once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.books.ledger import queries as ledgers
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.faces.cli.papers import ubl
from tests.make import World


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    return browsing("alice")


def csv(text: str, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def judged(browser: Client, number: str = "OLD-1") -> dict[str, Any]:
    """What the form for history holds after a file was checked."""
    file = SimpleUploadedFile("old.xml", ubl(number=number), content_type="application/xml")
    page = browser.post(reverse("web:settings_data"), {"file": file})
    return {"file": str(page.context["file_id"]), "on": "2026-01-01", "open": "due"}


def invoices(world: World) -> list[Any]:
    return invoicing.list_invoices(InvoiceFilter(today=make.TODAY), by=world.alice)


def test_checked_papers_are_taken_over_with_what_a_list_says_is_unpaid(
    world: World, alice: Client
) -> None:
    asked = judged(alice) | {"open": "list"}
    address = reverse("web:data_history")

    missing = alice.post(address, asked)
    strange = alice.post(address, asked | {"listed": csv("OLD-1;1.000\n")})
    assert (missing.status_code, strange.status_code) == (422, 422)
    assert "two ways" in strange.content.decode() and invoices(world) == []
    taken = alice.post(address, asked | {"listed": csv("number;open\nOLD-1;19,00\n")})

    assert taken.status_code == 302
    (found,) = invoices(world)
    assert (found.number, found.open_amount) == ("OLD-1", 19_00)


def test_the_list_of_invoices_shows_them_at_once(world: World, alice: Client) -> None:
    make.issued_invoice(world.alice)
    before = alice.get(reverse("web:invoices")).content.decode()

    alice.post(reverse("web:data_history"), judged(alice))

    after = alice.get(reverse("web:invoices")).content.decode()
    assert "OLD-1" in after and "OLD-1" not in before


def test_what_cannot_be_taken_over_is_told_paper_by_paper(world: World, alice: Client) -> None:
    address = reverse("web:data_history")
    alice.post(address, judged(alice))

    again = alice.post(address, judged(alice))

    assert [one["ok"] for one in again.context["taken"]] == [False]
    assert "OLD-1 exists already." in again.content.decode()
    assert len(invoices(world)) == 1


def test_accounts_are_opened_once(world: World, alice: Client) -> None:
    address = reverse("web:data_opening")
    day = {"opened_on": "2026-01-01"}

    wrong = alice.post(address, day | {"balances": csv("9999;5\n1400;5\n")})
    nothing = alice.post(address, day)
    done = alice.post(address, day | {"balances": csv("account;balance\n1200;100,50\n1000;25\n")})
    page = alice.get(reverse("web:settings_data")).content.decode()

    assert (wrong.status_code, nothing.status_code, done.status_code) == (422, 422, 302)
    assert "9999: Use an account of the chart." in wrong.content.decode()
    with transaction(world.organization):
        assert ledgers.balance_of(world.organization, "opening") == -125_50
    assert "The accounts were opened with the balances of" in page
    assert 'id="opening_balances"' not in page
    assert alice.post(address, day | {"balances": csv("1200;1\n")}).status_code == 422


def test_another_role_another_organization_and_nobody_are_refused(
    world: World, alice: Client, browsing: Callable[[str], Client]
) -> None:
    asked = judged(alice)

    assert browsing("bob").post(reverse("web:data_history"), asked).status_code == 403
    assert browsing("bob").post(reverse("web:data_opening"), {}).status_code == 403
    assert browsing("mallory").post(reverse("web:data_history"), asked).status_code == 404
    assert alice.post(reverse("web:data_history"), {"file": "none"}).status_code == 404
    stranger = Client().post(reverse("web:data_history"), asked)
    assert (stranger.status_code, "sign-in" in stranger["Location"]) == (302, True)
    assert invoices(world) == []
