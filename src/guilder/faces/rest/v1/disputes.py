"""/disputes/: a client objects to an invoice, and somebody settles it."""

from typing import Any, Literal

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Day, Id
from guilder.kernel.wire import Wire
from guilder.office.dunning import operations, queries
from guilder.office.dunning.schemas import DisputeOut, dispute_out

LISTING = Listing(
    shape=DisputeOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "invoice": Filter("invoice_id", "id", ("",)),
        "status": Filter("state", "text", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)
SOMETHING = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
STATES = ("open", "late", "settled")
Category = Literal["quality", "quantity", "price", "not_received", "not_ordered", "paid", "other"]
Outcome = Literal["upheld", "credited", "withdrawn"]


class NewDisputeIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What the client objects to; `deadline_on` is until when we answer."""

    invoice: Id
    category: Category = "other"
    reason: str = ""
    deadline_on: Day | None = None


class SettleIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The invoice stands, was credited in part or whole, or the client gave in."""

    outcome: Outcome
    note: str = ""


@route("GET", "disputes/", permission="reminder.view", answer=DisputeOut, listing=LISTING)
def list_disputes(call: Call) -> Any:
    """List disputes

    `status` is one of open, late, settled.
    """
    query = read_query(call.request.GET, listing=LISTING)
    wanted = {LISTING.filters[name].column: value for name, value in query.where.items()}
    wire = Wire({"status": wanted.get("state")})
    wire.choice("status", STATES)
    wire.done()
    found = queries.list_disputes(
        by=call.by,
        limit=query.limit + 1,
        today=call.today,
        after=query.after[1] if query.after else None,
        **wanted,
    )
    return page_of_records(found, query, shape=dispute_out)


@route(
    "POST", "disputes/", permission="invoice.edit", body=NewDisputeIn, answer=DisputeOut,
    example={"invoice": SOMETHING, "category": "quality", "reason": "Broken on arrival"},
)  # fmt: skip
def open_dispute(call: Call) -> DisputeOut:
    """Note that a client objects to an invoice

    It is shown as disputed, and nobody reminds of it.
    """
    record = operations.open_dispute(by=call.by, data=call.body, at=call.at, today=call.today)
    call.place(f"disputes/{record.id}/")
    return dispute_out(record)


@route("GET", "disputes/{id}/", permission="reminder.view", answer=DisputeOut)
def get_dispute(call: Call) -> DisputeOut:
    """Read a dispute"""
    return dispute_out(queries.get_dispute(call.id, by=call.by))


@route(
    "POST", "disputes/{id}/settle/", permission="invoice.edit", body=SettleIn, answer=DisputeOut,
    example={"outcome": "upheld"},
)  # fmt: skip
def settle_dispute(call: Call) -> DisputeOut:
    """Settle a dispute: reminders go on"""
    record = operations.settle_dispute(
        call.id, by=call.by, data=call.body, at=call.at, today=call.today, version=call.version
    )
    return dispute_out(record)
