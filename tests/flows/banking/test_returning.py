"""What we sent and what comes back: orders of refunds, returned transfers, and undoing both."""

from datetime import date, timedelta
from typing import Any

import pytest

from guilder.books.bills import queries as bills
from guilder.books.payments import operations as payments
from guilder.books.payments.queries import get_payment
from guilder.books.payments.queries.refunds import get_refund
from guilder.books.sepa import operations as sepa
from guilder.flows.banking import calc, operations, queries
from guilder.flows.banking.operations.posting import WrongMoney
from guilder.kernel.money import Money
from tests import make
from tests.books.sepa import making
from tests.books.sepa.test_refunds import ON_ITS_DAY, asked, own_account, paid_in, transfer
from tests.flows.banking.banking import account, codes, entry, imported, proposal
from tests.flows.banking.test_automatic import broken

LATER = make.TODAY + timedelta(days=5)


def lines(by: Any, *entries: dict[str, Any]) -> list[Any]:
    """Open lines of one statement, in its order."""
    outcome = imported(by, list(entries))
    found = queries.list_lines(by=by, statement_id=outcome.statements[0].id)
    return sorted(found, key=lambda one: one.position)


def ordered(by: Any) -> tuple[Any, Any, Any]:
    """A bill and a refund of 50.00 in one order that the bank has carried out."""
    account(by)
    client = make.client(by)
    own_account(by, client.id)
    refund = asked(by, paid_in(by, client))
    bill = make.bill(by, booked=True)
    own_account(by, bill.partner_id)
    batch = making.handed(by, transfer(by, refund, bills=(bill,)))
    sepa.book_due(by=by, at=ON_ITS_DAY)
    return batch, bill, refund


def left(bill: Any, by: Any) -> int:
    return bills.get_bill(bill.id, by=by).open_amount


def item_for(by: Any, batch: Any, refund: Any) -> Any:
    return next(one for one in making.items(by, batch) if one.refund_id == refund.id)


def test_one_debit_for_the_whole_file_takes_bill_and_refund_to_the_bank(world):
    by = world.alice
    batch, bill, refund = ordered(by)
    total = -(5000 + bill.payable_amount)
    (row,) = lines(by, entry(str(Money(total, "EUR")), batch.message_id, on=date(2026, 11, 23)))
    found = proposal(by, row)

    assert (found.kind, found.score) == ("disbursement", 99)
    assert sorted(one.kind for one in found.parts) == ["disbursement", "refund"]
    operations.match_line(row.id, by=by, at=ON_ITS_DAY)
    assert broken(world) == set()
    operations.reopen_line(row.id, by=by, at=ON_ITS_DAY)
    assert get_refund(refund.id, by=by).status == "paid"  # the order stands without its line
    assert broken(world) == set()


@pytest.mark.parametrize("fee", [0, 350], ids=["whole", "less a fee"])
def test_a_refund_that_comes_back_is_the_clients_credit_again_and_can_be_undone(world, fee):
    by = world.alice
    batch, _, refund = ordered(by)
    item = item_for(by, batch, refund)
    out, back = lines(
        by,
        entry("-50.00", item.remittance, e2e=item.end_to_end, on=date(2026, 11, 23), ref="1"),
        entry(str(Money(5000 - fee, "EUR")), "RETURN", e2e=item.end_to_end, on=LATER, ref="2"),
    )
    operations.match_line(out.id, by=by, at=ON_ITS_DAY)
    found = proposal(by, back)

    assert (found.kind, found.parts[0].kind, found.score) == (
        "return", "refund_return", 90 if fee else 97)  # fmt: skip
    assert codes(found) == ["returned_transfer", *(["return_fee"] if fee else [])]
    operations.match_line(back.id, by=by, at=ON_ITS_DAY)
    assert get_refund(refund.id, by=by).status == "reversed"
    assert get_payment(refund.payment_id, by=by).unallocated_amount == 11900
    assert item_for(by, batch, refund).state == "returned"
    assert broken(world) == set()
    operations.reopen_line(back.id, by=by, at=ON_ITS_DAY)
    assert get_payment(refund.payment_id, by=by).unallocated_amount == 6900
    assert broken(world) == set()
    assert {one.state for one in making.items(by, batch)} == {"booked"}
    operations.match_line(back.id, by=by, at=ON_ITS_DAY)
    assert broken(world) == set()


