"""/invoices/: drafted, issued, sent, credited; every kind of document that is one."""

from dataclasses import replace
from datetime import date
from typing import Any, cast

import msgspec
from django.utils.translation import gettext

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import InvoiceFilter, InvoiceRecord
from guilder.books.invoicing.queries.lists import sort_value
from guilder.books.invoicing.schemas import (
    InvoiceHeadOut,
    InvoiceOut,
    invoice_head_out,
    invoice_out,
)
from guilder.faces.rest.listing import (
    Filter,
    Listing,
    Query,
    answer_of,
    page_of_records,
    read_query,
)
from guilder.faces.rest.routes import AskFirst, Call, route
from guilder.faces.rest.v1.disputes import Category, Outcome
from guilder.faces.rest.v1.drafting import draft_of, judged_new
from guilder.faces.rest.v1.expanding import CLIENT, QUERY, clients_of, widened
from guilder.faces.rest.v1.mails import MailsOut, SentOut, mail_out, sent_out
from guilder.faces.rest.v1.shapes import DraftIn, DraftPatch
from guilder.faces.rest.wire import Amount, Day, Whole
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.office.channels import operations as channels
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.office.dunning import operations as dunning

KINDS = ("invoice", "debit_note", "deposit", "pro_forma", "credit_note")
LISTING = Listing(
    shape=InvoiceHeadOut,
    filters={
        "kind": Filter("kinds"),
        "status": Filter("words"),
        "client": Filter("partner_id", "id", ("",)),
        "currency": Filter("currency", "text", ("",)),
        "number": Filter("number", "text", ("",)),
        "quote": Filter("quote_id", "id", ("",)),
        "corrects": Filter("corrects_id", "id", ("",)),
        "is_open": Filter("is_open", "flag", ("",)),
        "issued_on": Filter("issued", "date", ("", "gte", "lte")),
        "due_on": Filter("due", "date", ("", "gte", "lte")),
        "created_at": Filter("created", "instant", ("gte", "lte")),
        "updated_at": Filter("updated", "instant", ("gte", "lte")),
    },
    sorts={name: name for name in ("created_at", "issued_on", "due_on", "number", "gross", "open")},
    kinds={
        "created_at": "text?",
        "issued_on": "date?",
        "due_on": "date?",
        "number": "text?",
        "gross": "whole",
        "open": "whole",
    },
    searches=True,
    expands=CLIENT,
)
EXAMPLE = {
    "client": "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11",
    "currency": "EUR",
    "lines": [
        {
            "description": "Design",
            "quantity": "2",
            "unit": "HUR",
            "unit_price": "80.00",
            "tax": "standard",
        }
    ],
}


class IssueIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The issue date; today when left out."""

    issued_on: Day | None = None


class CreditLineIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A line by its position from 1, with a quantity or a net amount; else all that is left."""

    line: Whole
    quantity: Amount | None = None
    amount: Amount | None = None


class CreditIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What is credited: all that is left, or some lines."""

    lines: list[CreditLineIn] | None = None
    reason: str = ""
    issue: bool = True
    issued_on: Day | None = None


class SendIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """To whom, other than the client's own address, and with which words."""

    to: list[str] = []
    message: str = ""


class WriteOffIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why, when, and how much of what is open; all of it when left out."""

    reason: str
    amount: Amount | None = None
    written_off_on: Day | None = None


class DisputeIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Whether the client objects: what to, and until when we answer; or how it ended."""

    is_disputed: bool = True
    category: Category | None = None
    reason: str = ""
    deadline_on: Day | None = None
    outcome: Outcome | None = None
    note: str = ""


def narrowed(query: Query, *, today: date, kinds: tuple[str, ...]) -> InvoiceFilter:
    """The room's filter of a query string."""
    values: dict[str, Any] = {"today": today, "q": query.q, "kinds": kinds}
    for name, value in query.where.items():
        field, _, operator = name.partition("__")
        column = LISTING.filters[field].column
        if column in {"kinds", "words"}:
            values[column] = value if isinstance(value, list) else [value]
        elif column in {"issued", "due", "created", "updated"}:
            ends = {"": ("from", "to"), "gte": ("from",), "lte": ("to",)}[operator]
            values |= {f"{column}_{end}": value for end in ends}
        else:
            values[column] = value
    return InvoiceFilter(**values)


