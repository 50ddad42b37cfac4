"""/recurring-invoices/: kept, paused, resumed, ended; each period is invoiced by itself."""

from typing import Any, Literal

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.expanding import CLIENT, QUERY, clients_of, widened
from guilder.faces.rest.wire import Day
from guilder.flows.billing import operations, queries
from guilder.flows.billing.schemas import RecurringOut, recurring_out
from guilder.kernel.wire import Wire

LISTING = Listing(
    shape=RecurringOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "status": Filter("state", "text", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
    searches=True,
    expands=CLIENT,
)
SOMEBODY = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
EXAMPLE = {
    "name": "Hosting",
    "pattern": {
        "client": SOMEBODY,
        "currency": "EUR",
        "lines": [
            {"description": "Hosting {month}", "quantity": "1", "unit_price": "49.00",
             "tax": "standard"}
        ],
    },
    "unit": "month",
    "first_on": "2026-12-01",
    "act": "send",
}  # fmt: skip
Unit = Literal["day", "week", "month", "quarter", "year"]
Act = Literal["draft", "issue", "send"]


class RecurringIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A pattern (the body of an invoice) and its rhythm.

    Texts of the pattern may name {period}, {from}, {to}, {month}, {year} and {number}.
    """

    name: str
    pattern: dict[str, Any]
    unit: Unit = "month"
    every: int = 1
    first_on: Day | None = None
    last_on: Day | None = None
    most: int | None = None
    in_advance: bool = True
    act: Act = "draft"


class ResumeIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """With `skip_missed` what fell due meanwhile is never invoiced."""

    skip_missed: bool = False


@route(
    "GET", "recurring-invoices/", permission="invoice.view", answer=RecurringOut, listing=LISTING
)
def list_recurring(call: Call) -> Any:
    """List recurring invoices

    `status` is one of running, paused, ended, troubled.
    """
    query = read_query(call.request.GET, listing=LISTING)
    wanted = {LISTING.filters[name].column: value for name, value in query.where.items()}
    if wanted.get("state", "") not in queries.STATES:
        wire = Wire({"status": wanted["state"]})
        wire.choice("status", [one for one in queries.STATES if one])
        wire.done()
    found = queries.list_recurring(
        by=call.by,
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
        q=query.q,
        **wanted,
    )
    return page_of_records(found, query, shape=recurring_out, widen=clients_of(call))


@route(
    "POST",
    "recurring-invoices/",
    permission="invoice.create",
    body=RecurringIn,
    answer=RecurringOut,
    example=EXAMPLE,
)
def save_recurring(call: Call) -> RecurringOut:
    """Set up a recurring invoice"""
    record = operations.save_recurring(by=call.by, data=call.body, at=call.at)
    call.place(f"recurring-invoices/{record.id}/")
    return recurring_out(record)


@route(
    "GET",
    "recurring-invoices/{id}/",
    permission="invoice.view",
    answer=RecurringOut,
    query=QUERY,
)
def read_recurring(call: Call) -> RecurringOut:
    """Read a recurring invoice"""
    return widened(call, recurring_out(queries.get_recurring(call.id, by=call.by)))


@route(
    "PUT",
    "recurring-invoices/{id}/",
    permission="invoice.create",
    body=RecurringIn,
    answer=RecurringOut,
    example=EXAMPLE,
)
def change_recurring(call: Call) -> RecurringOut:
    """Change a recurring invoice from the next period on"""
    record = operations.save_recurring(
        by=call.by, data=call.body, at=call.at, recurring_id=call.id, version=call.version
    )
    return recurring_out(record)


@route("POST", "recurring-invoices/{id}/pause/", permission="invoice.create", answer=RecurringOut)
def pause_recurring(call: Call) -> RecurringOut:
    """Pause a recurring invoice"""
    return recurring_out(operations.pause_recurring(call.id, by=call.by, at=call.at))


@route(
    "POST",
    "recurring-invoices/{id}/resume/",
    permission="invoice.create",
    body=ResumeIn,
    answer=RecurringOut,
    example={},
)
def resume_recurring(call: Call) -> RecurringOut:
    """Resume a recurring invoice"""
    wire = Wire(call.body)
    wire.known(("skip_missed",))
    skip = wire.flag("skip_missed")
    wire.done()
    record = operations.resume_recurring(call.id, by=call.by, at=call.at, skip_missed=skip)
    return recurring_out(record)


@route("POST", "recurring-invoices/{id}/end/", permission="invoice.create", answer=RecurringOut)
def end_recurring(call: Call) -> RecurringOut:
    """End a recurring invoice"""
    return recurring_out(operations.end_recurring(call.id, by=call.by, at=call.at))
