"""Paying through a gateway on the client's page, as far as the service and back."""

import re
from typing import Any

import pytest
from django.test import Client

from guilder.books.charging import queries
from guilder.books.invoicing import operations as invoicing
from guilder.foundation.identity import operations as identity
from tests import make
from tests.books.charging import making


def link_to(world: Any, invoice: Any) -> str:
    return invoicing.pay_link(invoice.id, by=world.alice)


def form_of(page: str) -> dict[str, str]:
    """What the form of the page would send with its first button."""
    inner = re.search(r'<form[^>]*charge/"[^>]*>(.*?)</form>', page, re.S)
    assert inner is not None, page
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', inner[1]))
    button = re.search(r'name="with" value="([^"]+)"', inner[1])
    assert button is not None
    return found | {"with": button[1]}


def begun(visitor: Client, link: str, **given: str) -> Any:
    """The page that leads on to the service."""
    page = visitor.get(link, follow=True)
    base = page.redirect_chain[-1][0]
    return visitor.post(f"{base}charge/", {**form_of(page.content.decode()), **given}, follow=True)


def newest(world: Any, invoice: Any) -> Any:
    return queries.charges_of(invoice.id, by=world.alice)[0]


def test_a_client_pays_and_sees_the_truth_at_every_step(world, visitor):
    invoice = make.issued_invoice(world.alice)
    through = making.gateway(world.alice)

    leaving = begun(visitor, link_to(world, invoice))

    # No script is needed: the page leads on by itself and has a link besides.
    shown = leaving.content.decode()
    charge = newest(world, invoice)
    assert 'http-equiv="refresh" content="0;url=https://pay.example/now?charge=' in shown
    assert f"charge={charge.id}&amp;amount=119.00&amp;currency=EUR" in shown
    place = leaving.redirect_chain[-1][0].partition("?")[0]
    assert "Not confirmed yet" in visitor.get(place).content.decode()

    system = identity.system_actor(world.organization, "job")
    data = {"charge": str(charge.id), "id": "tx-9", "amount": "119.00", "currency": "EUR"}
    making.receive(through, making.call("charge.succeeded", data), by=system)

    back = visitor.get(place).content.decode()
    assert "Paid. Thank you." in back
    assert "http-equiv" not in back
    receipt = visitor.get(f"{place}receipt.pdf")
    assert receipt["Content-Type"] == "application/pdf"
    assert receipt.content.startswith(b"%PDF")
    page = visitor.get(link_to(world, invoice), follow=True).content.decode()
    assert "Paid in full on" in page
    assert "charge/" not in page


def test_part_of_it_can_be_paid_and_no_more_than_is_open(world, visitor):
    invoice = make.issued_invoice(world.alice)
    making.gateway(world.alice)

    begun(visitor, link_to(world, invoice), amount="19,50")
    refused = begun(visitor, link_to(world, invoice), amount="119,01")

    assert newest(world, invoice).amount == 1950
    assert refused.status_code == 422
    assert "Only 119.00 EUR are open on it" in refused.content.decode()


def test_the_same_form_twice_is_one_charge(world, visitor):
    invoice = make.issued_invoice(world.alice)
    making.gateway(world.alice)
    page = visitor.get(link_to(world, invoice), follow=True)
    base, form = page.redirect_chain[-1][0], form_of(page.content.decode())

    first = visitor.post(f"{base}charge/", form)
    second = visitor.post(f"{base}charge/", form)

    assert first["Location"] == second["Location"]
    assert len(queries.charges_of(invoice.id, by=world.alice)) == 1


def test_a_gateway_is_offered_by_currency_amount_and_method(world, opened):
    invoice = make.issued_invoice(world.alice)
    making.gateway(world.alice, currencies=["USD"], methods=["card"])
    making.gateway(world.alice, least="500", methods=["card"])
    making.gateway(world.alice, is_active=False, methods=["card"])
    link = link_to(world, invoice)
    without = opened(link).content.decode()
    making.gateway(world.alice, methods=["direct_debit"], most="119")

    shown = opened(link).content.decode()

    assert 'name="with"' not in without
    assert shown.count('name="with"') == 1
    assert "by direct debit" in shown
    assert "Test mode" in shown


def test_a_charge_belongs_to_the_page_of_its_document(world, visitor):
    mine, other = make.issued_invoice(world.alice), make.issued_invoice(world.alice)
    making.gateway(world.alice)
    begun(visitor, link_to(world, other))
    base = visitor.get(link_to(world, mine), follow=True).redirect_chain[-1][0]

    found = visitor.get(f"{base}charge/{newest(world, other).id}/")
    printed = visitor.get(f"{base}charge/{newest(world, other).id}/receipt.pdf")

    assert (found.status_code, printed.status_code) == (404, 404)
    assert Client().get(f"{base}charge/{newest(world, other).id}/").status_code == 404


def test_another_organizations_gateway_cannot_be_named(world, visitor):
    invoice = make.issued_invoice(world.alice)
    making.gateway(world.alice)
    foreign = making.gateway(world.mallory)

    refused = begun(visitor, link_to(world, invoice), **{"with": f"{foreign.id}:card"})

    assert refused.status_code == 422
    assert queries.charges_of(invoice.id, by=world.alice) == []


@pytest.mark.parametrize("value", ["", "nonsense", "x:card"])
def test_without_a_choice_the_page_says_so(world, visitor, value):
    invoice = make.issued_invoice(world.alice)
    making.gateway(world.alice)

    refused = begun(visitor, link_to(world, invoice), **{"with": value})

    assert refused.status_code == 422
    assert "Choose a way to pay." in refused.content.decode()