def listed(call: Call, *, kinds: tuple[str, ...] = ()) -> dict[str, Any]:
    """A page of documents of some kinds."""
    query = read_query(call.request.GET, listing=LISTING)
    wanted = narrowed(query, today=call.today, kinds=kinds)
    if kinds:
        wanted = replace(wanted, kinds=[kind for kind in wanted.kinds if kind in kinds] or ["none"])
    found = queries.list_invoices(
        wanted, by=call.by, sort=query.sort, limit=query.limit + 1, after=query.after
    )
    return page_of_records(
        found,
        query,
        shape=lambda record: invoice_head_out(record, on=call.today),
        value=lambda record: sort_value(record, query.sort),
        widen=clients_of(call),
    )


def shaped(call: Call, record: InvoiceRecord) -> InvoiceOut:
    """One document."""
    return invoice_out(record, on=call.today)


def created(call: Call, record: InvoiceRecord) -> InvoiceOut:
    """One document that was just made."""
    call.place(f"invoices/{record.id}/")
    return shaped(call, record)


@route("GET", "invoices/", permission="invoice.view", answer=InvoiceHeadOut, listing=LISTING)
def list_invoices(call: Call) -> Any:
    """List invoices and their kin"""
    return listed(call)


@route(
    "POST",
    "invoices/",
    permission="invoice.create",
    body=DraftIn,
    answer=InvoiceOut,
    example=EXAMPLE,
    asks=judged_new,
)
def create_invoice(call: Call) -> InvoiceOut:
    """Draft an invoice"""
    return created(call, draft_of(call))


@route("GET", "invoices/{id}/", permission="invoice.view", answer=InvoiceOut, query=QUERY)
def read_invoice(call: Call) -> InvoiceOut:
    """Read an invoice"""
    return widened(call, shaped(call, queries.get_invoice(call.id, by=call.by)))


@route("PATCH", "invoices/{id}/", permission="invoice.edit", body=DraftPatch, answer=InvoiceOut)
def update_invoice(call: Call) -> InvoiceOut:
    """Change a draft"""
    record = operations.update_draft(
        call.id, by=call.by, data=call.body, at=call.at, version=call.version
    )
    return shaped(call, record)


@route("DELETE", "invoices/{id}/", permission="invoice.delete", answer=None)
def delete_invoice(call: Call) -> None:
    """Throw a draft away"""
    operations.delete_draft(call.id, by=call.by, version=call.version)


def judged_before(call: Call) -> None:
    """Where the client wants an e-invoice, the official rules are asked before it is issued."""
    on = Wire(call.body).day("issued_on")
    dispatch.require_einvoice(
        call.id, by=call.by, at=call.at, on=on, today=call.today, translate=gettext
    )


@route(
    "POST",
    "invoices/{id}/issue/",
    permission="invoice.issue",
    asks=judged_before,
    body=IssueIn,
    answer=InvoiceOut,
    example={},
)
def issue_invoice(call: Call) -> InvoiceOut:
    """Issue a draft"""
    wire = Wire(call.body)
    wire.known(("issued_on",))
    on = wire.day("issued_on")
    wire.done()
    try:
        record = operations.issue_invoice(
            call.id,
            by=call.by,
            at=call.at,
            on=on,
            version=call.version,
            unjudged=() if call.was_asked else dispatch.JUDGED_FORMATS,
            late=call.late,
        )
    except operations.VerdictWanted:
        raise AskFirst from None
    return shaped(call, record)


def credit_wanted(call: Call) -> dict[str, Any]:
    """A credit's body, judged: lines, reason, issue and on."""
    wire = Wire(call.body)
    wire.known(CreditIn.__struct_fields__)
    lines = None
    if call.body.get("lines") is not None:
        lines = [part.data for part in wire.parts("lines", most=5_000)]
    found = {
        "lines": lines,
        "reason": wire.text("reason", most=400, lines=True),
        "issue": wire.flag("issue", default=True),
        "on": wire.day("issued_on"),
    }
    wire.done()
    return found


