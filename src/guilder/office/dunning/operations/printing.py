"""What a letter looks like: its PDF and the words of its mail."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from guilder.books.invoicing import operations as invoices
from guilder.foundation.files import queries as stored_files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Party
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations import Printed
from guilder.office.dunning import wording
from guilder.office.dunning.models import Reminder
from guilder.office.dunning.operations.composing import Letter, compose_letters
from guilder.office.dunning.queries.reminders import get_reminder
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import queries as parties


class NothingDue(Conflict):
    """None of it is to be reminded of now."""

    code = "reminder.nothing_due"


def letter_file(reminder_id: UUID, *, by: Actor) -> Printed:
    """The PDF of a reminder as it went out. Raises NoSuchReminder, FileDamaged."""
    record = get_reminder(reminder_id, by=by)
    if record.file_id is None:
        raise NothingDue("This step was passed over: there is no letter.")
    with transaction(by.organization_id):
        stored = stored_files.get_file(record.file_id, by=by)
        return Printed(stored_files.read(record.file_id, by=by), stored.filename)


def preview_letter(invoice_ids: Sequence[UUID], *, by: Actor, on: date, at: datetime) -> Printed:
    """The first letter about some invoices as it would go out. Raises NothingDue, RenderFailed."""
    letters = compose_letters(by=by, on=on, invoice_ids=list(invoice_ids))
    if not letters:
        raise NothingDue("None of these is to be reminded of now.")
    return printed_of(letters[0], by=by, at=at)


def preview_mail(letter: Letter, *, by: Actor, at: datetime) -> Mail | None:
    """The mail of a letter as it would be queued; None where it goes by post alone."""
    if letter.channel == Reminder.Channel.LETTER:
        return None
    with transaction(by.organization_id):
        values = values_of(letter, by=by)
        kind = f"reminder_{letter.tone}"
        return dispatch.compose_letter(letter.partner_id, by=by, at=at, kind=kind, values=values)


def printed_of(letter: Letter, *, by: Actor, at: datetime) -> Printed:
    """The letter as PDF; outside transactions."""
    del at
    with transaction(by.organization_id):
        context = parties.invoicing_context(by.organization_id, letter.partner_id)
        look = looks.look_of(by=by)
    paper = paper_of(letter, context.seller, context.buyer, transfers_of(context.payment))
    pdf = rendering.render_reminder(paper, look=look)
    parts = (f"reminder-{letter.level}", letter.partner_name, letter.made_on.isoformat())
    stem = "".join(c if c.isalnum() or c in "-_." else "_" for c in "-".join(parts))
    return Printed(pdf, f"{stem}.pdf")


def transfers_of(means: Sequence[Any]) -> tuple[str, str]:
    """(account holder, account) to pay to; empty where none is set."""
    for one in means:
        for transfer in one.transfers:
            return transfer.account_name, transfer.account
    return "", ""


def paper_of(
    letter: Letter, seller: Party, buyer: Party, account: tuple[str, str]
) -> rendering.ReminderPaper:
    """A letter as it is printed."""
    spans = {
        (one.percent, one.start_on, one.end_on)
        for grown in letter.interest_of.values()
        for one in grown.spans
    }
    rates: dict[Any, list[date]] = {}
    for percent, start_on, end_on in sorted(spans, key=lambda one: one[1]):
        rates.setdefault(percent, []).extend((start_on, end_on))
    return rendering.ReminderPaper(
        seller=seller,
        buyer=buyer,
        language=letter.language,
        tone=letter.tone,
        made_on=letter.made_on,
        pay_by_on=letter.pay_by_on,
        rows=tuple(
            rendering.ReminderRow(
                one.kind, one.number, one.issued_on, one.due_on,
                max((letter.made_on - one.due_on).days, 0), one.open,
            )
            for one in letter.rows
        ),
        open=letter.open,
        interest=letter.interest,
        lump_sum=Money(letter.lump, letter.currency),
        fee=Money(letter.fee, letter.currency),
        total=letter.total,
        rates=tuple(
            rendering.RateSpan(percent, min(days), max(days)) for percent, days in rates.items()
        ),
        law=letter.law,
        holder=account[0] or seller.name,
        iban=account[1],
    )  # fmt: skip


def values_of(letter: Letter, *, by: Actor) -> Mapping[str, str]:
    """What the mail of a letter says; inside a transaction."""
    locale = wording.locale_of(letter.language)
    costs = Money(letter.fee + letter.lump, letter.currency)
    numbers = ", ".join(one.number for one in letter.rows[:3])
    lines = [
        f"{one.number} · {wording.day(one.due_on, locale)} · {wording.money(one.open, locale)}"
        for one in letter.rows
    ]
    link = ""
    if len(letter.rows) == 1 and settings.BASE_URL:
        link = f"{settings.BASE_URL}{invoices.pay_link(letter.rows[0].invoice_id, by=by)}"
    return {
        "document.number": numbers + (" …" if len(letter.rows) > 3 else ""),
        "document.total": wording.money(letter.open, locale),
        "document.due": wording.money(letter.total, locale),
        "document.due_on": wording.day(letter.pay_by_on, locale),
        "document.pay_link": link,
        "reminder.list": "\n".join(lines),
        "reminder.interest": wording.money(letter.interest, locale) if letter.interest else "",
        "reminder.costs": wording.money(costs, locale) if costs else "",
    }
