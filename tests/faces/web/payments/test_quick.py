"""Recording a payment in place, applying it later, taking it off, its receipt."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import queries as invoices
from guilder.books.payments import queries
from guilder.office.dispatch import queries as mails
from tests import make
from tests.make import World

Browse = Callable[[str], Client]
SWAP = {"HX-Request": "true"}
SHEET = {**SWAP, "HX-Target": "sheet-body"}


def address(name: str, *args: Any) -> str:
    return reverse(f"web:{name}", args=args)


def given(client: Client, invoice_id: Any, **changes: str) -> dict[str, str]:
    """What the small form would send."""
    page = client.get(f"{address('payment_new')}?invoice={invoice_id}", headers=SHEET)
    form = page.content.decode()
    values = {
        name: form.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("once", "amount", "received_on")
    }
    return {**values, "method": "bank_transfer", "reference": "", **changes}


def test_the_small_form_begins_with_what_is_open_and_records_once(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    form = given(alice, invoice.id)

    first = alice.post(address("payment_quick", invoice.id), form, headers=SHEET)
    again = alice.post(address("payment_quick", invoice.id), form, headers=SHEET)

    told = json.loads(first["HX-Trigger"])
    assert form["amount"] == "119.00"
    assert (first.status_code, again.status_code) == (204, 204)
    assert set(told) == {"toast", "refresh", "sheet-close"}
    assert invoices.get_invoice(invoice.id, by=world.alice).open_amount == 0
    assert len(queries.list_payments(by=world.alice)) == 1
    alice.post(told["toast"]["undo_url"], headers=SWAP)
    assert invoices.get_invoice(invoice.id, by=world.alice).open_amount == 11900


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("119", "Paid in full."),
        ("100,00", "Part payment. €19.00 stays open."),
        ("120", "€1.00 more than is open. It stays the client&#x27;s credit."),
        ("much", ""),
    ],
)
def test_what_an_amount_comes_to_is_said(world: World, browsing: Browse, amount: str, words: str):
    invoice = make.issued_invoice(world.alice)
    headers = {**SWAP, "HX-Target": "pay-words"}

    answer = browsing("alice").post(
        address("payment_quick", invoice.id), {"amount": amount}, headers=headers
    )

    assert words in answer.content.decode()
    assert queries.list_payments(by=world.alice) == []


def test_what_cannot_be_read_stands_beside_its_field(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    form = given(alice, invoice.id, amount="much", received_on="soon")

    answer = alice.post(address("payment_quick", invoice.id), form, headers=SHEET)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Enter an amount, for example 1,250.00." in page
    assert "Enter a day, for example 20 Nov 2026." in page


def test_open_money_is_applied_later_and_taken_off_again(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    form = given(alice, invoice.id, amount="150")
    alice.post(address("payment_quick", invoice.id), form, headers=SHEET)
    (paid,) = queries.list_payments(by=world.alice)
    second = make.issued_invoice(world.alice, client_id=invoice.partner_id)

    page = alice.get(address("payment_apply", paid.id)).content.decode()
    alice.post(address("payment_apply", paid.id), {f"allocation-{second.id}": "31,00"})

    assert "Apply €31.00 from" in page
    after = queries.get_payment(paid.id, by=world.alice)
    assert after.unallocated_amount == 0
    share = next(one for one in after.allocations if one.invoice_id == second.id)
    alice.post(address("payment_take_off", paid.id, share.id))
    assert queries.get_payment(paid.id, by=world.alice).unallocated_amount == 3100


def test_more_than_is_open_is_refused_beside_the_invoice(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    form = given(alice, invoice.id, amount="150")
    alice.post(address("payment_quick", invoice.id), form, headers=SHEET)
    (paid,) = queries.list_payments(by=world.alice)
    second = make.issued_invoice(world.alice, client_id=invoice.partner_id)

    answer = alice.post(address("payment_apply", paid.id), {f"allocation-{second.id}": "500"})

    assert answer.status_code == 422
    assert "Only 119.00 EUR are open on it." in answer.content.decode()


def test_the_payment_page_says_what_reversing_does(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    paid = make.payment(world.alice, invoice, "100.00")

    page = browsing("alice").get(address("payment", paid.id)).content.decode()

    assert "All of it is applied." in page
    assert f"{invoice.number} is open again by €100.00." in page


def test_a_receipt_is_shown_and_sent_with_undo(world: World, browsing: Browse):
    paid = make.payment(world.alice, make.issued_invoice(world.alice), "119.00")
    alice = browsing("alice")

    shown = alice.get(address("payment_receipt", paid.id))
    sent = alice.post(address("payment_receipt_send", paid.id), headers=SWAP)

    assert shown.content[:5] == b"%PDF-"
    (mail,) = mails.list_mails(by=world.alice)
    assert json.loads(sent["HX-Trigger"])["toast"]["undo_url"] == address("outbox_undo", mail.id)


@pytest.mark.parametrize("name", ["payment", "payment_apply", "payment_receipt"])
def test_payments_of_another_organization_are_not_there(world: World, browsing: Browse, name: str):
    paid = make.payment(world.alice, make.issued_invoice(world.alice), "119.00")

    assert browsing("mallory").get(address(name, paid.id)).status_code == 404
    assert browsing("bob").get(address(name, paid.id)).status_code == 403
    assert Client().get(address(name, paid.id)).status_code == 302
