"""Credit and copy: what was issued wrongly is credited whole and written anew, both as drafts."""

from datetime import datetime
from uuid import UUID

from guilder.books.invoicing.models import Invoice
from guilder.books.invoicing.operations.credit import credit_invoice
from guilder.books.invoicing.operations.drafts import duplicate_invoice
from guilder.books.invoicing.queries.records import InvoiceRecord
from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor


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
