"""The pages of refunds: asked for, decided by another, listed, reversed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guilder.books.invoicing import operations as invoicing
from guilder.books.payments import operations as payments
from guilder.books.payments import queries
from guilder.books.payments.queries.refunds import list_refunds
from tests import make
from tests.make import World

Browse = Callable[[str], Client]


def paid(world: World, amount: str = "100.00") -> Any:
    data = {
        "client": str(make.client(world.alice).id),
        "amount": {"amount": amount, "currency": "EUR"},
    }
    return payments.record_payment(by=world.alice, data=data, at=make.NOW)


def form(amount: str, **changes: str) -> dict[str, str]:
    """What the form posts."""
    return {
        "amount": amount,
        "refunded_on": make.TODAY.isoformat(),
        "method": "bank_transfer",
        "reason": "Returned",
        "reference": "",
        "once": "one-form",
        **changes,
    }


def test_money_is_given_back_once_however_often_the_button_is_pressed(
    world: World, browsing: Browse
):
    payment, alice = paid(world), browsing("alice")
    address = f"/payments/{payment.id}/refund/"
    shown = alice.get(address).content.decode()
    assert "100.00 can be given back." in shown

    first = alice.post(address, form("30.00"))
    again = alice.post(address, form("30.00"))

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert queries.get_payment(payment.id, by=world.alice).unallocated_amount == 7000
    page = alice.get(first["Location"]).content.decode()
    assert "€30.00 to" in page and "Given back on" in page
    assert "€30.00" in alice.get("/refunds/").content.decode()


def test_a_credit_note_is_paid_out(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "119.00")
    note = invoicing.credit_invoice(invoice.id, by=world.alice, at=make.NOW, on=make.TODAY)
    alice = browsing("alice")
    address = f"/invoices/{note.id}/refund/"
    assert address in alice.get(f"/invoices/{note.id}/").content.decode()

    alice.post(address, form("119.00"))

    [made] = list_refunds(by=world.alice)
    assert (made.credit_note_id, made.amount, made.status) == (note.id, 11900, "paid")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "many"}, "amount"),
        ({"amount": "100.01"}, "Only 100.00 EUR can be given back"),
        ({"reason": ""}, "Reason is missing."),
        ({"refunded_on": "2099-01-01"}, "Enter today or a day before."),
    ],
)
def test_what_cannot_be_given_back_is_said_beside_its_field(
    world: World, browsing: Browse, changes: dict[str, str], words: str
):
    payment = paid(world)

    page = browsing("alice").post(f"/payments/{payment.id}/refund/", {**form("1.00"), **changes})

    assert page.status_code == 422
    assert words in page.content.decode()
    assert list_refunds(by=world.alice) == []


def test_one_that_waits_is_decided_on_by_somebody_else_only(world: World, browsing: Browse):
    payments.set_refund_policy(by=world.alice, data={"approval_above": "0"}, base_currency="EUR")
    payment, alice = paid(world), browsing("alice")
    where = alice.post(f"/payments/{payment.id}/refund/", form("60.00"))["Location"]

    page = alice.get(where).content.decode()
    assert "somebody else decides on it" in page and "ask-approve" not in page
    refused = alice.post(f"{where}approve/")
    assert refused.status_code == 403
    assert queries.get_payment(payment.id, by=world.alice).unallocated_amount == 10000
    assert "€60.00" in alice.get("/refunds/?view=waiting").content.decode()


def test_a_paid_one_is_reversed_with_a_reason(world: World, browsing: Browse):
    payment, alice = paid(world), browsing("alice")
    where = alice.post(f"/payments/{payment.id}/refund/", form("60.00"))["Location"]

    alice.post(f"{where}reverse/", {"reason": "Account closed"})

    assert queries.get_payment(payment.id, by=world.alice).unallocated_amount == 10000
    assert "Account closed" in alice.get(where).content.decode()


def test_others_find_nothing_and_agents_may_not(world: World, browsing: Browse):
    payment = paid(world)
    where = browsing("alice").post(f"/payments/{payment.id}/refund/", form("1.00"))["Location"]

    for address in (where, f"/payments/{payment.id}/refund/"):
        assert browsing("mallory").get(address).status_code == 404
        assert browsing("bob").get(address).status_code == 403
        assert Client(SERVER_NAME="localhost").get(address).status_code == 302


def test_the_limit_is_set_on_the_page_of_approvals(world: World, browsing: Browse):
    alice = browsing("alice")
    values = {"amount": "", "version": "0", "refunds_above": "250.00"}

    assert alice.post("/settings/approvals/", values).status_code == 302

    assert 'value="250.00"' in alice.get("/settings/approvals/").content.decode()
    where = f"/payments/{paid(world, '300.00').id}/refund/"
    assert "Above €250.00 somebody else must approve it." in alice.get(where).content.decode()
    refused = alice.post("/settings/approvals/", {**values, "refunds_above": "-1"})
    assert refused.status_code == 422
