"""A supplier's credit note pays a bill of the same supplier; both stand on one account, so that
only a difference in rates is booked."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from guilder.books.bills.models import Bill, BillCredit
from guilder.books.bills.operations.locking import Payable, lock_payables
from guilder.books.bills.operations.settling import settle
from guilder.books.bills.operations.telling import note
from guilder.books.bills.queries import NoSuchBill, get_bill
from guilder.books.ledger import operations as ledger
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money


class NotApplicable(Conflict):
    """The credit note does not pay that bill."""

    code = "bill.credit_not_applicable"


def apply_credit(
    credit_note_id: UUID,
    bill_id: UUID,
    *,
    by: Actor,
    at: datetime,
    on: date,
    amount: Decimal | None = None,
) -> Bill:
    """Let a credit note pay a bill, as much as both leave or `amount`; gives the bill.

    Raises NoSuchBill, NotApplicable.
    """
    by.require("bill.book")
    with transaction(by.organization_id):
        held = lock_payables((credit_note_id, bill_id), by=by)
        credit, bill = held.get(credit_note_id), held.get(bill_id)
        if credit is None or bill is None:
            raise NoSuchBill("There is no such bill.")
        refuse_unlike(credit, bill)
        most = min(credit.left, bill.left)
        share = most if amount is None else Money.of(amount, bill.row.currency).minor
        if not 0 < share <= most:
            left = Money(most, bill.row.currency)
            raise NotApplicable(f"At most {left} {left.currency} can be applied. Enter less.")
        made = BillCredit.objects.create(
            organization_id=by.organization_id,
            credit_note_id=credit_note_id,
            bill_id=bill_id,
            amount=share,
            applied_on=on,
            created_by_id=by.user_id,
            created_at=at,
        )
        move(made, credit, bill, share, by=by, at=at, on=on)
        note("bill.credit", bill.row, by=by)
    return get_bill(bill_id, by=by)


def refuse_unlike(credit: Payable, bill: Payable) -> None:
    """Raise NotApplicable unless one is a booked credit note for the other."""
    one, other = credit.row, bill.row
    if one.kind != Bill.Kind.CREDIT_NOTE or one.status != Bill.Status.BOOKED or not bill.is_payable:
        raise NotApplicable("Book both first: a credit note pays a bill.")
    if one.partner_id != other.partner_id or one.currency != other.currency:
        raise NotApplicable("Both must be of one supplier and in one currency.")


def move(
    made: BillCredit, credit: Payable, bill: Payable, share: int, *, by: Actor, at: datetime,
    on: date,
) -> None:  # fmt: skip
    """Take the share off both; where their rates differ, book the difference."""
    row = bill.row
    unlike = bill.base_of(share) - credit.base_of(share)
    if unlike:
        ledger.post(
            ledger.Booking(
                legs=(ledger.Leg("payables", 0, unlike), ledger.Leg("exchange", 0, -unlike)),
                on=on,
                source="bill.credit",
                source_id=made.id if share > 0 else uuid7(),
                currency=row.currency,
                base_currency=row.base_currency,
                rate=row.base_rate or Decimal(1),
                rate_source=row.rate_source,
                partner_id=row.partner_id,
                memo=f"{credit.row.number} for {row.number}"[:200],
            ),
            by=by,
            at=at,
        )
    for one in (credit, bill):
        settle(one.row, share, column="credited_amount", by=by, on=on, at=at)


def undo_credit(credit_id: UUID, *, by: Actor, at: datetime, on: date) -> Bill:
    """Take what a credit note paid off a bill again. Raises NoSuchBill; twice is once."""
    by.require("bill.book")
    with transaction(by.organization_id):
        made = BillCredit.objects.of(by.organization_id).lock().filter(id=credit_id).first()
        if made is None:
            raise NoSuchBill("There is no such credit.")
        if made.is_active:
            held = lock_payables((made.credit_note_id, made.bill_id), by=by)
            credit, bill = held[made.credit_note_id], held[made.bill_id]
            move(made, credit, bill, -made.amount, by=by, at=at, on=on)
            made.is_active = False
            made.save(update_fields=["is_active"])
            note("bill.credit_undo", bill.row, by=by)
    return get_bill(made.bill_id, by=by)
