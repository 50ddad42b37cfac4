"""Invoices as rows of a list."""

from datetime import date
from types import SimpleNamespace

from django.urls import reverse

from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web import lists
from guilder.kernel.actor import Actor

RECEIVABLE = ("invoice", "debit_note", "deposit")


def row_of(record: InvoiceRecord, *, by: Actor, today: date) -> SimpleNamespace:
    """One invoice as the lists draw it."""
    is_draft = record.status == "draft"
    is_owed = bool(record.open_amount) and record.kind in RECEIVABLE
    words, late = lists.due_words(record.due_on, today=today, is_open=is_owed)
    word = record.word(on=today)
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:invoice", args=[record.id]),
        number=record.number or "",
        client=record.partner_name,
        status=word,
        issued_on=record.issued_on,
        due_on=record.due_on,
        due_text=words,
        late=late,
        total=record.money(record.gross_amount),
        open=record.money(record.open_amount) if record.open_amount else None,
        struck=word in {"credited", "written_off"},
        edit_url=reverse("web:invoice_edit", args=[record.id])
        if is_draft and by.may("invoice.edit")
        else "",
        pay_url=f"{reverse('web:payment_new')}?invoice={record.id}"
        if is_owed and by.may("payment.record")
        else "",
        pdf_url="" if is_draft else reverse("web:invoice_pdf", args=[record.id]),
    )
