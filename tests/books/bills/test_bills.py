"""Bills: entered, booked on the right accounts, paid by credit, cancelled; never twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from guilder.books.bills import operations as bills
from guilder.books.bills import queries
from guilder.books.ledger import queries as ledger
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed, Stale
from guilder.registers.currencies import operations as currencies
from tests import make


def raw(supplier, number="R-1", **changes):
    """Two boxes at 50.00 with 19 % and a book at 10.00 with 7 %: 110.00 + 19.70 = 129.70."""
    return {
        "supplier": str(supplier.id),
        "number": number,
        "issued_on": "2026-11-12",
        "currency": "EUR",
        "iban": "DE02120300000000202051",
        "lines": [
            {"name": "Paper", "quantity": "2", "unit_price": "50.00", "tax": "standard"},
            {"name": "Book", "unit_price": "10.00", "tax": "reduced"},
        ],
        **changes,
    }


def entered(world, supplier=None, **changes):
    supplier = supplier or make.supplier(world.alice)
    return bills.create_bill(by=world.alice, data=raw(supplier, **changes), at=make.NOW)


def booked(world, supplier=None, **changes):
    return bills.book_bill(entered(world, supplier, **changes).id, by=world.alice, at=make.NOW)


def moved(world, bill):
    """Code of the account → base amount over all entries of a bill."""
    with transaction(world.organization):
        found: dict[str, int] = {}
        for entry in ledger.entries_of(world.organization, bill.id):
            for one in entry.postings.all():
                code = one.account.code
                found[code] = found.get(code, 0) + one.base_amount
    return {code: amount for code, amount in found.items() if amount}


def test_a_bill_is_booked_to_expense_input_tax_and_payables(world):
    bill = booked(world)

    assert (bill.status, bill.booked_on, bill.open_amount) == ("booked", date(2026, 11, 12), 12970)
    # 100.00 and 10.00 of expense, 19.00 and 0.70 to reclaim, 129.70 owed
    assert moved(world, bill) == {"4900": 11000, "1576": 1900, "1571": 70, "1600": -12970}


def test_a_line_goes_to_its_own_account_and_the_next_bill_remembers_it(world):
    supplier = make.supplier(world.alice)
    with transaction(world.organization):
        office = next(one for one in ledger.list_accounts(world.organization) if one.code == "4930")
    first = entered(world, supplier)
    first = bills.set_accounts(first.id, {1: office.id}, by=world.alice, at=make.NOW)
    bills.book_bill(first.id, by=world.alice, at=make.NOW)

    second = booked(world, supplier, number="R-2")

    # The book was never placed: it goes where this supplier's newest line went.
    assert moved(world, second) == {"4930": 11000, "1576": 1900, "1571": 70, "1600": -12970}


def test_a_credit_note_is_the_mirror_and_pays_a_bill(world):
    supplier = make.supplier(world.alice)
    bill = booked(world, supplier)
    lines = [{"name": "Paper", "unit_price": "50.00", "tax": "standard"}]
    note = booked(world, supplier, number="G-1", kind="credit_note", lines=lines)

    paid = bills.apply_credit(note.id, bill.id, by=world.alice, at=make.NOW, on=make.TODAY)

    assert moved(world, note) == {"4900": -5000, "1576": -950, "1600": 5950}
    assert paid.open_amount == 12970 - 5950
    assert queries.get_bill(note.id, by=world.alice).open_amount == 0
    (credit,) = queries.credits_of(paid, by=world.alice)
    again = bills.undo_credit(credit.id, by=world.alice, at=make.NOW, on=make.TODAY)
    assert again.open_amount == 12970
    sound(world)


def test_under_reverse_charge_the_buyer_owes_the_tax_and_reclaims_it(world):
    lines = [{"name": "Work", "unit_price": "1000.00", "tax_category": "AE", "tax_rate": "0"}]

    bill = booked(world, lines=lines)

    # 19 % of 1,000.00 is owed and reclaimed; only 1,000.00 is to be paid.
    assert moved(world, bill) == {"4900": 100000, "1600": -100000, "1577": 19000, "1787": -19000}


def test_a_bill_in_another_currency_balances_to_the_cent(world):
    rate = {"base": "USD", "quote": "EUR", "on": "2026-11-12", "rate": "0.913337"}
    currencies.add_rate(by=world.alice, data=rate)
    lines = [
        {"name": name, "unit_price": price, "tax": "standard"}
        for name, price in (("A", "33.33"), ("B", "0.01"), ("C", "66.67"))
    ]

    bill = booked(world, currency="USD", lines=lines)

    # 100.01 + 19.00 = 119.01 USD at 0.913337 = 108.696… → 108.70 EUR
    assert (bill.payable_amount, bill.base_payable_amount) == (11901, 10870)
    assert sum(moved(world, bill).values()) == 0
    sound(world)


def test_the_same_number_of_a_supplier_is_entered_once_however_it_is_written(world):
    supplier = make.supplier(world.alice)
    entered(world, supplier, number="RE 2026/17")

    with pytest.raises(bills.AlreadyEntered):
        entered(world, supplier, number="re2026/17")
    entered(world, make.supplier(world.alice), number="RE 2026/17")


def test_a_cancelled_bill_leaves_the_books_and_frees_its_number(world):
    supplier = make.supplier(world.alice)
    bill = booked(world, supplier)

    gone = bills.cancel_bill(bill.id, by=world.alice, at=make.NOW, reason="Wrong goods")

    assert (gone.status, gone.open_amount) == ("cancelled", 0)
    assert moved(world, bill) == {}
    entered(world, supplier)
    sound(world)
    with pytest.raises(bills.NotBooked):
        bills.cancel_bill(bill.id, by=world.alice, at=make.NOW, reason="Again")


def test_what_was_paid_by_credit_is_not_cancelled(world):
    supplier = make.supplier(world.alice)
    bill = booked(world, supplier)
    note = booked(world, supplier, number="G-1", kind="credit_note")
    bills.apply_credit(
        note.id, bill.id, by=world.alice, at=make.NOW, on=make.TODAY, amount=Decimal(1)
    )

    with pytest.raises(bills.StillPaid):
        bills.cancel_bill(bill.id, by=world.alice, at=make.NOW, reason="Wrong")
    with pytest.raises(bills.NotApplicable):
        bills.apply_credit(
            note.id, bill.id, by=world.alice, at=make.NOW, on=make.TODAY, amount=Decimal(200)
        )


def test_every_fault_of_a_bill_is_told_at_once(world):
    supplier = make.supplier(world.alice)
    wrong = raw(supplier, "", issued_on="2027-01-01", iban="DE00", lines=[{"unit_price": "x"}])

    with pytest.raises(Invalid) as refusal:
        bills.create_bill(by=world.alice, data=wrong, at=make.NOW)

    places = {one.pointer for one in refusal.value.problems}
    assert {"/number", "/issued_on", "/iban", "/lines/0/name", "/lines/0/unit_price"} <= places


def test_a_draft_is_changed_and_thrown_away_a_booked_bill_is_not(world):
    bill = entered(world)
    changed = bills.update_bill(
        bill.id, by=world.alice, data={"number": "R-9"}, at=make.NOW, version=bill.version
    )
    assert (changed.number, changed.payable_amount, changed.version) == ("R-9", 12970, 2)
    with pytest.raises(Stale):
        bills.update_bill(bill.id, by=world.alice, data={"number": "X"}, at=make.NOW, version=1)

    kept = booked(world)
    with pytest.raises(bills.NotDraft):
        bills.update_bill(kept.id, by=world.alice, data={"number": "X"}, at=make.NOW)
    with pytest.raises(bills.NotDraft):
        bills.delete_bill(kept.id, by=world.alice, at=make.NOW)
    bills.delete_bill(bill.id, by=world.alice, at=make.NOW)
    with pytest.raises(queries.NoSuchBill):
        queries.get_bill(bill.id, by=world.alice)


def test_above_the_limit_somebody_else_approves_before_a_bill_is_booked(world):
    from guilder.books.workflow import operations as workflow
    from guilder.kernel.money import Money

    workflow.set_rule(by=world.alice, is_active=True, amount=Money.of("100.00", "EUR"), roles=())
    manager = make.member(world.alice, role="manager")
    bill = entered(world)
    with pytest.raises(bills.ApprovalDue):
        bills.book_bill(bill.id, by=world.alice, at=make.NOW)

    bills.submit_bill(bill.id, by=world.alice, at=make.NOW)
    bills.approve_bill(bill.id, by=manager, at=make.NOW)

    assert bills.book_bill(bill.id, by=world.alice, at=make.NOW).status == "booked"


def test_another_organization_and_who_may_not_see_find_no_bill(world):
    bill = entered(world)

    with pytest.raises(queries.NoSuchBill):
        queries.get_bill(bill.id, by=world.mallory)
    with pytest.raises(queries.NoSuchBill):  # an agent sees what they entered themselves
        queries.get_bill(bill.id, by=world.bob)
    with pytest.raises(NotAllowed):
        queries.get_bill(bill.id, by=replace(world.alice, permissions=frozenset()))
    with pytest.raises(NotAllowed):
        bills.book_bill(bill.id, by=world.bob, at=make.NOW)


def sound(world):
    """Every proof of the room finds nothing in this organization."""
    from guilder.foundation.tenancy.hot import cursor

    with transaction(world.organization):
        for name, _, sql in queries.proofs():
            assert cursor().execute(sql).fetchall() == [], name
