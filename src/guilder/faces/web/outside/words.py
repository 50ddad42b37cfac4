"""What a client's page says of a document: the amount, where it stands, what was paid."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.charging import queries as charging
from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.books.payments import queries as payments
from guilder.faces.web import choices, formats
from guilder.faces.web.outside import gateways, methods
from guilder.faces.web.outside.opened import Opened
from guilder.kernel.document import Document
from guilder.kernel.money import Money
from guilder.papers.rendering import operations as rendering

RECEIVABLE = {"invoice", "debit_note", "deposit"}
SHOWN_STATUS = {"paid", "overdue", "partially_paid", "credited"}


def locale_of(opened: Opened) -> formats.Locale:
    """The locale of the client's language."""
    return formats.locale_of(opened.language)


def sender_of(document: Document, opened: Opened) -> SimpleNamespace:
    """Who asks, and how to reach them."""
    seller = document.seller
    return SimpleNamespace(
        name=seller.trading_name or seller.name or opened.organization.name,
        legal_name=seller.name or opened.organization.name,
        email=seller.contact.email,
        phone=seller.contact.phone,
        website=seller.website,
    )


def paper_of(document: Document, look: rendering.Look) -> SimpleNamespace:
    """The paper as text, from the data that the PDF is set from."""
    return SimpleNamespace(**rendering.paper_words(document, look=look))


def invoice_words(opened: Opened, document: Document) -> SimpleNamespace:
    """The head of the page of an invoice or its kin."""
    record = opened.record
    assert isinstance(record, InvoiceRecord)  # noqa: S101  (for the type checker)
    is_owed = record.kind in RECEIVABLE and (record.open_amount > 0 or record.status == "draft")
    status = record.word(on=opened.today)
    amount = asked_amount(record)
    due_text, is_late = due_words(record, document, opened) if is_owed else ("", False)
    return SimpleNamespace(
        title=title_of(record.kind, record.number or ""),
        kind=record.kind,
        number=record.number or "",
        client=document.buyer.name or record.partner_name,
        issued_on=document.issued_on,
        amount=amount,
        amount_label=amount_label(record, is_owed=is_owed),
        due_text=due_text,
        is_late=is_late,
        is_owed=is_owed,
        status=status if status in SHOWN_STATUS else "",
        sentence=sentence(record, locale_of(opened)),
    )


def title_of(kind: str, number: str) -> str:
    """Invoice INV-2026-00181."""
    label = str(choices.KINDS[kind])
    return _("%(kind)s %(number)s") % {"kind": label, "number": number} if number else label


def asked_amount(record: InvoiceRecord) -> Money:
    """The figure that leads: what is open, of a draft what would be, else the whole."""
    if record.status == "draft":
        return record.money(record.payable_amount or record.due_amount)
    if record.kind in RECEIVABLE and record.open_amount:
        return record.money(record.open_amount)
    return record.money(record.gross_amount)


def amount_label(record: InvoiceRecord, *, is_owed: bool) -> str:
    """What the leading figure is."""
    if record.kind == "credit_note":
        return _("Credited to you")
    if is_owed and record.allocated_amount + record.credited_amount:
        return _("Still to pay")
    return _("To pay") if is_owed else _("Total")


def due_words(record: InvoiceRecord, document: Document, opened: Opened) -> tuple[str, bool]:
    """Due 20 Dec 2026, in 30 days; and whether that day is over."""
    due_on = record.due_on or document.due_on
    if due_on is None:
        return "", False
    day = formats.day(due_on, locale_of(opened))
    days = (due_on - opened.today).days
    if days < 0:
        text = ngettext(
            "Was due on %(day)s, %(days)s day ago", "Was due on %(day)s, %(days)s days ago", -days
        )
        return text % {"day": day, "days": -days}, True
    if days == 0:
        return _("Due today, %(day)s") % {"day": day}, False
    text = ngettext("Due on %(day)s, in %(days)s day", "Due on %(day)s, in %(days)s days", days)
    return text % {"day": day, "days": days}, False


def early_words(opened: Opened, document: Document, paper: SimpleNamespace) -> list[str]:
    """What is taken off for who pays soon, in the paper's own words, while that is still so."""
    record = opened.record
    found = document.early_discounts
    if not found or not isinstance(record, InvoiceRecord) or not paper.payment:
        return []
    if record.allocated_amount or record.credited_amount:
        return []
    from_day = document.issued_on or opened.today
    said = paper.payment["terms"][-len(found) :]  # the last of its terms
    return [
        text
        for discount, text in zip(found, said, strict=False)
        if from_day + timedelta(days=discount.days) >= opened.today
    ]


