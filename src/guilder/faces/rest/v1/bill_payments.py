"""/bills/payments/: what suppliers were paid."""

from datetime import date
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.payments import operations as payments
from guilder.books.payments.models import Disbursement
from guilder.books.payments.queries import disbursements
from guilder.books.payments.schemas import MoneyOut
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Day, Id, Method
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

SOMEBODY = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"


class BillShareIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A bill and what it gets; all that is open when left out."""

    bill: Id
    amount: Amount | None = None


class BillPaymentIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Money that a supplier was paid, for bills in one currency."""

    bills: list[BillShareIn]
    paid_on: Day | None = None
    method: Method = "bank_transfer"
    account: Id | None = None
    reference: str = ""
    notes: str = ""


class BillPaymentReversalIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why the money came back, and when."""

    reason: str
    reversed_on: Day | None = None


class BillShareOut(msgspec.Struct):
    """A bill and what it got."""

    bill: UUID
    number: str
    amount: str


class BillPaymentOut(msgspec.Struct, kw_only=True):
    """Money that a supplier was paid, and the bills that it paid."""

    id: UUID
    supplier: UUID
    amount: MoneyOut
    paid_on: date
    method: str
    reference: str
    notes: str
    bills: list[BillShareOut]
    reversed_on: date | None
    reversed_reason: str
    etag: str


PAID = Listing(
    shape=BillPaymentOut,
    filters={"supplier": Filter("supplier_id", "id", ("",))},
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)


@route("GET", "bills/payments/", permission="payment.view", answer=BillPaymentOut, listing=PAID)
def list_bill_payments(call: Call) -> Any:
    """List payments to suppliers"""
    query = read_query(call.request.GET, listing=PAID)
    found = disbursements.list_disbursements(
        by=call.by,
        supplier_id=query.where.get("supplier"),
        limit=query.limit + 1,
        before=query.after[1] if query.after else None,
    )
    return page_of_records(found, query, shape=payment_shown)


@route(
    "POST",
    "bills/payments/",
    permission="payment.record",
    body=BillPaymentIn,
    answer=BillPaymentOut,
    example={"bills": [{"bill": SOMEBODY}], "paid_on": "2026-11-20"},
)
def pay_bills(call: Call) -> BillPaymentOut:
    """Record a payment to a supplier"""
    made = payments.pay_bills(by=call.by, data=call.body, at=call.at)
    call.place(f"bills/payments/{made.id}/")
    return payment_shown(made)


@route("GET", "bills/payments/{id}/", permission="payment.view", answer=BillPaymentOut)
def read_bill_payment(call: Call) -> BillPaymentOut:
    """Read a payment to a supplier"""
    return payment_shown(disbursements.get_disbursement(call.id, by=call.by))


@route(
    "POST",
    "bills/payments/{id}/reverse/",
    permission="payment.reverse",
    body=BillPaymentReversalIn,
    answer=BillPaymentOut,
    example={"reason": "Account closed"},
)
def reverse_bill_payment(call: Call) -> BillPaymentOut:
    """Take a payment to a supplier back"""
    wire = Wire(call.body)
    wire.known(BillPaymentReversalIn.__struct_fields__)
    reason = wire.text("reason", most=200, required=True)
    on = cast("date", wire.day("reversed_on", default=call.today))
    wire.done()
    made = payments.reverse_disbursement(call.id, by=call.by, on=on, at=call.at, reason=reason)
    return payment_shown(made)


def payment_shown(row: Disbursement) -> BillPaymentOut:
    """A payment to a supplier as it is answered."""
    return BillPaymentOut(
        id=row.id,
        supplier=row.partner_id,
        amount=MoneyOut(str(Money(row.amount, row.currency)), row.currency),
        paid_on=row.paid_on,
        method=row.method,
        reference=row.reference,
        notes=row.notes,
        bills=[
            BillShareOut(one.bill.id, one.bill.number, str(Money(one.amount, row.currency)))
            for one in row.allocations.all()
        ],
        reversed_on=row.reversed_on,
        reversed_reason=row.reversed_reason,
        etag=f'"{row.version}"',
    )
