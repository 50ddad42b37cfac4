"""What the page of an invoice or its kin says of it: words, balance, what may be done."""

from types import SimpleNamespace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceRecord, Settlement
from guilder.books.payments import queries as payments
from guilder.books.payments.queries import PaymentRecord
from guilder.faces.web import choices, formats
from guilder.faces.web.choices import RECEIVABLE
from guilder.faces.web.lists import due_words
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.foundation.identity.permissions import own_only
from guilder.kernel.document import Document
from guilder.kernel.money import Money
from guilder.registers.numbering import queries as numbering

SECTIONS = {"credit_note": "credits"}


def section_of(record: InvoiceRecord) -> str:
    """What the navigation marks."""
    return SECTIONS.get(record.kind, "invoices")


def told(amount: Money) -> str:
    """An amount as the reader writes it."""
    return formats.money(amount, formats.reader())


def facts(record: InvoiceRecord, document: Document, visit: Visit) -> SimpleNamespace:
    """What the page says of the paper itself."""
    is_owed = bool(record.open_amount) and record.kind in RECEIVABLE
    due_text, late = due_words(record.due_on, today=visit.today, is_open=is_owed)
    is_draft = record.status == "draft"
    is_credit = record.kind == "credit_note"
    return SimpleNamespace(
        id=record.id,
        kind=record.kind,
        number=record.number or "",
        title=record.number or _("Draft for %(client)s") % {"client": record.partner_name},
        kind_label=choices.KINDS[record.kind],
        list_url=reverse("web:credit_notes" if is_credit else "web:invoices"),
        list_label=_("Credit notes") if is_credit else _("Invoices"),
        status=record.word(on=visit.today),
        sentence=sentence(record, visit),
        base_text=base_words(record),
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        total=record.money(record.payable_amount if not is_draft else record.gross_amount),
        open=record.money(record.open_amount) if record.open_amount else None,
        issued_on=record.issued_on,
        due_on=document.due_on if is_draft else record.due_on,
        due_text=due_text,
        late=late,
        is_draft=is_draft,
        is_owed=is_owed,
        is_disputed=record.disputed_at is not None and is_owed,
        is_sent=record.sent_at is not None,
        client_email=document.buyer.contact.email,
        order_reference=document.order_reference,
        refresh_id=f"{record.id}-{record.version}",
    )


def sentence(record: InvoiceRecord, visit: Visit) -> str:
    """Where it stands, in words with both amounts."""
    left = record.open_amount
    done = record.payable_amount - left
    if record.status == "draft":
        return _("Not issued yet. Nobody outside can see it.")
    if record.kind == "pro_forma":
        return _("A pro forma asks for no payment.")
    if record.kind == "credit_note":
        if not left:
            return _("All of it has been used.")
        return _("%(open)s of it is the client's credit.") % {"open": told(record.money(left))}
    if not left:
        return settled_words(record)
    if done:
        words = _("%(done)s settled, %(open)s still open.")
        if not record.credited_amount and not record.written_off_amount:
            words = _("%(done)s received, %(open)s still open.")
        return words % {"done": told(record.money(done)), "open": told(record.money(left))}
    if record.due_on and record.due_on < visit.today:
        return _("Nothing was paid yet.")
    return _("Waiting for payment.")


def settled_words(record: InvoiceRecord) -> str:
    """How an invoice came to be closed."""
    if record.written_off_amount:
        return _("What was open was written off.")
    if record.credited_amount and not record.allocated_amount:
        return _("Credited in full.")
    if record.settled_on is None:
        return _("Nothing is to be paid.")
    day = formats.day(record.settled_on, formats.reader())
    return _("Paid in full on %(day)s.") % {"day": day}


def base_words(record: InvoiceRecord) -> str:
    """What a foreign amount stands at in the books, and by which rate; "" at home."""
    if record.currency == record.base_currency or record.base_rate is None:
        return ""
    if record.base_payable_amount is None:
        return ""
    return _("%(amount)s in the books, at %(rate)s") % {
        "amount": told(Money(record.base_payable_amount, record.base_currency)),
        "rate": formats.number(record.base_rate, formats.reader()),
    }