def judged_credit(call: Call) -> None:
    """Where the client wants an e-invoice, the official rules are asked before it is issued."""
    wanted = credit_wanted(call)
    del wanted["issue"]
    dispatch.require_einvoice_of_credit(
        call.id, by=call.by, at=call.at, today=call.today, translate=gettext, **wanted
    )


@route(
    "POST",
    "invoices/{id}/credit/",
    permission="invoice.credit",
    asks=judged_credit,
    body=CreditIn,
    answer=InvoiceOut,
    status=201,
    example={"lines": [{"line": 1, "quantity": "1"}], "reason": "Returned"},
)
def credit_invoice(call: Call) -> InvoiceOut:
    """Credit an invoice, in full or in part"""
    unjudged = () if call.was_asked else dispatch.JUDGED_FORMATS
    try:
        record = operations.credit_invoice(
            call.id, by=call.by, at=call.at, unjudged=unjudged, **credit_wanted(call)
        )
    except operations.VerdictWanted:
        raise AskFirst from None
    return created(call, record)


@route(
    "POST",
    "invoices/{id}/duplicate/",
    permission="invoice.create",
    answer=InvoiceOut,
    status=201,
)
def duplicate_invoice(call: Call) -> InvoiceOut:
    """Draft one like it"""
    Wire(call.body).known(())
    return created(call, operations.duplicate_invoice(call.id, by=call.by, at=call.at))


@route(
    "POST",
    "invoices/{id}/send/",
    permission="invoice.send",
    body=SendIn,
    answer=SentOut,
    status=202,
    example={"message": "Thank you for the good work together."},
)
def send_invoice(call: Call) -> SentOut:
    """Send an issued document by the client's channel, or by mail to whom is named"""
    wire = Wire(call.body)
    wire.known(("to", "message"))
    to = call.body.get("to") or []
    if not isinstance(to, list):
        wire.fault("to", "not_a_list", "Send a list of mail addresses.")
    message = wire.text("message", most=2_000, lines=True)
    wire.done()
    if to:
        mail = dispatch.send_paper(call.id, by=call.by, at=call.at, to=to, message=message)
        return sent_out(channels.Sending(mail=mail))
    return sent_out(channels.send_invoice(call.id, by=call.by, at=call.at, message=message))


@route("GET", "invoices/{id}/mails/", permission="invoice.view", answer=MailsOut)
def list_mails(call: Call) -> Any:
    """List the mails with it"""
    queries.get_invoice(call.id, by=call.by)
    rows = mails.list_mails(by=call.by, invoice_id=call.id, limit=100)
    return answer_of([mail_out(row) for row in rows], None)


@route(
    "POST",
    "invoices/{id}/write-off/",
    permission="invoice.credit",
    body=WriteOffIn,
    answer=InvoiceOut,
    example={"reason": "Insolvent"},
)
def write_off(call: Call) -> InvoiceOut:
    """Give up what is open"""
    wire = Wire(call.body)
    wire.known(WriteOffIn.__struct_fields__)
    record = queries.get_invoice(call.id, by=call.by)
    reason = wire.text("reason", most=200, required=True)
    amount = amount_in(wire, "amount", record.currency)
    on = cast("date", wire.day("written_off_on", default=call.today))
    wire.done()
    operations.write_off(call.id, by=call.by, on=on, at=call.at, reason=reason, amount=amount)
    return read_invoice(call)


def amount_in(wire: Wire, name: str, currency: str) -> Money | None:
    """An amount in a known currency, None where none was sent."""
    value = wire.decimal(name, places=4)
    if value is None:
        return None
    try:
        return Money.of(value, currency)
    except ValueError as error:
        wire.fault(name, "request.amount", str(error))
        return None


@route(
    "POST",
    "invoices/{id}/dispute/",
    permission="invoice.edit",
    body=DisputeIn,
    answer=InvoiceOut,
    example={"is_disputed": True},
)
def dispute_invoice(call: Call) -> InvoiceOut:
    """Note that the client objects, or does no longer

    It is the dispute of /disputes/: opened unless one is open, or settled with its outcome.
    """
    dunning.set_disputed(call.id, by=call.by, data=call.body, at=call.at, today=call.today)
    return read_invoice(call)
