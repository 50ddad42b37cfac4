"""/credit-notes/: the same documents as /invoices/, seen alone, and what their credit pays."""

from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.books.invoicing.schemas import InvoiceHeadOut, InvoiceOut
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.drafting import draft_of, judged_new
from guilder.faces.rest.v1.expanding import QUERY, widened
from guilder.faces.rest.v1.invoices import (
    EXAMPLE,
    LISTING,
    amount_in,
    created,
    listed,
    shaped,
)
from guilder.faces.rest.v1.shapes import DraftIn
from guilder.faces.rest.wire import Amount, Day, Id
from guilder.kernel.wire import Wire


class CreditAllocationIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The invoice, and how much of the open credit; as much as both have when left out."""

    invoice: Id
    amount: Amount | None = None
    allocated_on: Day | None = None


class CreditAllocationOut(msgspec.Struct):
    """An application of credit; `id` is what reversing it takes."""

    id: UUID
    credit_note: InvoiceOut
    invoice: InvoiceOut


class ReverseIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The day of the reversal; today when left out."""

    reversed_on: Day | None = None


def credit_note(call: Call) -> InvoiceRecord:
    """The credit note of the path; an invoice of another kind is none."""
    record = queries.get_invoice(call.id, by=call.by)
    if record.kind != "credit_note":
        raise queries.NoSuchInvoice("There is no such invoice.")
    return record


@route("GET", "credit-notes/", permission="invoice.view", answer=InvoiceHeadOut, listing=LISTING)
def list_credit_notes(call: Call) -> Any:
    """List credit notes"""
    return listed(call, kinds=("credit_note",))


@route(
    "POST",
    "credit-notes/",
    permission="invoice.create",
    body=DraftIn,
    answer=InvoiceOut,
    example=EXAMPLE,
    asks=partial(judged_new, kind="credit_note"),
)
def create_credit_note(call: Call) -> InvoiceOut:
    """Draft a credit note"""
    wire = Wire(call.body)
    wire.choice("kind", ("credit_note",))
    wire.done()
    return created(call, draft_of(call, kind="credit_note"))


@route("GET", "credit-notes/{id}/", permission="invoice.view", answer=InvoiceOut, query=QUERY)
def read_credit_note(call: Call) -> InvoiceOut:
    """Read a credit note"""
    return widened(call, shaped(call, credit_note(call)))


@route(
    "POST",
    "credit-notes/{id}/allocate/",
    permission="payment.record",
    body=CreditAllocationIn,
    answer=CreditAllocationOut,
    status=201,
    example={"invoice": EXAMPLE["client"], "amount": "20.00"},
)
def allocate_credit(call: Call) -> CreditAllocationOut:
    """Apply open credit to an invoice"""
    record = credit_note(call)
    wire = Wire(call.body)
    wire.known(CreditAllocationIn.__struct_fields__)
    invoice_id = wire.identity("invoice", required=True)
    amount = amount_in(wire, "amount", record.currency)
    on = cast("date", wire.day("allocated_on", default=call.today))
    wire.done()
    allocation_id = operations.allocate_credit(
        call.id, invoice_id=cast("UUID", invoice_id), by=call.by, on=on, at=call.at, amount=amount
    )
    after, paid = (
        shaped(call, queries.get_invoice(one, by=call.by))
        for one in (call.id, cast("UUID", invoice_id))
    )
    return CreditAllocationOut(allocation_id, after, paid)


@route(
    "POST",
    "credit-notes/{id}/allocations/{allocation}/reverse/",
    permission="payment.reverse",
    body=ReverseIn,
    answer=InvoiceOut,
    example={},
)
def reverse_credit(call: Call) -> InvoiceOut:
    """Take credit off an invoice again"""
    credit_note(call)
    wire = Wire(call.body)
    wire.known(("reversed_on",))
    on = cast("date", wire.day("reversed_on", default=call.today))
    wire.done()
    operations.reverse_credit(call.path["allocation"], by=call.by, on=on, at=call.at)
    return read_credit_note(call)
