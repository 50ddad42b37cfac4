"""Invoices and their kin as rows of a list."""

from datetime import date
from types import SimpleNamespace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web import choices, lists
from guilder.faces.web.addresses import address_of
from guilder.faces.web.choices import RECEIVABLE
from guilder.faces.web.lists.table import Cell, Entry, Row
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import status_of
from guilder.kernel.actor import Actor


def row_of(record: InvoiceRecord, *, by: Actor, today: date) -> SimpleNamespace:
    """One invoice as the short lists of other pages draw it."""
    is_draft = record.status == "draft"
    is_owed = bool(record.open_amount) and record.kind in RECEIVABLE
    words, late = lists.due_words(record.due_on, today=today, is_open=is_owed)
    word = record.word(on=today)
    return SimpleNamespace(
        id=record.id,
        url=address_of("web:invoice", record.id),
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
        edit_url=address_of("web:invoice_edit", record.id)
        if is_draft and by.may("invoice.edit")
        else "",
        pay_url=f"{reverse('web:payment_new')}?invoice={record.id}"
        if is_owed and by.may("payment.record")
        else "",
        pdf_url="" if is_draft else address_of("web:invoice_pdf", record.id),
    )


def listed(record: InvoiceRecord, *, visit: Visit) -> Row:
    """One invoice with a cell for every column that its lists have."""
    url = address_of("web:invoice", record.id)
    name = record.number or _("Draft for %(client)s") % {"client": record.partner_name}
    return Row(
        id=record.id,
        url=url,
        name=name,
        cells=cells(record, url=url, today=visit.today),
        menu=menu(record, url=url, by=visit.by),
        currency=record.currency,
    )


def cells(record: InvoiceRecord, *, url: str, today: date) -> dict[str, Cell]:
    """Its cells by column."""
    word = record.word(on=today)
    is_owed = bool(record.open_amount) and record.kind in RECEIVABLE
    due, late = lists.due_words(record.due_on, today=today, is_open=is_owed)
    struck = "muted line-through" if word in {"credited", "written_off"} else "soft"
    return {
        "number": number_cell(record, url),
        "client": Cell("text", record.partner_name, tone="strong"),
        "status": Cell("badge", word, plain=str(status_of(word).label)),
        "issued": Cell("day", day=record.issued_on, tone="soft"),
        "due": Cell("day", day=record.due_on, note=due, late=late),
        "total": Cell("money", money=record.money(record.gross_amount), tone=struck),
        "open": open_cell(record),
        "net": Cell("money", money=record.money(record.net_amount), tone="soft"),
        "tax": Cell("money", money=record.money(record.tax_amount), tone="soft"),
        "kind": Cell("text", choices.KINDS[record.kind], tone="soft"),
        "currency": Cell("text", record.currency, tone="soft"),
        "paid": Cell("day", day=record.settled_on, tone="soft"),
        "sent": Cell("day", day=record.sent_at.date() if record.sent_at else None, tone="soft"),
        "created": Cell("day", day=record.created_at.date(), tone="soft"),
        "reference": Cell("text", record.draft_reference, tone="muted"),
    }


def open_cell(record: InvoiceRecord) -> Cell:
    """What is open; of a draft what will be, which no sum counts yet."""
    if record.status == "draft" and record.kind in RECEIVABLE:
        return Cell("money", money=record.money(record.gross_amount), tone="muted", plain=None)
    left = record.money(record.open_amount) if record.open_amount else None
    return Cell("money", money=left, tone="strong")


def number_cell(record: InvoiceRecord, url: str) -> Cell:
    """Its number, or that it has none yet; either leads to its page."""
    if record.number:
        return Cell("link", record.number, url=url, plain=record.number)
    words = _("No number yet")
    return Cell("link", words, url=url, tone="muted", note=record.partner_name, plain="")


def menu(record: InvoiceRecord, *, url: str, by: Actor) -> list[Entry]:
    """What can be done with it from the list; each is on its own page too."""
    is_draft = record.status == "draft"
    made = [Entry(pgettext("act", "Open"), url, "eye")]
    if is_draft and by.may("invoice.edit"):
        made.append(Entry(_("Edit"), address_of("web:invoice_edit", record.id), "edit", "E"))
    if record.open_amount and record.kind in RECEIVABLE and by.may("payment.record"):
        pay = address_of("web:payment_quick", record.id)
        made.append(Entry(_("Record payment"), pay, "cash", "P", sheet=True))
    if not is_draft:
        pdf = address_of("web:invoice_pdf", record.id)
        made.append(Entry(_("Download PDF"), pdf, "download", "D", download=True))
    return made
