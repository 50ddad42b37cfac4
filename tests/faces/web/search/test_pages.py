"""Search and the palette's answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tests import make
from tests.make import World

Browse = Callable[[str], Client]


def test_the_palette_finds_an_invoice_by_its_number(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    answer = browsing("alice").get("/search/palette/", {"q": invoice.number})

    page = answer.content.decode()
    assert f"/invoices/{invoice.id}/" in page
    assert 'role="option"' in page
    assert "<html" not in page


def test_the_page_finds_clients_by_a_part_of_their_name(world: World, browsing: Browse):
    client = make.client(world.alice, name="Ävlög & Sön GmbH")

    page = browsing("alice").get("/search/", {"q": "ävlög"}).content.decode()

    assert f"/clients/{client.id}/" in page
    assert escape(client.name) in page


def test_nothing_found_says_what_to_try(world: World, browsing: Browse):
    page = browsing("alice").get("/search/", {"q": "nothing of that name"}).content.decode()

    assert "Nothing found" in page


def test_things_of_another_organization_are_not_found(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    page = browsing("mallory").get("/search/palette/", {"q": invoice.partner_name[:10]})

    assert str(invoice.id) not in page.content.decode()
    assert str(invoice.partner_id) not in page.content.decode()


def test_an_agent_finds_no_invoices_of_others(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    page = browsing("bob").get("/search/palette/", {"q": invoice.number})

    assert page.status_code == 200
    assert str(invoice.id) not in page.content.decode()


@pytest.mark.parametrize("address", ["/search/?q=a", "/search/palette/?q=a"])
def test_who_is_signed_out_is_sent_to_sign_in(db: Any, address: str):
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")
