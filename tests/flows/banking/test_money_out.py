"""Money that went out: bills are paid by lines, and lines stand for what was recorded before."""

from datetime import timedelta

import pytest

from guilder.books.bills import queries as bills
from guilder.books.payments import operations as payments
from guilder.flows.banking import calc, operations, queries
from guilder.flows.banking.queries.accounts import get_account
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import GuilderError, NotAllowed
from guilder.kernel.money import Money
from tests import make
from tests.flows.banking.banking import account, codes, entry, imported, line, proposal
from tests.flows.banking.test_automatic import broken


def booked_bill(by, number, supplier_id=None):
    return make.bill(by, supplier_id, number=number, booked=True)


def text_of(minor):
    return str(Money(minor, "EUR"))


def left(bill, by):
    return bills.get_bill(bill.id, by=by).open_amount


def test_a_line_that_names_a_bill_pays_it_and_can_be_undone(world):
    by = world.alice
    account(by)
    bill = booked_bill(by, "R-2026-4711")
    row = line(by, f"-{text_of(bill.payable_amount)}", "Rechnung 2026-4711",
               name=bill.supplier_name)  # fmt: skip
    found = proposal(by, row)

    assert (found.kind, found.score) == ("bill", 98)
    assert codes(found) == ["number", "payee", "amount"]
    matched = operations.match_line(row.id, by=by, at=make.NOW)
    assert matched.state == "matched"
    assert left(bill, by) == 0
    share = queries.get_line(row.id, by=by).matches.all()[0]
    assert (share.kind, share.amount, share.disbursement_id is not None) == (
        "bill", -bill.payable_amount, True)  # fmt: skip
    assert broken(world) == set()
    operations.reopen_line(row.id, by=by, at=make.NOW)
    assert left(bill, by) == bill.payable_amount
    assert queries.get_line(row.id, by=by).state == "open"
    assert broken(world) == set()
    operations.match_line(row.id, by=by, at=make.NOW)
    assert left(bill, by) == 0
    assert broken(world) == set()


def test_sure_ones_are_paid_by_themselves_and_once(world):
    by = world.alice
    found = account(by, automatic_from=95)
    bill = booked_bill(by, "R-2026-4711")
    other = booked_bill(by, "R-2026-4712", supplier_id=(bill.partner_id))
    amount = text_of(bill.payable_amount)
    outcome = imported(by, [
        entry(f"-{amount}", "R 2026 4711", name=bill.supplier_name, ref="a"),
        entry(f"-{amount}", "R 2026 4711 again", name=bill.supplier_name, ref="b"),
    ])  # fmt: skip

    assert outcome.posted == 1
    assert (left(bill, by), left(other, by)) == (0, other.payable_amount)
    assert operations.match_sure(found.id, by=by, at=make.NOW) == 0
    assert broken(world) == set()


def test_several_bills_by_one_transfer_and_one_in_part(world):
    by = world.alice
    account(by)
    first = booked_bill(by, "R-2026-4711")
    second = booked_bill(by, "R-2026-4712", supplier_id=(first.partner_id))
    total = text_of(first.payable_amount + second.payable_amount)
    both = line(by, f"-{total}", "2026-4711, 2026-4712", name=first.supplier_name)

    assert codes(proposal(by, both)) == ["bills", "amount", "payee"]
    operations.match_line(both.id, by=by, at=make.NOW)
    assert (left(first, by), left(second, by)) == (0, 0)
    third = booked_bill(by, "R-2026-4713", supplier_id=(first.partner_id))
    part = line(by, "-10.00", "2026-4713", name=first.supplier_name)
    assert codes(proposal(by, part)) == ["number", "payee", "part"]
    operations.match_line(part.id, by=by, at=make.NOW)
    assert left(third, by) == third.payable_amount - 1000
    assert broken(world) == set()


def test_a_payment_that_was_recorded_before_is_not_paid_again(world):
    by = world.alice
    bank = account(by)
    bill = booked_bill(by, "R-2026-4711")
    data = {"bills": [{"bill": str(bill.id)}], "paid_on": make.TODAY.isoformat(),
            "account": str(bank.ledger_account_id)}  # fmt: skip
    paid = payments.pay_bills(by=by, data=data, at=make.NOW)
    amount, name = f"-{text_of(bill.payable_amount)}", bill.supplier_name
    row = line(by, amount, "2026-4711", name=name, ref="1")
    found = proposal(by, row)

    assert (found.kind, found.parts[0].id, found.score) == ("disbursement", paid.id, 100)
    operations.match_line(row.id, by=by, at=make.NOW)
    assert proposal(by, line(by, amount, "2026-4711", name=name, ref="2")) is None
    assert broken(world) == set()
    operations.reopen_line(row.id, by=by, at=make.NOW)
    assert left(bill, by) == 0  # it was paid without the line, and stays so
    assert broken(world) == set()


