"""/quotes/: offered, answered, invoiced."""

from typing import Any

import msgspec
from django.http import HttpResponse

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import QuoteRecord
from guilder.books.invoicing.schemas import InvoiceOut, QuoteOut, invoice_out, quote_out
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, file_answer, route
from guilder.faces.rest.v1.expanding import CLIENT, QUERY, clients_of, widened
from guilder.faces.rest.v1.shapes import QuoteIn, QuotePatch
from guilder.faces.rest.wire import Amount, Day, Whole
from guilder.kernel.wire import Wire
from guilder.office.dispatch import operations as dispatch

LISTING = Listing(
    shape=QuoteOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "state": Filter("states"),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
    expands=CLIENT,
)
EXAMPLE = {
    "client": "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11",
    "currency": "EUR",
    "valid_until": "2026-12-31",
    "lines": [
        {"description": "Design", "quantity": "2", "unit": "HUR", "unit_price": "80.00"},
    ],
}


class QuoteDateIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The date on the quote; today when left out."""

    quoted_on: Day | None = None


class AcceptIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Who agreed."""

    name: str = ""


class DeclineIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why not."""

    reason: str = ""


class QuotedLineIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A line by its position from 1; all that is left of it, or a quantity."""

    line: Whole
    quantity: Amount | None = None


class InvoiceQuoteIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What is invoiced: all that is left, or some lines; as an invoice or a deposit."""

    lines: list[QuotedLineIn] | None = None
    kind: str = "invoice"


def shaped(call: Call, record: QuoteRecord) -> QuoteOut:
    """One quote."""
    return quote_out(record, on=call.today)


@route("GET", "quotes/", permission="quote.view", answer=QuoteOut, listing=LISTING)
def list_quotes(call: Call) -> Any:
    """List quotes"""
    query = read_query(call.request.GET, listing=LISTING)
    states = query.where.get("state__in", ())
    if "state" in query.where:
        states = [query.where["state"]]
    found = queries.list_quotes(
        by=call.by,
        partner_id=query.where.get("client"),
        states=tuple(states),
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
    )
    return page_of_records(
        found, query, shape=lambda record: shaped(call, record), widen=clients_of(call)
    )


@route("POST", "quotes/", permission="quote.edit", body=QuoteIn, answer=QuoteOut, example=EXAMPLE)
def create_quote(call: Call) -> QuoteOut:
    """Draft a quote"""
    record = operations.create_quote(by=call.by, data=call.body, at=call.at)
    call.place(f"quotes/{record.id}/")
    return shaped(call, record)


@route("GET", "quotes/{id}/", permission="quote.view", answer=QuoteOut, query=QUERY)
def read_quote(call: Call) -> QuoteOut:
    """Read a quote"""
    return widened(call, shaped(call, queries.get_quote(call.id, by=call.by)))


@route("PATCH", "quotes/{id}/", permission="quote.edit", body=QuotePatch, answer=QuoteOut)
def update_quote(call: Call) -> QuoteOut:
    """Change a drafted quote"""
    record = operations.update_quote(
        call.id, by=call.by, data=call.body, at=call.at, version=call.version
    )
    return shaped(call, record)


@route("DELETE", "quotes/{id}/", permission="quote.delete", answer=None)
def delete_quote(call: Call) -> None:
    """Throw a drafted quote away"""
    operations.delete_quote(call.id, by=call.by, version=call.version)


@route(
    "POST",
    "quotes/{id}/send/",
    permission="quote.send",
    body=QuoteDateIn,
    answer=QuoteOut,
    example={},
)
def send_quote(call: Call) -> QuoteOut:
    """Number a quote and send it out"""
    wire = Wire(call.body)
    wire.known(("quoted_on",))
    on = wire.day("quoted_on")
    wire.done()
    return shaped(call, operations.send_quote(call.id, by=call.by, at=call.at, on=on))


@route(
    "POST",
    "quotes/{id}/accept/",
    permission="quote.edit",
    body=AcceptIn,
    answer=QuoteOut,
    example={"name": "Kim Lee"},
)
def accept_quote(call: Call) -> QuoteOut:
    """Note that the client agrees"""
    wire = Wire(call.body)
    wire.known(("name",))
    name = wire.text("name", most=200)
    wire.done()
    return shaped(call, operations.accept_quote(call.id, by=call.by, at=call.at, name=name))


@route(
    "POST",
    "quotes/{id}/decline/",
    permission="quote.edit",
    body=DeclineIn,
    answer=QuoteOut,
    example={"reason": "Too late"},
)
def decline_quote(call: Call) -> QuoteOut:
    """Note that the client refuses"""
    wire = Wire(call.body)
    wire.known(("reason",))
    reason = wire.text("reason", most=200)
    wire.done()
    return shaped(call, operations.decline_quote(call.id, by=call.by, at=call.at, reason=reason))


@route(
    "POST",
    "quotes/{id}/invoice/",
    permission="invoice.create",
    body=InvoiceQuoteIn,
    answer=InvoiceOut,
    status=201,
    example={"lines": [{"line": 1, "quantity": "1"}]},
)
def invoice_quote(call: Call) -> InvoiceOut:
    """Draft an invoice of it"""
    wire = Wire(call.body)
    wire.known(("lines", "kind"))
    lines = None
    if call.body.get("lines") is not None:
        lines = [part.data for part in wire.parts("lines", most=5_000)]
    kind = wire.choice("kind", ("invoice", "deposit"), default="invoice")
    wire.done()
    record = operations.invoice_quote(call.id, by=call.by, at=call.at, lines=lines, kind=kind)
    call.place(f"invoices/{record.id}/")
    return invoice_out(record, on=call.today)


@route("GET", "quotes/{id}/pdf/", permission="quote.view", answer=bytes, is_bare=True)
def print_quote(call: Call) -> HttpResponse:
    """Get it as a PDF"""
    printed = dispatch.print_paper(call.id, by=call.by, at=call.at, is_quote=True)
    return file_answer(printed.pdf, media_type="application/pdf", filename=printed.filename)
