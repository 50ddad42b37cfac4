"""Drafts of a body, and their issue in the same call."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext

from guilder.books.invoicing import operations
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.rest.routes import AskFirst, Call
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.wire import Wire
from guilder.office.dispatch import operations as dispatch

ORDERS = frozenset(("issue", "issued_on"))  # what a body says beside the draft


def draft_of(call: Call, **fixed: Any) -> InvoiceRecord:
    """Make a draft of the body; with `issue` it is issued at once. Raises AskFirst where the client
    wants an e-invoice and nobody has asked the rules yet."""
    if ORDERS.isdisjoint(call.body):
        return operations.create_draft(by=call.by, data={**call.body, **fixed}, at=call.at)
    wire = Wire(call.body)
    issue, on = wire.flag("issue"), wire.day("issued_on")
    if on is not None and not issue:
        wire.fault("issued_on", "unknown_field", "Only what is issued has an issue date.")
    data = values_of(call, **fixed)
    if wire.problems:
        with suppress_faults(wire.problems):
            operations.create_draft(by=call.by, data=data, at=call.at)
        wire.done()  # undoes the draft where it was sound
    if not issue:
        return operations.create_draft(by=call.by, data=data, at=call.at)
    try:
        return operations.create_and_issue(
            by=call.by,
            data=data,
            at=call.at,
            on=on,
            unjudged=() if call.was_asked else dispatch.JUDGED_FORMATS,
            late=call.late,
        )
    except operations.VerdictWanted:
        raise AskFirst from None


def values_of(call: Call, **fixed: Any) -> dict[str, Any]:
    """What the draft is made of."""
    return {name: value for name, value in call.body.items() if name not in ORDERS} | fixed


def judged_new(call: Call, **fixed: Any) -> None:
    """Where the client wants an e-invoice, the official rules are asked before it is issued."""
    dispatch.require_einvoice_of_new(
        values_of(call, **fixed),
        by=call.by,
        at=call.at,
        on=Wire(call.body).day("issued_on"),
        today=call.today,
        translate=gettext,
    )


@contextmanager
def suppress_faults(problems: list[Problem]) -> Iterator[None]:
    """Add the faults of an Invalid to those that were found before."""
    try:
        yield
    except Invalid as error:
        problems += error.problems
