"""What recording a payment answers is what reading it says, though nothing is read for it."""

from dataclasses import replace

import pytest

from guilder.books.payments import queries
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from guilder.registers.currencies import operations as currencies
from tests import make
from tests.books.payments.test_payments import pay

KEPT = """
SELECT generic_plans, custom_plans FROM pg_prepared_statements
WHERE statement LIKE '%%i.open_amount, i.issued_on, i.due_on%%FOR NO KEY UPDATE%%'
"""


def test_of_shares_in_two_invoices_with_a_rest(world):
    client = make.client(world.alice)
    first, second = (make.issued_invoice(world.alice, client_id=client.id) for _ in range(2))

    made = pay(
        world.alice, client.id, "300.00", reference="Advice 7", notes="Two lines\nof it",
        allocations=[(second.id, "119.00"), (first.id, "19.00")],
    )  # fmt: skip

    assert {one.number: one.amount for one in made.allocations} == {
        second.number: 11900, first.number: 1900,
    }  # fmt: skip
    assert made == queries.get_payment(made.id, by=world.alice)


def test_of_what_falls_on_the_longest_due_by_itself(world):
    client = make.client(world.alice)
    for _ in range(3):
        make.issued_invoice(world.alice, client_id=client.id)

    made = pay(world.alice, client.id, "200.00", auto=True)

    assert len(made.allocations) == 2
    assert made == queries.get_payment(made.id, by=world.alice)


def test_of_another_currency(world):
    told = {"base": "USD", "quote": "EUR", "on": "2026-11-10", "rate": "0.91234"}
    currencies.add_rate(by=world.alice, data=told)
    invoice = make.issued_invoice(world.alice, currency="USD")

    made = pay(
        world.alice, invoice.partner_id, "50.00", currency="USD", allocations=[(invoice.id, "50")]
    )

    read = queries.get_payment(made.id, by=world.alice)
    assert made == read
    assert str(made.base_rate) == str(read.base_rate)


def test_whoever_may_not_read_payments_records_none(world):
    invoice = make.issued_invoice(world.alice)
    blind = replace(world.alice, permissions=world.alice.permissions - {"payment.view"})

    with pytest.raises(NotAllowed):
        pay(blind, invoice.partner_id, "50.00")

    assert queries.list_payments(by=world.alice) == []


def test_locking_what_is_paid_is_not_planned_anew_for_every_payment(world):
    invoice = make.issued_invoice(world.alice)
    for _ in range(8):
        pay(world.alice, invoice.partner_id, "1.00", allocations=[(invoice.id, "1.00")])

    with transaction(world.organization):
        generic, custom = cursor().execute(KEPT).fetchone()

    assert generic > 0 and custom <= 5  # the server plans five times before it keeps a plan
