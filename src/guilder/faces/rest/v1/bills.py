"""/bills/: what suppliers ask for, from draft to booked and paid."""

from datetime import date
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.bills import operations, queries
from guilder.books.bills.schemas import BillOut, BillSummaryOut, bill_out, bill_summary
from guilder.books.payments import operations as payments
from guilder.books.payments.models import Disbursement
from guilder.books.payments.queries import disbursements
from guilder.books.payments.schemas import MoneyOut
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Category, Currency, Day, Id, Method
from guilder.flows.intake import operations as intake
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

SOMEBODY = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
LISTING = Listing(
    shape=BillSummaryOut,
    filters={
        "supplier": Filter("supplier_id", "id", ("",)),
        "status": Filter("status", "text", ("",)),
        "kind": Filter("kind", "text", ("",)),
        "currency": Filter("currency", "text", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
    searches=True,
)
EXAMPLE = {
    "supplier": SOMEBODY,
    "number": "R-2026-17",
    "issued_on": "2026-11-12",
    "lines": [{"name": "Paper", "quantity": "2", "unit_price": "50.00", "tax": "standard"}],
}


class BillLineIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A line: `tax` is one of your codes, else category and rate as the supplier charges them.
    `account` is of the chart; left out, it goes where this supplier's lines usually go."""

    unit_price: Amount
    name: str = ""
    description: str = ""
    quantity: Amount = "1"
    unit: str = "C62"
    tax: str = ""
    tax_category: Category | None = None
    tax_rate: Amount | None = None
    account: Id | None = None


class BillIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A supplier's bill as it is entered by hand, under the supplier's number."""

    supplier: Id
    number: str
    issued_on: Day
    lines: list[BillLineIn]
    kind: str = "bill"
    due_on: Day | None = None
    supplied_on: Day | None = None
    currency: Currency | msgspec.UnsetType = msgspec.UNSET
    iban: str = ""
    bic: str = ""
    remittance: str = ""
    order_reference: str = ""
    notes: str = ""


class BillPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes of a draft; lines are replaced whole."""

    supplier: Id | msgspec.UnsetType = msgspec.UNSET
    number: str = ""
    issued_on: Day | msgspec.UnsetType = msgspec.UNSET
    lines: list[BillLineIn] = []
    kind: str = "bill"
    due_on: Day | None = None
    supplied_on: Day | None = None
    currency: Currency | msgspec.UnsetType = msgspec.UNSET
    iban: str = ""
    bic: str = ""
    remittance: str = ""
    order_reference: str = ""
    notes: str = ""


class BookIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The day in the books; the bill's own when left out."""

    booked_on: Day | None = None


class CancelIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why a bill leaves the books, and the day of the entry that takes it out."""

    reason: str
    cancelled_on: Day | None = None


class BillNoteIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Words for who approves."""

    note: str = ""


class BillCommentIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Words of who approves; needed where the answer is no."""

    comment: str = ""


class BillCreditIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The bill that a credit note pays; without an amount, as much as both leave."""

    bill: Id
    amount: Amount | None = None


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


@route("GET", "bills/", permission="bill.view", answer=BillSummaryOut, listing=LISTING)
def list_bills(call: Call) -> Any:
    """List bills"""
    query = read_query(call.request.GET, listing=LISTING)
    wanted = queries.BillFilter(
        today=call.today,
        q=query.q,
        **{LISTING.filters[name].column: value for name, value in query.where.items()},
    )
    before = query.after[1] if query.after else None
    found = queries.list_bills(wanted, by=call.by, limit=query.limit + 1, before=before)
    return page_of_records(found, query, shape=lambda row: bill_summary(row, on=call.today))


@route("POST", "bills/", permission="bill.edit", body=BillIn, answer=BillOut, example=EXAMPLE)
def create_bill(call: Call) -> BillOut:
    """Enter a bill"""
    made = operations.create_bill(by=call.by, data=call.body, at=call.at)
    call.place(f"bills/{made.id}/")
    return shown(call, made)


@route("GET", "bills/{id}/", permission="bill.view", answer=BillOut)
def read_bill(call: Call) -> BillOut:
    """Read a bill"""
    return shown(call, queries.get_bill(call.id, by=call.by))


@route(
    "PATCH",
    "bills/{id}/",
    permission="bill.edit",
    body=BillPatch,
    answer=BillOut,
    example={"notes": "Second half of the order"},
)
def update_bill(call: Call) -> BillOut:
    """Change a draft"""
    made = operations.update_bill(
        call.id, by=call.by, data=call.body, at=call.at, version=call.version
    )
    return shown(call, made)


@route("DELETE", "bills/{id}/", permission="bill.delete")
def delete_bill(call: Call) -> None:
    """Throw a draft away"""
    intake.discard_bill(call.id, by=call.by, at=call.at)


@route("POST", "bills/{id}/book/", permission="bill.book", body=BookIn, answer=BillOut, example={})
def book_bill(call: Call) -> BillOut:
    """Book a bill"""
    wire = Wire(call.body)
    wire.known(("booked_on",))
    on = wire.day("booked_on")
    wire.done()
    made = operations.book_bill(call.id, by=call.by, at=call.at, on=on, version=call.version)
    return shown(call, made)


@route(
    "POST",
    "bills/{id}/cancel/",
    permission="bill.book",
    body=CancelIn,
    answer=BillOut,
    example={"reason": "Wrong goods"},
)
def cancel_bill(call: Call) -> BillOut:
    """Take a bill out of the books"""
    wire = Wire(call.body)
    wire.known(CancelIn.__struct_fields__)
    reason = wire.text("reason", most=200, required=True)
    on = wire.day("cancelled_on")
    wire.done()
    made = operations.cancel_bill(
        call.id, by=call.by, at=call.at, reason=reason, on=on, version=call.version
    )
    return shown(call, made)


@route(
    "POST",
    "bills/{id}/submit/",
    permission="bill.edit",
    body=BillNoteIn,
    answer=BillOut,
    example={"note": "Agreed by phone"},
)
def submit_bill(call: Call) -> BillOut:
    """Ask for the approval of a bill"""
    note = words(call, "note")
    made = operations.submit_bill(call.id, by=call.by, at=call.at, version=call.version, note=note)
    return shown(call, made)


@route(
    "POST",
    "bills/{id}/approve/",
    permission="invoice.approve",
    body=BillCommentIn,
    answer=BillOut,
    example={},
)
def approve_bill(call: Call) -> BillOut:
    """Approve a bill"""
    comment = words(call, "comment")
    made = operations.approve_bill(
        call.id, by=call.by, at=call.at, version=call.version, comment=comment
    )
    return shown(call, made)


@route(
    "POST",
    "bills/{id}/reject/",
    permission="invoice.approve",
    body=BillCommentIn,
    answer=BillOut,
    example={"comment": "The price is wrong"},
)
def reject_bill(call: Call) -> BillOut:
    """Refuse to approve a bill"""
    comment = words(call, "comment")
    made = operations.reject_bill(
        call.id, by=call.by, at=call.at, version=call.version, comment=comment
    )
    return shown(call, made)


@route("POST", "bills/{id}/recall/", permission="bill.edit", answer=BillOut, example={})
def recall_bill(call: Call) -> BillOut:
    """Ask for the approval of a bill no longer"""
    return shown(call, operations.recall_bill(call.id, by=call.by, at=call.at))


@route(
    "POST",
    "bills/{id}/apply/",
    permission="bill.book",
    body=BillCreditIn,
    answer=BillOut,
    example={"bill": SOMEBODY},
)
def apply_bill_credit(call: Call) -> BillOut:
    """Let a supplier's credit note pay a bill"""
    wire = Wire(call.body)
    wire.known(BillCreditIn.__struct_fields__)
    bill = wire.identity("bill", required=True)
    amount = wire.decimal("amount", places=4)
    wire.done()
    made = operations.apply_credit(
        call.id, cast("UUID", bill), by=call.by, at=call.at, on=call.today, amount=amount
    )
    return shown(call, made)


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


def words(call: Call, name: str) -> str:
    """The one text of a body."""
    wire = Wire(call.body)
    wire.known((name,))
    told = wire.text(name, most=1_000, lines=True)
    wire.done()
    return told


def shown(call: Call, row: Any) -> BillOut:
    """A bill as it is answered."""
    return bill_out(row, on=call.today)


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