def test_a_refund_that_was_paid_is_what_the_line_stands_for(world):
    by = world.alice
    bank = account(by)
    client = make.client(by)
    payment = payments.record_payment(
        by=by, at=make.NOW,
        data={"client": str(client.id), "amount": {"amount": "50.00", "currency": "EUR"},
              "received_on": make.TODAY.isoformat(), "method": "bank_transfer"},
    )  # fmt: skip
    refund = payments.request_refund(
        by=by, at=make.NOW,
        data={"payment": str(payment.id), "amount": {"amount": "50.00", "currency": "EUR"},
              "reason": "Paid twice", "account": str(bank.ledger_account_id)},
    )  # fmt: skip
    row = line(by, "-50.00", "Erstattung", name=client.name)
    found = proposal(by, row)

    assert (found.kind, found.parts[0].id) == ("refund", refund.id)
    operations.match_line(row.id, by=by, at=make.NOW)
    share = queries.get_line(row.id, by=by).matches.all()[0]
    assert (share.kind, share.refund_id) == ("refund", refund.id)
    assert broken(world) == set()


def test_what_is_too_much_or_unknown_is_left_alone(world):
    by = world.alice
    account(by)
    bill = booked_bill(by, "R-2026-4711")

    assert proposal(by, line(by, f"-{text_of(bill.payable_amount + 1)}", "2026-4711")) is None
    assert proposal(by, line(by, "-3.21", "MIETE 11/26", name="Hausverwaltung Nord")) is None


def test_bills_of_others_bank_money_in_and_no_permission_are_refused(world):
    by = world.alice
    account(by)
    bill = booked_bill(by, "R-2026-4711")
    amount = text_of(bill.payable_amount)
    parts = [{"kind": "bill", "id": str(bill.id), "amount": amount}]
    money_in = line(by, amount, "2026-4711")
    with pytest.raises(GuilderError):
        operations.match_line(money_in.id, by=by, at=make.NOW, parts=parts)
    money_out = line(by, f"-{amount}", "x")
    with pytest.raises(NotAllowed):
        operations.match_line(money_out.id, by=world.bob, at=make.NOW, parts=parts)
    account(world.mallory)
    theirs = line(world.mallory, f"-{amount}", "x")
    with pytest.raises(GuilderError):
        operations.match_line(theirs.id, by=world.mallory, at=make.NOW, parts=parts)
    assert left(bill, by) == bill.payable_amount
    operations.match_line(money_out.id, by=by, at=make.NOW, parts=parts)
    assert left(bill, by) == 0
    assert broken(world) == set()


def test_steps_know_as_much_as_all_at_once(world):
    by = world.alice
    bank = account(by)
    client = make.client(by)
    made = [make.issued_invoice(by, client_id=client.id) for _ in range(6)]
    entries = [
        entry("119.00", f"RE {made[0].number}", name=client.name, ref="1"),
        entry("119.00", f"RE {made[0].number}", name=client.name, ref="2"),
        entry("119.00", f"{made[1].number}", name="Somebody Else", ref="3"),
        entry("238.00", f"{made[2].number} {made[3].number}", name=client.name, ref="4"),
        entry("119.00", "thanks", name=client.name, ref="5"),
        entry("60.00", f"{made[4].number}", name=client.name, ref="6"),
        entry("118.00", f"{made[5].number}", ref="7", on=make.TODAY - timedelta(days=1)),
        entry("4.00", "interest", ref="8"),
        entry("-119.00", "RETOURE", name=client.name, ref="9"),
    ]
    imported(by, entries)
    rows = queries.open_lines(bank.id, by=by)
    facts = [queries.line_fact(one) for one in rows]
    found = get_account(bank.id, by=by)
    with transaction(world.organization):
        known = queries.gather(facts, found, organization_id=world.organization)

    assert queries.proposals(rows, found, by=by) == calc.propose_all(facts, known)
