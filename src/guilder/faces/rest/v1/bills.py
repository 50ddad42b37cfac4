"""/bills/: what suppliers ask for, from draft to booked and paid."""

from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.bills import operations, queries
from guilder.books.bills.schemas import BillOut, BillSummaryOut, bill_out, bill_summary
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Category, Currency, Day, Id
from guilder.flows.intake import operations as intake
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
