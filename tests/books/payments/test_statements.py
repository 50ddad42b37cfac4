"""A client's account over a period."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.books.payments import operations as payments
from guilder.books.payments import queries
from guilder.books.payments.queries.statements import statement
from guilder.kernel.errors import NotAllowed
from guilder.registers.currencies import operations as currencies
from tests import make

START, END = date(2026, 11, 1), date(2026, 11, 30)


def told(world, client, *, start=START, end=END):
    found = statement(client.id, by=world.alice, start_on=start, end_on=end)
    return [
        (
            one.currency,
            str(one.opening),
            [(each.kind, str(each.amount), str(each.balance)) for each in one.entries],
            str(one.closing),
        )
        for one in found
    ]


def test_a_statement_opens_moves_and_closes(world):
    client = make.client(world.alice)
    make.issued_invoice(world.alice, on=date(2026, 10, 5), client_id=client.id)
    second = make.issued_invoice(world.alice, on=date(2026, 11, 10), client_id=client.id)
    make.payment(world.alice, second, "100.00")
    invoicing.write_off(
        second.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Bank charges"
    )

    # 119.00 before; + 119.00 − 19.00 − 100.00; what is of one day stands in the order of ids
    assert told(world, client) == [
        (
            "EUR",
            "119.00",
            [
                ("invoice", "119.00", "238.00"),
                ("write_off", "-19.00", "219.00"),
                ("payment", "-100.00", "119.00"),
            ],
            "119.00",
        )
    ]


def test_a_reversed_payment_stands_twice(world):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    paid = make.payment(world.alice, invoice, "119.00")
    payments.reverse_payment(
        paid.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Returned by the bank"
    )

    ((_, _, entries, closing),) = told(world, client)
    assert sorted(kind for kind, _, _ in entries) == ["invoice", "payment", "payment_reversed"]
    assert closing == "119.00"


def test_each_currency_has_its_own_account_and_others_see_nothing(world):
    client = make.client(world.alice)
    make.issued_invoice(world.alice, client_id=client.id)
    rate = {"base": "USD", "quote": "EUR", "on": "2026-11-19", "rate": "0.9", "source": "Bank"}
    currencies.add_rate(by=world.alice, data=rate)
    make.issued_invoice(world.alice, client_id=client.id, currency="USD")

    assert [one[0] for one in told(world, client)] == ["EUR", "USD"]
    assert statement(client.id, by=world.mallory, start_on=START, end_on=END) == []
    with pytest.raises(NotAllowed):
        statement(client.id, by=world.bob, start_on=START, end_on=END)


@settings(max_examples=12)
@given(steps=st.lists(st.sampled_from(["invoice", "pay", "credit", "over"]), max_size=6))
def test_what_it_closes_with_is_what_is_open_less_what_is_credit(db, steps):
    world = make.make_world()
    client = make.client(world.alice)
    open_ones = []
    for step in steps:
        if step == "invoice":
            open_ones.append(make.issued_invoice(world.alice, client_id=client.id))
        elif step == "pay" and open_ones:
            make.payment(world.alice, open_ones.pop(), "60.00")
        elif step == "credit" and open_ones:
            invoicing.credit_invoice(open_ones.pop().id, by=world.alice, at=make.NOW, on=make.TODAY)
        elif step == "over":
            data = {
                "client": str(client.id),
                "amount": {"amount": "7.50", "currency": "EUR"},
                "received_on": (make.TODAY - timedelta(days=1)).isoformat(),
                "method": "cash",
            }
            payments.record_payment(by=world.alice, data=data, at=make.NOW)

    closing = sum(
        one.closing.minor
        for one in statement(client.id, by=world.alice, start_on=START, end_on=END)
    )
    owed = invoices.balances([client.id], by=world.alice, today=make.TODAY).get(client.id, [])
    credit = queries.open_credit(by=world.alice, partner_id=client.id)
    assert closing == sum(one.open.minor for one in owed) - sum(one.minor for one in credit)