def sentence(record: InvoiceRecord, locale: formats.Locale) -> str:
    """Where it stands, with both amounts for a part payment."""
    left = record.open_amount
    if record.status == "draft":
        return ""
    if record.kind == "pro_forma":
        return _("A pro forma asks for no payment.")
    if record.kind == "credit_note":
        return credit_sentence(record, locale)
    if not left:
        return settled_sentence(record, locale)
    received, credited = record.allocated_amount, record.credited_amount
    amounts = {
        "received": formats.money(record.money(received), locale),
        "credited": formats.money(record.money(credited), locale),
        "open": formats.money(record.money(left), locale),
    }
    if received and credited:
        return _("%(received)s received, %(credited)s credited, %(open)s still open.") % amounts
    if received:
        return _("%(received)s received, %(open)s still open.") % amounts
    if credited:
        return _("%(credited)s credited, %(open)s still open.") % amounts
    return ""


def credit_sentence(record: InvoiceRecord, locale: formats.Locale) -> str:
    """How much of a credit note is left to use."""
    if not record.open_amount:
        return _("All of it has been set against your invoices.")
    left = formats.money(record.money(record.open_amount), locale)
    return _("%(open)s of it is your credit.") % {"open": left}


def settled_sentence(record: InvoiceRecord, locale: formats.Locale) -> str:
    """Why nothing is to be paid."""
    if record.allocated_amount and record.settled_on is not None:
        return _("Paid in full on %(day)s. Thank you.") % {
            "day": formats.day(record.settled_on, locale)
        }
    if record.credited_amount:
        return _("Credited in full. Nothing is to be paid.")
    return _("Nothing is to be paid.")


def received(opened: Opened) -> list[SimpleNamespace]:
    """What was paid and credited, the oldest first: the receipt."""
    record = opened.record
    if not isinstance(record, InvoiceRecord) or record.status == "draft":
        return []
    paid = [
        SimpleNamespace(
            on=one.received_on,
            what=choices.METHODS.get(one.method, one.method),
            amount=Money(share.amount, one.currency),
        )
        for one in payments.list_payments(by=opened.by, invoice_id=record.id)
        for share in one.allocations
        if share.invoice_id == record.id and share.is_active
    ]
    credited = [
        SimpleNamespace(
            on=one.issued_on,
            what=title_of("credit_note", one.number or ""),
            amount=one.money(one.gross_amount),
        )
        for one in queries.list_credits(record.id, by=opened.by)
        if one.kind == "credit_note" and one.status == "issued"
    ]
    return sorted([*paid, *credited], key=lambda one: one.on)


def statement(opened: Opened) -> SimpleNamespace | None:
    """What else is open between the two; None where there is nothing besides this document."""
    record = opened.record
    if opened.is_preview or not isinstance(record, InvoiceRecord):
        return None
    found = queries.open_for_client(record.partner_id, shown=record.id, by=opened.by)
    if not any(one.id != record.id for one in found):
        return None
    sums: dict[str, Money] = {}
    for one in found:
        sums[one.open.currency] = sums.get(one.open.currency, Money.zero(one.open.currency))
        sums[one.open.currency] += one.open
    rows = [
        SimpleNamespace(
            number=one.number,
            due_on=one.due_on,
            is_late=one.due_on is not None and one.due_on < opened.today,
            is_this=one.id == record.id,
            open=one.open,
        )
        for one in found
    ]
    return SimpleNamespace(rows=rows, sums=list(sums.values()), on=opened.today)


def takes_transfers(opened: Opened) -> bool:
    """Whether this client may pay by a transfer of their own."""
    whose = opened.record.partner_id
    if opened.is_preview or whose is None:
        return True
    methods = charging.client_methods(whose, by=opened.by).methods
    return not methods or "bank_transfer" in methods


def payment_words(opened: Opened, document: Document, amount: Money) -> SimpleNamespace:
    """The ways to pay, or why there is nothing to do."""
    offers = methods.offers(document, amount, locale_of(opened))
    account = methods.collected_from(document)
    found = gateways.offers_of(amount, opened, locale_of(opened)) if account is None else []
    return SimpleNamespace(
        gateways=found,
        takes_parts=any(one.takes_parts for one in found),
        keeps=any(one.keeps for one in found),
        is_test=any(one.is_test for one in found),
        under_way=gateways.under_way(opened),
        offer=offers[0] if offers and account is None and takes_transfers(opened) else None,
        is_collected=account is not None,
        account=account or "",
    )
