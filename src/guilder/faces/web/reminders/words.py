"""Reminders in words: steps, channels, states, reasons."""

from datetime import date
from types import SimpleNamespace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web import formats
from guilder.kernel.money import Money
from guilder.office.dunning.operations import Letter
from guilder.office.dunning.queries import DisputeRecord, HoldRecord, ReminderRecord

TONES = {
    "notice": gettext_lazy("Notice before the due date"),
    "reminder": gettext_lazy("Reminder"),
    "demand": gettext_lazy("Demand for payment"),
    "final": gettext_lazy("Final demand"),
}
CHANNELS = {
    "mail": gettext_lazy("By mail"),
    "letter": gettext_lazy("By post"),
    "both": gettext_lazy("By mail and post"),
    "none": gettext_lazy("Passed over"),
}
INTERESTS = {
    "statutory": gettext_lazy("As the law allows"),
    "contract": gettext_lazy("By contract"),
    "none": gettext_lazy("None"),
}
CATEGORIES = {
    "quality": gettext_lazy("Quality"),
    "quantity": gettext_lazy("Quantity"),
    "price": gettext_lazy("Price"),
    "not_received": gettext_lazy("Not received"),
    "not_ordered": gettext_lazy("Not ordered"),
    "paid": gettext_lazy("Says it is paid"),
    "other": gettext_lazy("Something else"),
}
OUTCOMES = {
    "upheld": gettext_lazy("The invoice stands"),
    "credited": gettext_lazy("It was credited"),
    "withdrawn": gettext_lazy("The client gave in"),
}
STATES = {
    "to_post": "reminder_to_post",
    "posted": "reminder_posted",
    "skipped": "reminder_skipped",
    "queued": "queued",
    "sending": "queued",
    "held": "queued",
    "sent": "sent",
    "failed": "failed",
    "returned": "bounced",
    "stopped": "stopped",
}
HOLDS = {
    "rests": "hold_rests",
    "over": "hold_over",
    "ended": "hold_over",
    "kept": "promise_kept",
    "broken": "promise_broken",
}


def letter_words(letter: Letter) -> SimpleNamespace:
    """A letter that is due, as the worklist draws it."""
    late = max((letter.made_on - one.due_on).days for one in letter.rows)
    ids = ",".join(str(one) for one in letter.invoice_ids)
    asked = letter.total - letter.open
    return SimpleNamespace(
        key=ids,
        id=letter.rows[0].invoice_id,
        client=letter.partner_name,
        client_url=reverse("web:client", args=[letter.partner_id]),
        step=TONES[letter.tone],
        level=letter.level,
        invoices=[
            SimpleNamespace(
                number=one.number, url=reverse("web:invoice", args=[one.invoice_id]), open=one.open
            )
            for one in letter.rows
        ],
        late=late_words(late),
        is_late=late > 0,
        open=letter.open,
        more=asked if asked else None,
        total=letter.total,
        channel=CHANNELS[letter.channel],
        email=letter.email,
        waits=letter.waits,
        no_rate_from=letter.no_rate_from,
        preview_url=f"{reverse('web:reminder_preview')}?letter={ids}",
        pdf_url=f"{reverse('web:reminder_draft_pdf')}?letter={ids}",
    )


def late_words(days: int) -> str:
    """How long it has been due."""
    if days <= 0:
        return _("not due yet")
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}


def reminder_words(record: ReminderRecord) -> SimpleNamespace:
    """A reminder that was sent, as lists draw it."""
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:reminder", args=[record.id]),
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        on=record.made_on,
        step=TONES[record.tone],
        level=record.level,
        numbers=", ".join(one.number for one in record.invoices),
        channel=CHANNELS[record.channel],
        status=STATES[record.status],
        to_post=record.status == "to_post",
        has_letter=record.file_id is not None,
        total=record.total,
    )


def hold_words(record: HoldRecord, *, today: date) -> SimpleNamespace:
    """A pause or promise, as lists draw it."""
    reader = formats.reader()
    if record.kind == "promise" and record.until_on is not None:
        label = _("Promised by %(day)s") % {"day": formats.day(record.until_on, reader)}
    elif record.until_on is not None:
        label = _("Paused until %(day)s") % {"day": formats.day(record.until_on, reader)}
    else:
        label = _("Paused until somebody ends it")
    amount = None
    if record.amount is not None and record.currency:
        amount = Money(record.amount, record.currency)
    state = record.status(on=today)
    return SimpleNamespace(
        id=record.id,
        label=label,
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        number=record.number or "",
        url=reverse("web:invoice", args=[record.invoice_id]) if record.invoice_id else "",
        amount=amount,
        reason=record.reason,
        status=HOLDS[state],
        is_at_work=state == "rests",
    )


def dispute_words(record: DisputeRecord, *, today: date) -> SimpleNamespace:
    """A dispute, as lists and the invoice's page draw it."""
    is_open = record.settled_on is None
    return SimpleNamespace(
        id=record.id,
        number=record.number,
        url=reverse("web:invoice", args=[record.invoice_id]),
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        category=CATEGORIES[record.category],
        reason=record.reason,
        opened_on=record.opened_on,
        deadline_on=record.deadline_on,
        is_late=is_open and record.deadline_on is not None and record.deadline_on < today,
        is_open=is_open,
        outcome=OUTCOMES[record.outcome] if record.outcome else "",
        note=record.note,
        open=Money(record.open_amount, record.currency),
    )
