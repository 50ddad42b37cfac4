"""Suppliers are paid: all of it on bills, in the ledger, and taken back whole."""

from datetime import date

import pytest

from guilder.books.bills import queries as bills
from guilder.books.ledger import queries as ledger
from guilder.books.payments import operations as payments
from guilder.books.payments.queries import disbursements
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed
from guilder.registers.currencies import operations as currencies
from tests import make
from tests.books.proofs import faults


def pay(world, *shares, **changes):
    """Pay bills: (bill, amount or None for all)."""
    told = [{"bill": str(bill.id), "amount": amount} for bill, amount in shares]
    return payments.pay_bills(by=world.alice, data={"bills": told, **changes}, at=make.NOW)


def stands(world, role: str) -> int:
    with transaction(world.organization):
        return ledger.balance_of(world.organization, role)


def test_a_transfer_pays_two_bills_and_leaves_the_rest_open(world):
    supplier = make.supplier(world.alice)
    first, second = (make.bill(world.alice, supplier.id, booked=True) for _ in range(2))

    made = pay(world, (first, None), (second, "19.00"))

    assert (made.amount, made.currency) == (13800, "EUR")
    assert bills.get_bill(first.id, by=world.alice).status_word(on=make.TODAY) == "paid"
    assert bills.get_bill(second.id, by=world.alice).open_amount == 10000
    assert (stands(world, "payables"), stands(world, "bank")) == (-10000, -13800)
    assert faults(world.organization) == []


def test_a_payment_that_came_back_opens_its_bills_again(world):
    bill = make.bill(world.alice, booked=True)
    made = pay(world, (bill, None))

    payments.reverse_disbursement(
        made.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Account closed"
    )

    assert bills.get_bill(bill.id, by=world.alice).open_amount == 11900
    assert (stands(world, "payables"), stands(world, "bank")) == (-11900, 0)
    (share,) = disbursements.paid_of_bill(bill.id, by=world.alice)
    assert not share.is_active
    assert faults(world.organization) == []
    with pytest.raises(payments.AlreadyReversed):
        payments.reverse_disbursement(
            made.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Again"
        )


def test_a_bill_in_another_currency_is_paid_at_the_day_s_rate(world):
    for on, rate in (("2026-11-12", "0.90"), ("2026-11-19", "0.95")):
        data = {"base": "USD", "quote": "EUR", "on": on, "rate": rate}
        currencies.add_rate(by=world.alice, data=data)
    bill = make.bill(world.alice, booked=True, currency="USD")

    pay(world, (bill, "100.00"), paid_on="2026-11-19")
    pay(world, (bill, None), paid_on="2026-11-19")

    # 119.00 USD were booked at 107.10 EUR and paid with 95.00 + 18.05 = 113.05: 5.95 lost
    assert (stands(world, "payables"), stands(world, "bank")) == (0, -11305)
    assert stands(world, "exchange") == 595
    assert faults(world.organization) == []


def test_what_is_not_booked_not_open_or_of_another_supplier_is_not_paid(world):
    draft = make.bill(world.alice)
    bill, other = (make.bill(world.alice, booked=True) for _ in range(2))

    with pytest.raises(Invalid) as refusal:
        pay(world, (bill, "120.00"), (draft, None), (other, None), paid_on="2027-01-01")

    assert {one.code for one in refusal.value.problems} == {
        "disbursement.over_open", "disbursement.no_bill", "disbursement.unlike",
        "payment.in_future",
    }  # fmt: skip
    assert stands(world, "bank") == 0


def test_who_may_not_pay_and_another_organization_pay_nothing(world):
    bill = make.bill(world.alice, booked=True)
    data = {"bills": [{"bill": str(bill.id)}]}

    with pytest.raises(NotAllowed):
        payments.pay_bills(by=world.bob, data=data, at=make.NOW)
    with pytest.raises(payments.InvalidDisbursement):
        payments.pay_bills(by=world.mallory, data=data, at=make.NOW)
    made = pay(world, (bill, None), paid_on=date(2026, 11, 20).isoformat())
    with pytest.raises(disbursements.NoSuchDisbursement):
        disbursements.get_disbursement(made.id, by=world.mallory)


def test_a_paid_bill_is_not_cancelled(world):
    from guilder.books.bills import operations

    bill = make.bill(world.alice, booked=True)
    pay(world, (bill, "1.00"))

    with pytest.raises(operations.StillPaid):
        operations.cancel_bill(bill.id, by=world.alice, at=make.NOW, reason="Wrong")