def test_a_transfer_for_a_bill_that_comes_back_opens_it_and_says_why(world):
    by = world.alice
    batch, bill, _ = ordered(by)
    item = next(one for one in making.items(by, batch) if one.bill_id)
    amount = str(Money(bill.payable_amount, "EUR"))
    out, back = lines(
        by,
        entry(f"-{amount}", item.remittance, e2e=item.end_to_end, on=date(2026, 11, 23), ref="1"),
        entry(amount, "", e2e=item.end_to_end, on=LATER, ref="2"),
    )
    operations.match_line(out.id, by=by, at=ON_ITS_DAY)
    operations.match_line(back.id, by=by, at=ON_ITS_DAY)

    assert left(bill, by) == bill.payable_amount
    assert broken(world) == set()
    operations.reopen_line(back.id, by=by, at=ON_ITS_DAY)
    assert left(bill, by) == 0
    assert broken(world) == set()
    operations.reopen_line(out.id, by=by, at=ON_ITS_DAY)
    assert broken(world) == set()


def test_a_bill_paid_at_the_bank_itself_comes_back_in_words(world):
    by = world.alice
    account(by)
    bill = make.bill(by, number="R-2026-4711", booked=True)
    amount, name = str(Money(bill.payable_amount, "EUR")), bill.supplier_name
    out, plain, back = lines(
        by,
        entry(f"-{amount}", "2026-4711", name=name, ref="1"),
        entry(amount, "2026-4711", name=name, ref="2", on=LATER),
        entry(amount, "RETURNED 2026-4711", name=name, ref="3", on=LATER),
    )
    operations.match_line(out.id, by=by, at=make.NOW)

    assert proposal(by, plain) is None  # the bank does not say that it is a return
    found = proposal(by, back)
    assert (found.kind, found.parts[0].kind, codes(found)) == (
        "return", "disbursement_return", ["departed"])  # fmt: skip
    operations.match_line(back.id, by=by, at=make.NOW)
    assert left(bill, by) == bill.payable_amount
    assert broken(world) == set()
    with pytest.raises(WrongMoney):
        operations.match_line(
            plain.id, by=by, at=make.NOW,
            parts=[{"kind": "refund_return", "id": str(refund_of_another(by)), "amount": amount}],
        )  # fmt: skip
    operations.reopen_line(back.id, by=by, at=make.NOW)
    assert left(bill, by) == 0
    assert broken(world) == set()


def refund_of_another(by: Any) -> Any:
    """A refund that this account never paid."""
    client = make.client(by)
    data = {
        "payment": str(paid_in(by, client).id),
        "amount": {"amount": "50.00", "currency": "EUR"},
        "reason": "Paid twice",
        "method": "cash",
    }
    return payments.request_refund(by=by, data=data, at=make.NOW).id


def fact(amount: int, **changes: Any) -> calc.Line:
    from uuid import UUID

    return calc.Line(id=UUID(int=1), amount=amount, currency="EUR", booked_on=make.TODAY, **changes)


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"code": "PMNT/ICDT/RRTN"}, True),
        ({"code": "PMNT/RCDT/ESCT AC04"}, True),
        ({"code": "NTRF"}, False),
        ({"is_reversal": True}, True),
        ({"text": "Rückgabe"}, True),
        ({"text": "Rechnung 4711"}, False),
    ],
    ids=["sub-family", "reason", "transfer", "reversal", "word", "nothing"],
)
def test_banks_tell_returns_by_code_reversal_or_word(changes, is_told):
    assert calc.is_told_back(fact(5000, **changes)) is is_told


def test_the_banks_reason_is_told(world):
    by = world.alice
    batch, _, refund = ordered(by)
    item = item_for(by, batch, refund)
    known = calc.Known(
        ordered=[
            calc.Ordered(
                item.id, None, "Anna", 5000, "RMA-7", frozenset({item.end_to_end}),
                refund_id=refund.id,
            )
        ]
    )  # fmt: skip
    line = fact(5000, code="PMNT/ICDT/RRTN AC04", end_to_end=item.end_to_end)
    found = calc.propose(line, known)

    assert found is not None
    assert [(one.code, one.values.get("code")) for one in found.reasons] == [
        ("returned_transfer", None), ("bank_reason", "AC04")]  # fmt: skip
