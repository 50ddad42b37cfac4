"""The overview: figures, what is late, what waits."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils.html import escape

from tests import make
from tests.make import World

Browse = Callable[[str], Client]


def test_the_overview_says_what_is_open_collected_and_drafted(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")
    make.draft(world.alice)

    page = browsing("alice").get("/").content.decode()

    assert "€100<small>.00" in page  # open: 119.00 − 19.00
    assert '<span class="money-lg num">1</span>' in page  # drafts
    assert "You recorded a payment" in page


def test_another_organization_counts_nothing_of_ours(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    page = browsing("mallory").get("/").content.decode()

    assert "€0<small>.00" in page
    assert "€119" not in page
    assert escape(invoice.partner_name) not in page


def test_an_agent_sees_figures_of_own_invoices_and_no_money_that_came_in(
    world: World, browsing: Browse
):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")

    page = browsing("bob").get("/").content.decode()

    assert "€100" not in page
    assert "€19" not in page
    assert "Start here" not in page


def test_who_is_signed_out_is_sent_to_sign_in(db: Any):
    answer = Client().get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")
