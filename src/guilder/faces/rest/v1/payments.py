"""/payments/: recorded, applied, taken back."""

from datetime import date
from typing import Any, cast

import msgspec

from guilder.books.payments import operations, queries
from guilder.books.payments.schemas import PaymentOut, payment_out
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.expanding import CLIENT, QUERY, clients_of, widened
from guilder.faces.rest.wire import Amount, Currency, Day, Id, Method
from guilder.kernel.errors import NotFound
from guilder.kernel.wire import Wire

LISTING = Listing(
    shape=PaymentOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "invoice": Filter("invoice_id", "id", ("",)),
        "currency": Filter("currency", "text", ("",)),
        "method": Filter("methods"),
        "received_on": Filter("received", "date", ("", "gte", "lte")),
        "is_unallocated": Filter("is_unallocated", "flag", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
    searches=True,
    expands=CLIENT,
)
SOMEBODY = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
EXAMPLE = {
    "client": SOMEBODY,
    "amount": {"amount": "119.00", "currency": "EUR"},
    "received_on": "2026-11-20",
    "method": "bank_transfer",
    "allocations": [{"invoice": SOMEBODY, "amount": "119.00"}],
}


class MoneyIn(msgspec.Struct, forbid_unknown_fields=True):
    """An amount, as a decimal string, and its currency."""

    amount: Amount
    currency: Currency


class AllocationIn(msgspec.Struct, forbid_unknown_fields=True):
    """A part for one invoice, in the payment's currency."""

    invoice: Id
    amount: Amount


class PaymentIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Money from a client. With `auto` the rest goes to what is open, the longest due first."""

    client: Id
    amount: MoneyIn
    received_on: Day | None = None
    method: Method = "bank_transfer"
    reference: str = ""
    notes: str = ""
    account: Id | None = None
    allocations: list[AllocationIn] = []
    auto: bool = False


class AllocateIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What the rest of the payment is applied to."""

    allocations: list[AllocationIn] = []
    auto: bool = False
    allocated_on: Day | None = None


class ReversalIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why the payment did not happen, and the day of the reversal."""

    reason: str
    reversed_on: Day | None = None


class AllocationReversalIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The day of the reversal; today when left out."""

    reversed_on: Day | None = None


@route("GET", "payments/", permission="payment.view", answer=PaymentOut, listing=LISTING)
def list_payments(call: Call) -> Any:
    """List payments"""
    query = read_query(call.request.GET, listing=LISTING)
    wanted: dict[str, Any] = {}
    for name, value in query.where.items():
        field, _, operator = name.partition("__")
        column = LISTING.filters[field].column
        if column == "methods":
            wanted[column] = value if isinstance(value, list) else [value]
        elif column == "received":
            ends = {"": ("from", "to"), "gte": ("from",), "lte": ("to",)}[operator]
            wanted |= {f"{column}_{end}": value for end in ends}
        else:
            wanted[column] = value
    found = queries.list_payments(
        by=call.by,
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
        q=query.q,
        **wanted,
    )
    return page_of_records(found, query, shape=payment_out, widen=clients_of(call))


@route(
    "POST",
    "payments/",
    permission="payment.record",
    body=PaymentIn,
    answer=PaymentOut,
    example=EXAMPLE,
)
def record_payment(call: Call) -> PaymentOut:
    """Record a payment"""
    record = operations.record_payment(by=call.by, data=call.body, at=call.at, late=call.late)
    call.place(f"payments/{record.id}/")
    return payment_out(record)


@route("GET", "payments/{id}/", permission="payment.view", answer=PaymentOut, query=QUERY)
def read_payment(call: Call) -> PaymentOut:
    """Read a payment"""
    return widened(call, payment_out(queries.get_payment(call.id, by=call.by)))


@route(
    "POST",
    "payments/{id}/allocate/",
    permission="payment.record",
    body=AllocateIn,
    answer=PaymentOut,
    example={"auto": True},
)
def allocate_payment(call: Call) -> PaymentOut:
    """Apply the rest of a payment"""
    wire = Wire(call.body)
    wire.known(AllocateIn.__struct_fields__)
    shares = [part.data for part in wire.parts("allocations")]
    auto = wire.flag("auto")
    on = cast("date", wire.day("allocated_on", default=call.today))
    if not shares and not auto:
        wire.fault("allocations", "required", "Name at least one invoice, or send “auto”: true.")
    wire.done()
    record = operations.allocate_payment(
        call.id, by=call.by, on=on, at=call.at, allocations=shares, auto=auto
    )
    return payment_out(record)


@route(
    "POST",
    "payments/{id}/reverse/",
    permission="payment.reverse",
    body=ReversalIn,
    answer=PaymentOut,
    example={"reason": "Bounced"},
)
def reverse_payment(call: Call) -> PaymentOut:
    """Take a payment back"""
    wire = Wire(call.body)
    wire.known(ReversalIn.__struct_fields__)
    reason = wire.text("reason", most=200, required=True)
    on = cast("date", wire.day("reversed_on", default=call.today))
    wire.done()
    record = operations.reverse_payment(call.id, by=call.by, on=on, at=call.at, reason=reason)
    return payment_out(record)


@route(
    "POST",
    "payments/{id}/allocations/{allocation}/reverse/",
    permission="payment.reverse",
    body=AllocationReversalIn,
    answer=PaymentOut,
    example={},
)
def reverse_allocation(call: Call) -> PaymentOut:
    """Take a part of a payment off its invoice"""
    wire = Wire(call.body)
    wire.known(("reversed_on",))
    on = cast("date", wire.day("reversed_on", default=call.today))
    wire.done()
    allocation_id = call.path["allocation"]
    payment = queries.get_payment(call.id, by=call.by)
    if allocation_id not in {one.id for one in payment.allocations}:
        raise NotFound("There is no such allocation.")
    record = operations.reverse_allocation(allocation_id, by=call.by, on=on, at=call.at)
    return payment_out(record)
