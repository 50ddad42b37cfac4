"""What the pages of an invoice and of a client say about reminders."""

from types import SimpleNamespace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web.reminders import words
from guilder.faces.web.shell import Visit
from guilder.office.dunning import queries

RECEIVABLE = ("invoice", "debit_note", "deposit")


def of_invoice(record: InvoiceRecord, visit: Visit) -> SimpleNamespace | None:
    """The letters about an invoice, what makes them rest, and which comes next; None for drafts,
    for what asks for no money, and for who may not see reminders."""
    may = visit.by.may
    if not record.number or record.kind not in RECEIVABLE or not may("reminder.view"):
        return None
    sent = queries.list_reminders(by=visit.by, invoice_id=record.id, limit=20)
    holds = queries.list_holds(by=visit.by, invoice_id=record.id, at_work_on=visit.today, limit=5)
    dispute = queries.open_dispute_of(record.id, by=visit.by)
    handed = queries.handover_of_invoice(record.id, by=visit.by)
    is_open = bool(record.open_amount)
    can_rest = is_open and may("reminder.send") and handed is None
    return SimpleNamespace(
        sent=[words.reminder_words(one) for one in sent],
        holds=[words.hold_words(one, today=visit.today) for one in holds],
        dispute=words.dispute_words(dispute, today=visit.today) if dispute else None,
        handed_url=reverse("web:handover_file", args=[handed.id]) if handed else "",
        handed_on=handed.made_on if handed else None,
        next=next_words(record, visit)
        if is_open and not holds and not record.disputed_at and handed is None
        else "",
        may_rest=can_rest and not holds,
        may_end=may("reminder.send"),
        may_hand_over=can_rest and bool(sent),
    )


def next_words(record: InvoiceRecord, visit: Visit) -> SimpleNamespace | None:
    """The next letter and its day; None where none comes."""
    if record.due_on is None:
        return None
    found = queries.next_step_of(
        record.id,
        partner_id=record.partner_id,
        due_on=record.due_on,
        by=visit.by,
        on=visit.today,
    )
    if found is None:
        return None
    day, step = found
    return SimpleNamespace(on=day, step=words.TONES[step.tone], level=step.level)


def of_client(client_id: UUID, visit: Visit) -> SimpleNamespace | None:
    """How a client is reminded, and the newest letters; None for who may not see it."""
    may = visit.by.may
    if not may("reminder.view"):
        return None
    terms = queries.terms_of(client_id, by=visit.by)
    found = queries.list_reminders(by=visit.by, partner_id=client_id, limit=8)
    holds = queries.list_holds(by=visit.by, partner_id=client_id, at_work_on=visit.today, limit=8)
    return SimpleNamespace(
        words=_("Never reminded") if terms.is_never else terms.ladder_name or _("Not set up"),
        sent=[words.reminder_words(one) for one in found],
        holds=[words.hold_words(one, today=visit.today) for one in holds],
        edit_url=reverse("web:client_reminding", args=[client_id]) if may("reminder.edit") else "",
        pause_url=reverse("web:client_pause", args=[client_id]) if may("reminder.send") else "",
        may_end=may("reminder.send"),
    )