def allowed(record: InvoiceRecord, visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state."""
    by = visit.by
    is_draft = record.status == "draft"
    is_owed = bool(record.open_amount) and record.kind in RECEIVABLE
    mine = record.created_by_id == by.user_id

    def may(permission: str) -> bool:
        return by.may(permission) and (mine or not own_only(by, permission))

    creditable = not is_draft and record.kind in RECEIVABLE and not record.is_history
    can_credit = creditable and record.credited_amount < record.payable_amount
    return {
        "edit": is_draft and may("invoice.edit"),
        "issue": is_draft and may("invoice.issue"),
        "delete": is_draft and may("invoice.delete"),
        "send": may("invoice.send"),
        "pay": is_owed and may("payment.record"),
        "credit": can_credit and may("invoice.credit"),
        "correct": can_credit and may("invoice.credit") and may("invoice.create"),
        "duplicate": record.kind != "credit_note" and may("invoice.create"),
        "write_off": is_owed and may("invoice.credit"),
        "dispute": is_owed and may("invoice.edit"),
        "link": not is_draft and may("invoice.view"),
        "use": record.kind == "credit_note" and bool(record.open_amount) and may("payment.record"),
        "refund": (
            record.kind == "credit_note" and bool(record.open_amount) and may("refund.create")
        ),
        "reverse": may("payment.reverse"),
    }


def primary_of(record: InvoiceRecord, may: dict[str, bool]) -> str:
    """The one act that comes next: "issue", "send", "pay", "use", or none."""
    if may["issue"]:
        return "issue"
    if record.status == "issued" and record.sent_at is None and may["send"]:
        return "send"
    return "pay" if may["pay"] else "use" if may["use"] else ""


def issue_words(record: InvoiceRecord, document: Document, visit: Visit) -> SimpleNamespace:
    """What issuing would give, what stands in its way, and what goes with it."""
    of = visit.by.organization_id
    series = next(
        (
            one
            for one in numbering.list_series(of)
            if one.kind == record.kind and one.is_default and one.is_active and not one.branch
        ),
        None,
    )
    number = numbering.next_number(of, series, on=visit.today) if series else "—"
    problems = [said(problem.detail) for problem in queries.obstacles(document)]
    return SimpleNamespace(number=number, problems=problems, on=visit.today)


# What moved the balance


def moved(
    record: InvoiceRecord, paid: list[PaymentRecord], settled: list[Settlement], visit: Visit
) -> list[SimpleNamespace]:
    """Everything that lowered what is open, oldest first."""
    rows = [
        SimpleNamespace(
            on=share.allocated_on,
            label=choices.METHODS.get(one.method, one.method),
            hint=one.reference if one.reference != record.number else "",
            amount=Money(-share.amount, one.currency),
            url=reverse("web:payment", args=[one.id]),
            take_off_url="",
        )
        for one in paid
        for share in one.allocations
        if share.invoice_id == record.id and share.is_active
    ]
    for one in settled:
        if not one.is_active:
            continue
        rows.append(
            SimpleNamespace(
                on=one.on,
                label=settled_label(one),
                hint=one.reason or one.number or "",
                amount=record.money(-one.amount),
                url=reverse("web:invoice", args=[one.other_id]) if one.other_id else "",
                take_off_url=taking_off(record, one, visit),
            )
        )
    return sorted(rows, key=lambda row: row.on)


def taking_off(record: InvoiceRecord, one: Settlement, visit: Visit) -> str:
    """Where a settlement without money is undone; "" for who may not, and for write-offs."""
    if one.kind == "discount" and visit.by.may("invoice.credit"):
        return reverse("web:discount_take_off", args=[record.id, one.id])
    if one.other_id and visit.by.may("payment.reverse"):
        return reverse("web:credit_take_off", args=[record.id, one.id])
    return ""


def settled_label(one: Settlement) -> str:
    """What a settlement without money is called."""
    labels = {
        "credit": _("Credit note"),
        "used": _("Applied"),
        "write_off": _("Written off"),
        "discount": _("Early payment discount"),
    }
    return labels[one.kind]


def paid_by(record: InvoiceRecord, visit: Visit) -> list[PaymentRecord]:
    """The payments that touch it, for who may see payments."""
    if record.status == "draft" or not visit.by.may("payment.view"):
        return []
    return payments.list_payments(by=visit.by, invoice_id=record.id)


def credit_words(record: InvoiceRecord, visit: Visit) -> str:
    """That the client has credit which could pay it; "" where there is none."""
    if not record.open_amount or record.kind not in RECEIVABLE:
        return ""
    if not (visit.by.may("payment.view") and visit.by.may("payment.record")):
        return ""
    found = payments.open_credit(by=visit.by, partner_id=record.partner_id)
    amount = next((one for one in found if one.currency == record.currency), None)
    if amount is None:
        return ""
    words = _("%(client)s has %(amount)s in credit.")
    return words % {"client": record.partner_name, "amount": told(amount)}


# What hangs with it


def linked(invoice_id: UUID, visit: Visit) -> list[SimpleNamespace]:
    """The documents around it, with how they stand to it."""
    return [
        SimpleNamespace(
            relation=one.relation,
            label=relation_label(one.relation),
            kind=choices.KINDS.get(one.kind, one.kind),
            number=one.number or _("Draft"),
            is_draft=one.status == "draft",
            id=one.id,
            amount=one.amount,
            url=reverse("web:quote" if one.kind == "quote" else "web:invoice", args=[one.id]),
        )
        for one in queries.links_of(invoice_id, by=visit.by)
    ]


def relation_label(relation: str) -> str:
    """How another document stands to this one."""
    labels = {
        "corrects": _("Corrects"),
        "corrected_by": _("Corrected by"),
        "replaces": _("Written anew for"),
        "replaced_by": _("Written anew as"),
        "deducts": _("Deducts"),
        "deducted_by": _("Deducted by"),
        "quote": _("Made of"),
    }
    return labels[relation]


def waiting(linked: list[SimpleNamespace], visit: Visit) -> list[SimpleNamespace]:
    """The credit note that waits as a draft over the invoice which this draft replaces."""
    return [
        SimpleNamespace(id=note.id, replaced=one.number)
        for one in linked
        if one.relation == "replaces"
        for note in linked_drafts(one.id, visit)
    ]


def linked_drafts(invoice_id: UUID, visit: Visit) -> list[queries.Linked]:
    """Credit notes over an invoice that are not issued yet, the newest alone."""
    found = [
        one
        for one in queries.links_of(invoice_id, by=visit.by)
        if one.relation == "corrected_by" and one.kind == "credit_note" and one.status == "draft"
    ]
    return found[-1:]
