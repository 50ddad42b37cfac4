"""Discounts for early payment: taken in time, refused when late, granted by a person, undone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import discounts as reading
from guilder.books.payments import operations as payments
from guilder.books.payments import queries as money
from guilder.books.payments.queries.statements import statement
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from guilder.kernel.period import Span
from guilder.office.reports.queries.taxes import tax_lines
from tests import make
from tests.books.proofs import faults

ISSUED = make.TODAY - timedelta(days=20)
LAST = ISSUED + timedelta(days=10)
# 2 % of 119.00 is 2.38: 2.00 of the net and 0.38 of the tax; 116.62 is enough.
TERMS = {"due": {"days": 30}, "discounts": [{"days": 10, "percent": "2"}]}


def owed(world: Any, *, on: date = ISSUED, **changes: Any) -> Any:
    return make.issued_invoice(world.alice, on=on, **{"terms": TERMS, **changes})


def now(world: Any, invoice: Any) -> Any:
    return queries.get_invoice(invoice.id, by=world.alice)


def paid(world: Any, invoice: Any, amount: str = "116.62", *, on: date = LAST) -> Any:
    return make.payment(world.alice, invoice, amount, on=on)


def balances(world: Any, *roles: str) -> list[int]:
    """What stands on the accounts of each role, narrowed ones too."""
    sql = (
        "SELECT coalesce(sum(p.base_amount), 0)::bigint FROM ledger_posting p JOIN ledger_account a"
        " ON a.organization_id = p.organization_id AND a.id = p.account_id"
        " WHERE a.role = %(role)s OR a.role LIKE %(role)s || '.%%'"
    )
    with transaction(world.organization):
        return [cursor().execute(sql, {"role": role}).fetchone()[0] for role in roles]


def taken(world: Any, invoice: Any) -> list[tuple[int, int, int, bool]]:
    found = reading.discounts_of(invoice.id, by=world.alice)
    return [(one.amount, one.net_amount, one.tax_amount, one.is_active) for one in found]


def test_the_discounted_amount_on_the_last_day_settles_with_less_tax(world):
    invoice = owed(world)

    paid(world, invoice)

    after = now(world, invoice)
    assert (after.open_amount, after.settled_on) == (0, LAST)
    assert taken(world, invoice) == [(238, 200, 38, True)]
    # 19.00 of tax were booked, 0.38 of it went back.
    assert balances(world, "receivables", "tax") == [0, -1862]
    assert faults(world.organization) == []


def test_a_day_too_late_the_rest_stays_open(world):
    invoice = owed(world)

    paid(world, invoice, on=LAST + timedelta(days=1))

    assert (now(world, invoice).open_amount, taken(world, invoice)) == (238, [])
    assert balances(world, "receivables", "tax") == [238, -1900]


@pytest.mark.parametrize(
    ("amount", "left"), [("116.61", 239), ("50.00", 6900), ("116.63", 0), ("119.00", 0)]
)
def test_only_what_is_within_the_discount_is_kept_back(world, amount, left):
    invoice = owed(world)

    paid(world, invoice, amount)

    assert now(world, invoice).open_amount == left
    assert faults(world.organization) == []


def test_days_of_grace_and_a_tolerance_are_the_houses_own(world):
    operations.set_discount_policy(by=world.alice, data={"grace_days": 2, "tolerance": "0.05"})
    late, short, far = owed(world), owed(world), owed(world)

    paid(world, late, on=LAST + timedelta(days=2))
    paid(world, short, "116.57")
    paid(world, far, "116.56")

    assert [now(world, one).open_amount for one in (late, short, far)] == [0, 0, 244]
    assert taken(world, short)[0][0] == 243
    assert faults(world.organization) == []


def test_the_best_offer_that_is_still_good_is_taken(world):
    steps = [{"days": 5, "percent": "3"}, {"days": 10, "percent": "2"}]
    early, later = (owed(world, terms={**TERMS, "discounts": steps}) for _ in range(2))

    paid(world, early, "115.43", on=ISSUED + timedelta(days=5))  # 119.00 less 3.57
    paid(world, later, "115.43", on=ISSUED + timedelta(days=6))

    assert [now(world, one).open_amount for one in (early, later)] == [0, 357]


def test_each_tax_gets_its_part(world):
    lines = [make.line(), make.line(description="Book", tax="reduced", unit_price="100.00")]
    invoice = owed(world, lines=lines)  # 119.00 and 107.00

    paid(world, invoice, "221.48")

    # 2 % of 226.00 is 4.52: 2.38 and 2.14; the tax in them 0.38 and 0.14.
    assert taken(world, invoice) == [(452, 400, 52, True)]
    assert faults(world.organization) == []


def test_where_the_tax_stands_without_a_credit_note_all_of_it_is_a_cost(db):
    world = make.make_world(country="FR")
    invoice = owed(world)
    gross = Decimal(invoice.payable_amount) / 100
    saved = (gross * 2 / 100).quantize(Decimal("0.01"))

    paid(world, invoice, str(gross - saved))

    (row,) = taken(world, invoice)
    assert row[1:] == (row[0], 0, True)
    assert faults(world.organization) == []


def test_a_foreign_invoice_leaves_nothing_behind(world):
    from guilder.registers.currencies import operations as rates

    rates.add_rate(
        by=world.alice,
        data={"base": "USD", "quote": "EUR", "on": ISSUED.isoformat(), "rate": "0.9137"},
    )
    invoice = owed(world, currency="USD")

    paid(world, invoice)

    assert now(world, invoice).open_amount == 0
    assert balances(world, "receivables") == [0]
    assert faults(world.organization) == []


def test_with_its_payment_the_discount_goes_too(world):
    by = world.alice
    reversed_one, taken_off = owed(world), owed(world)
    first, second = paid(world, reversed_one), paid(world, taken_off)

    payments.reverse_payment(first.id, by=by, on=make.TODAY, at=make.NOW, reason="Bounced")
    (share,) = second.allocations
    payments.reverse_allocation(share.id, by=by, on=make.TODAY, at=make.NOW)

    assert [now(world, one).open_amount for one in (reversed_one, taken_off)] == [11900, 11900]
    assert taken(world, reversed_one) == [(238, 200, 38, False)]
    assert balances(world, "tax") == [-3800]
    assert money.get_payment(second.id, by=by).unallocated_amount == 11662
    assert faults(world.organization) == []
    payments.allocate_payment(second.id, by=by, on=make.TODAY, at=make.NOW, auto=True)
    assert 0 in [now(world, one).open_amount for one in (reversed_one, taken_off)]
    assert faults(world.organization) == []


def test_a_person_takes_it_back_once(world):
    invoice = owed(world)
    paid(world, invoice)
    (made,) = reading.discounts_of(invoice.id, by=world.alice)

    after = operations.reverse_discount(made.id, by=world.alice, on=make.TODAY, at=make.NOW)

    assert (after.is_active, now(world, invoice).open_amount) == (False, 238)
    with pytest.raises(operations.AlreadyTakenBack):
        operations.reverse_discount(made.id, by=world.alice, on=make.TODAY, at=make.NOW)
    assert faults(world.organization) == []


def granted(world: Any, invoice: Any, reason: str = "Always pays well", by: Any = None) -> Any:
    by = by or world.alice
    return operations.grant_discount(invoice.id, by=by, on=make.TODAY, at=make.NOW, reason=reason)


def test_a_late_one_is_granted_by_a_person_with_a_reason(world):
    invoice = owed(world)
    paid(world, invoice, on=LAST + timedelta(days=3))

    made = granted(world, invoice)

    assert (made.amount, made.tax_amount, made.is_granted) == (238, 38, True)
    assert (made.until, made.taken_on, made.reason) == (LAST, make.TODAY, "Always pays well")
    assert now(world, invoice).open_amount == 0
    assert faults(world.organization) == []


def test_only_what_was_offered_and_is_missing_can_be_granted(world):
    unpaid, much_open, plain, settled = owed(world), owed(world), owed(world, terms={}), owed(world)
    paid(world, much_open, "100.00")
    paid(world, plain, "116.62")
    paid(world, settled)

    for one in (unpaid, much_open, plain, settled):
        with pytest.raises(operations.NotDiscountable):
            granted(world, one)


def test_nothing_is_granted_without_a_reason_a_right_or_in_another_house(world):
    from guilder.kernel.errors import Invalid

    invoice = owed(world)
    paid(world, invoice, on=make.TODAY)

    with pytest.raises(Invalid):
        granted(world, invoice, " ")
    with pytest.raises(NotAllowed):
        granted(world, invoice, by=world.bob)
    with pytest.raises(operations.NotDiscountable):
        granted(world, invoice, by=world.mallory)
    assert now(world, invoice).open_amount == 238


def test_a_whole_credit_note_takes_what_was_kept_back_into_account(world):
    invoice = owed(world)
    paid(world, invoice)

    note = operations.credit_invoice(invoice.id, by=world.alice, at=make.NOW, on=make.TODAY)

    # Of 119.00 the client had paid 116.62: no more than that is their credit.
    assert (note.open_amount, now(world, invoice).open_amount) == (11662, 0)
    assert balances(world, "tax") == [0]
    assert faults(world.organization) == []


def test_the_tax_report_counts_it_on_its_day_and_agrees_with_the_ledger(world):
    invoice = owed(world)
    paid(world, invoice)
    span = Span(ISSUED, make.TODAY)

    (line,) = tax_lines(by=world.alice, span=span, base="EUR")

    assert (line.invoiced, line.credited) == (10000, -200)
    assert (line.invoiced_tax, line.credited_tax) == (1900, -38)
    assert balances(world, "tax") == [-1862]
    (made,) = reading.discounts_of(invoice.id, by=world.alice)
    operations.reverse_discount(made.id, by=world.alice, on=make.TODAY, at=make.NOW)
    (line,) = tax_lines(by=world.alice, span=span, base="EUR")
    assert (line.credited, line.credited_tax) == (0, 0)


def test_the_statement_of_account_ends_where_the_invoice_does(world):
    invoice = owed(world)
    paid(world, invoice)

    (account,) = statement(invoice.partner_id, by=world.alice, start_on=ISSUED, end_on=make.TODAY)

    kinds = [(one.kind, one.amount.minor) for one in account.entries]
    assert kinds == [("invoice", 11900), ("discount", -238), ("payment", -11662)]
    assert account.entries[-1].balance.minor == 0
