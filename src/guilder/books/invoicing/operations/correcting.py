"""Credit and copy, both as drafts; and what a credit note would be before there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from guilder.books.invoicing import calc, paper
from guilder.books.invoicing.models import Invoice
from guilder.books.invoicing.operations.credit import (
    NotCreditable,
    built_credit,
    credit_invoice,
    lines_left,
    read_requests,
)
from guilder.books.invoicing.operations.drafts import duplicate_invoice
from guilder.books.invoicing.queries import Frozen, get_issued
from guilder.books.invoicing.queries.records import InvoiceRecord, NoSuchInvoice
from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Totals
from guilder.kernel.money import Money


def credit_and_copy(
    invoice_id: UUID, *, by: Actor, at: datetime, reason: str = ""
) -> tuple[InvoiceRecord, InvoiceRecord]:
    """(credit note, new invoice), two drafts tied to the issued invoice that they replace.

    Nothing is issued: the invoice stands until the credit note is. Raises what credit_invoice and
    duplicate_invoice raise.
    """
    by.require("invoice.create")
    with transaction(by.organization_id):
        note = credit_invoice(invoice_id, by=by, at=at, reason=reason, issue=False)
        copy = duplicate_invoice(invoice_id, by=by, at=at)
        Invoice.objects.of(by.organization_id).filter(id=copy.id).update(replaces_id=invoice_id)
        audit.record(
            by=by,
            action="invoice.credit_and_copy",
            table="invoicing_invoice",
            row_id=invoice_id,
            before=None,
            after={"credit_note": str(note.id), "copy": str(copy.id)},
        )
        return note, copy


@dataclass(frozen=True, slots=True)
class CreditableLine:
    """A line of an issued invoice and what is left of it to be credited."""

    position: int
    name: str
    unit: str
    quantity_left: Decimal
    net_left: Money

    @property
    def is_left(self) -> bool:
        """Whether anything is."""
        return bool(self.net_left)


@dataclass(frozen=True, slots=True)
class CreditSketch:
    """What a credit note of some lines would be: its total with tax, and every line's rest."""

    lines: tuple[CreditableLine, ...]
    total: Money


def sketch_credit(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    lines: Sequence[Mapping[str, Any]] | None = None,
) -> CreditSketch:
    """What credit_invoice would make of these lines (all that is left by default); nothing is
    stored. Raises NoSuchInvoice, NotCreditable, NothingLeft, TooMuchCredit."""
    by.require("invoice.credit")
    with transaction(by.organization_id):
        row, frozen = creditable(invoice_id, by=by)
        original = paper.document_of(frozen.document)
        left = lines_left(row, original, by=by)
        built, _ = built_credit(
            row,
            original,
            number=frozen.number,
            left=left,
            requests=read_requests(lines, original, left),
            reason="",
            by=by,
            at=at,
        )
    total = calc.payable_of(cast("Totals", built.document.totals))
    return CreditSketch(
        lines=tuple(
            CreditableLine(
                position,
                line.item.name,
                line.unit,
                rest.quantity,
                Money(rest.net, original.currency),
            )
            for position, (line, rest) in enumerate(zip(original.lines, left, strict=True), start=1)
        ),
        total=Money(total, original.currency),
    )


def creditable(invoice_id: UUID, *, by: Actor) -> tuple[Invoice, Frozen]:
    """An invoice that can be credited, with its frozen paper. NoSuchInvoice, NotCreditable."""
    row = Invoice.objects.of(by.organization_id).filter(id=invoice_id).first()
    if row is None:
        raise NoSuchInvoice("There is no such invoice.")
    if row.status != "issued" or row.kind not in calc.RECEIVABLE:
        raise NotCreditable("Only an issued invoice, debit note or deposit can be credited.")
    if row.is_history:
        raise NotCreditable("It comes from an earlier system. Make a credit note by hand.")
    return row, get_issued(invoice_id, by=by)
