"""Search and the palette's answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tests import make
from tests.make import World
from tests.office.search.test_search import told

Browse = Callable[[str], Client]


def test_the_palette_finds_an_invoice_by_its_number(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    told(world.organization)

    answer = browsing("alice").get("/search/palette/", {"q": invoice.number})

    page = answer.content.decode()
    assert f"/invoices/{invoice.id}/" in page
    assert 'role="option"' in page
    assert "<html" not in page


def test_the_page_finds_clients_by_a_part_of_their_name(world: World, browsing: Browse):
    client = make.client(world.alice, name="Ävlög & Sön GmbH")

    told(world.organization)

    page = browsing("alice").get("/search/", {"q": "ävlög"}).content.decode()

    assert f"/clients/{client.id}/" in page
    assert escape(client.name) in page


def test_nothing_found_says_what_to_try(world: World, browsing: Browse):
    page = browsing("alice").get("/search/", {"q": "nothing of that name"}).content.decode()

    assert "Nothing found" in page


def test_things_of_another_organization_are_not_found(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    told(world.organization)

    page = browsing("mallory").get("/search/palette/", {"q": invoice.partner_name[:10]})

    assert str(invoice.id) not in page.content.decode()
    assert str(invoice.partner_id) not in page.content.decode()


def test_an_agent_finds_no_invoices_of_others(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    told(world.organization)

    page = browsing("bob").get("/search/palette/", {"q": invoice.number})

    assert page.status_code == 200
    assert str(invoice.id) not in page.content.decode()


@pytest.mark.parametrize("address", ["/search/?q=a", "/search/palette/?q=a"])
def test_who_is_signed_out_is_sent_to_sign_in(db: Any, address: str):
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("text", ["1487.5", "1.487,50", "€1,487.50", "1487.50 EUR"])
def test_an_amount_finds_its_invoice_however_it_is_written(
    world: World, browsing: Browse, text: str
):
    make.draft(world.alice, lines=[make.line(unit_price="1250.00")])  # 1,250.00 + 19 % = 1,487.50
    told(world.organization)

    page = browsing("alice").get("/search/palette/", {"q": text}).content.decode()

    assert "€1,487.50" in page


def test_a_day_finds_what_is_dated_so_and_says_which_day_was_meant(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)  # on 20 Nov 2026
    told(world.organization)

    page = browsing("alice").get("/search/", {"q": "20 nov 2026"}).content.decode()

    assert invoice.number in page
    assert "Friday, 20 November 2026" in page


def test_the_palette_asks_the_database_little(world: World, browsing: Browse):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make.issued_invoice(world.alice)
    told(world.organization)
    client = browsing("alice")
    client.get("/search/palette/", {"q": "inv 1"})

    with CaptureQueriesContext(connection) as seen:
        client.get("/search/palette/", {"q": "inv 1"})

    assert len(seen) <= 2  # beside the index's own statements, which are five
