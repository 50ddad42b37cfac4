"""The line under a long list: kept while nothing happens, right as soon as something has."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import operations as invoicing
from guilder.faces.web.invoices.listing import INVOICES
from tests import make

Browse = Callable[[str], Client]


def line_of(browser: Client, name: str = "invoices", **asked: str) -> str:
    """What the line says, its blanks made one."""
    page = browser.get(reverse(f"web:{name}_sums"), asked, headers={"HX-Request": "true"})
    return " ".join(page.content.decode().split())


@pytest.fixture
def alice(browsing: Browse) -> Client:
    """An admin's browser."""
    return browsing("alice")


def test_nothing_is_added_up_twice_while_nothing_happens(
    world: Any, alice: Client, monkeypatch: pytest.MonkeyPatch
):
    added: list[str] = []
    figures = type(INVOICES).figures

    def counting(*words: Any, **named: Any) -> Any:
        added.append("once")
        return figures(*words, **named)

    monkeypatch.setattr(type(INVOICES), "figures", counting)
    make.issued_invoice(world.alice)

    told = line_of(alice)
    assert line_of(alice) == told
    assert line_of(alice, sort="due_on") == told  # in another order it is the same
    assert len(added) == 1

    make.issued_invoice(world.alice)
    assert line_of(alice) != told
    assert len(added) == 2


def test_what_happens_is_in_it_at_once(world: Any, alice: Client):
    invoice = make.issued_invoice(world.alice)
    before = line_of(alice)

    make.payment(world.alice, invoice, "19.00")
    paid = line_of(alice)
    make.issued_invoice(world.alice)
    more = line_of(alice)
    invoicing.mark_disputed(invoice.id, by=world.alice, at=make.NOW)

    assert "€119.00" in before and "1 invoice" in before
    assert "€100.00" in paid  # 119.00 - 19.00
    assert "€219.00" in more and "2 invoices" in more
    assert "€100.00" not in line_of(alice, view="overdue")


def test_each_view_and_filter_has_its_own(world: Any, alice: Client):
    make.draft(world.alice)
    make.issued_invoice(world.alice)

    assert "2 invoices" in line_of(alice)
    assert "1 invoice" in line_of(alice, view="drafts")
    assert "0 invoices" in line_of(alice, q="nobody")


def test_another_organization_gets_its_own_and_nobody_is_told(browsing: Browse, world: Any):
    make.issued_invoice(world.alice)
    assert "1 invoice" in line_of(browsing("alice"))

    assert "0 invoices" in line_of(browsing("mallory"))
    assert Client().get(reverse("web:invoices_sums")).status_code == 302


def test_an_agent_sees_only_their_own(browsing: Browse, world: Any):
    make.issued_invoice(world.alice)
    make.draft(world.bob, client_id=make.client(world.alice).id)

    assert "2 invoices" in line_of(browsing("alice"))
    assert "1 invoice" in line_of(browsing("bob"))
