"""Reminding: a letter printed outside, then kept, sent and told in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoices
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations import Printed
from guilder.office.dunning.events import ReminderFailed, ReminderMade, ReminderPosted
from guilder.office.dunning.models import Reminded, Reminder
from guilder.office.dunning.operations.composing import Letter, compose_letters
from guilder.office.dunning.operations.printing import NothingDue, printed_of, values_of
from guilder.office.dunning.queries.reminders import ReminderRecord, get_reminder

PDF = "application/pdf"
TABLE = "dunning_reminder"
MOST_AT_ONCE = 200


class Moved(Conflict):
    """Something was paid, paused or sent while the letter was being printed."""

    code = "reminder.moved"


class AlreadyPosted(Conflict):
    """It is no letter, or somebody has posted it."""

    code = "reminder.already_posted"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter and its PDF, not yet sent."""

    letter: Letter
    printed: Printed


def remind(
    invoice_ids: Sequence[UUID],
    *,
    by: Actor,
    on: date,
    at: datetime,
    hold: timedelta = timedelta(0),
) -> list[ReminderRecord]:
    """Remind of invoices whose step is due, whether or not it waits for a person.

    Prints: call it outside transactions. Raises NothingDue, Moved, RenderFailed.
    """
    prepared = prepare_letters(invoice_ids, by=by, on=on, at=at)
    return send_prepared(prepared, by=by, on=on, at=at, hold=hold)


def prepare_letters(
    invoice_ids: Sequence[UUID], *, by: Actor, on: date, at: datetime
) -> list[Prepared]:
    """The letters about some invoices, printed; nothing is stored. None where nothing is due.

    Call it outside transactions. Raises RenderFailed, and Invalid for more than MOST_AT_ONCE.
    """
    by.require("reminder.send")
    if len(invoice_ids) > MOST_AT_ONCE:
        raise Invalid(f"Remind of at most {MOST_AT_ONCE} invoices at once.")
    letters = compose_letters(by=by, on=on, invoice_ids=list(invoice_ids))
    return [Prepared(one, printed_of(one, by=by, at=at)) for one in letters]


def send_prepared(
    prepared: Sequence[Prepared],
    *,
    by: Actor,
    on: date,
    at: datetime,
    hold: timedelta = timedelta(0),
) -> list[ReminderRecord]:
    """Send letters that were prepared, all or none. Raises NothingDue, Moved."""
    by.require("reminder.send")
    if not prepared:
        raise NothingDue("None of these is to be reminded of now.")
    with transaction(by.organization_id):
        return [send_one(one, by=by, on=on, at=at, hold=hold) for one in prepared]


def remind_due(*, by: Actor, on: date, at: datetime, most: int = 500) -> int:
    """Send every letter of a day that needs nobody; gives how many. What cannot be sent is told and
    stops nothing else. Looking again, or at once elsewhere, sends nothing twice."""
    by.require("reminder.send")
    letters = compose_letters(by=by, on=on, waits=False, most=10 * most)[:most]
    sent = 0
    for letter in letters:
        try:
            prepared = Prepared(letter, printed_of(letter, by=by, at=at))
            send_prepared([prepared], by=by, on=on, at=at)
        except Moved:
            continue
        except GuilderError as error:
            note_failure(letter, error, by=by)
            continue
        sent += 1
    return sent


def note_failure(letter: Letter, error: GuilderError, *, by: Actor) -> None:
    """Tell that a client could not be reminded."""
    words = "; ".join([error.detail, *(one.detail for one in error.problems)])[:500]
    with transaction(by.organization_id):
        bus.publish(
            ReminderFailed(
                partner_id=letter.partner_id, name=letter.partner_name, problem=words
            ),
            by=by,
        )  # fmt: skip


def send_one(
    prepared: Prepared, *, by: Actor, on: date, at: datetime, hold: timedelta
) -> ReminderRecord:
    """Keep one letter, queue its mail, audit and tell; under the locks of its invoices."""
    letter = prepared.letter
    invoices.lock_debts(letter.invoice_ids, by=by)
    if compose_letters(by=by, on=on, invoice_ids=letter.invoice_ids) != [letter]:
        raise Moved("It was paid, paused or sent in the meantime. Look again.")
    printed = prepared.printed
    stored = files.store(printed.pdf, by=by, filename=printed.filename, media_type=PDF)
    mail = None
    if letter.channel != Reminder.Channel.LETTER:
        mail = dispatch.send_letter(
            letter.partner_id, by=by, at=at, kind=f"reminder_{letter.tone}",
            values=values_of(letter, by=by), printed=printed, hold=hold,
        )  # fmt: skip
    row = stored_row(letter, by=by, at=at, channel=letter.channel, file_id=stored.id, mail=mail)
    tell(row, letter, by=by)
    return get_reminder(row.id, by=by)


def stored_row(
    letter: Letter,
    *,
    by: Actor,
    at: datetime,
    channel: str,
    file_id: UUID | None = None,
    mail: Mail | None = None,
    reason: str = "",
) -> Reminder:
    """Write the reminder and its invoices."""
    is_sent = channel != Reminder.Channel.NONE
    row = Reminder.objects.create(
        organization_id=by.organization_id,
        id=uuid7(),
        partner_id=letter.partner_id,
        ladder_name=letter.rows[0].ladder_name,
        level=letter.level,
        tone=letter.tone,
        channel=channel,
        made_on=letter.made_on,
        pay_by_on=letter.pay_by_on if is_sent else None,
        currency=letter.currency,
        language=letter.language,
        open_amount=letter.open.minor,
        interest_amount=letter.interest.minor if is_sent else 0,
        fee_amount=letter.fee if is_sent else 0,
        lump_amount=letter.lump if is_sent else 0,
        law=letter.law if is_sent else "",
        reason=reason,
        mail=mail,
        file_id=file_id,
        created_by_id=by.user_id,
        created_at=at,
    )
    Reminded.objects.bulk_create(
        Reminded(
            organization_id=by.organization_id,
            id=uuid7(),
            reminder_id=row.id,
            invoice_id=one.invoice_id,
            level=one.level,
            due_on=one.due_on,
            open_amount=one.open_amount,
            **(interest_columns(letter, one.invoice_id) if is_sent else {}),
        )
        for one in letter.rows
    )
    return row


def interest_columns(letter: Letter, invoice_id: UUID) -> dict[str, Any]:
    """The interest of one invoice, and how it came about."""
    grown = letter.interest_of.get(invoice_id)
    if grown is None:
        return {}
    return {
        "interest_amount": grown.amount.minor,
        "spans": [
            {
                "start_on": one.start_on.isoformat(),
                "end_on": one.end_on.isoformat(),
                "days": one.days,
                "amount": str(Money(one.amount, letter.currency)),
                "percent": f"{one.percent:f}",
            }
            for one in grown.spans
        ],
    }


def tell(row: Reminder, letter: Letter, *, by: Actor) -> None:
    """Audit and tell a reminder; each invoice has it in its own history."""
    posts = row.channel in (Reminder.Channel.LETTER, Reminder.Channel.BOTH)
    after = {
        "reminder": str(row.id),
        "level": row.level,
        "channel": row.channel,
        "claimed": str(letter.total),
        "pay_by": row.pay_by_on.isoformat() if row.pay_by_on else None,
    }
    for invoice_id in letter.invoice_ids:
        audit.record(
            by=by,
            action="invoice.remind" if row.channel != "none" else "invoice.remind_skip",
            table="invoicing_invoice",
            row_id=invoice_id,
            before=None,
            after=after,
        )
    if row.channel == Reminder.Channel.NONE:
        return
    bus.publish(
        ReminderMade(
            reminder_id=row.id,
            partner_id=row.partner_id,
            level=row.level,
            channel=row.channel,
            invoice_ids=letter.invoice_ids,
            amount=str(letter.total),
            currency=row.currency,
            posts=posts,
        ),
        by=by,
    )


def skip_step(
    invoice_ids: Sequence[UUID], *, by: Actor, on: date, at: datetime, reason: str = ""
) -> None:
    """Pass the due step of some invoices over: it is never sent. Raises NothingDue."""
    by.require("reminder.send")
    with transaction(by.organization_id):
        invoices.lock_debts(invoice_ids, by=by)
        letters = compose_letters(by=by, on=on, invoice_ids=list(invoice_ids))
        if not letters:
            raise NothingDue("None of these is to be reminded of now.")
        for letter in letters:
            channel = Reminder.Channel.NONE
            row = stored_row(letter, by=by, at=at, channel=channel, reason=reason.strip()[:300])
            tell(row, letter, by=by)


def mark_posted(reminder_ids: Sequence[UUID], *, by: Actor, on: date, at: datetime) -> None:
    """Somebody printed these letters and posted them. Raises NoSuchReminder, AlreadyPosted."""
    by.require("reminder.send")
    with transaction(by.organization_id):
        for reminder_id in dict.fromkeys(reminder_ids):
            if get_reminder(reminder_id, by=by).status != "to_post":
                raise AlreadyPosted("This is no letter that still has to be posted.")
            row = Reminder.objects.of(by.organization_id).lock().get(id=reminder_id)
            row.posted_on, row.posted_by_id = on, by.user_id
            row.save(update_fields=["posted_on", "posted_by_id"])
            audit.record(
                by=by,
                action="reminder.post",
                table=TABLE,
                row_id=reminder_id,
                before=None,
                after={"posted_on": on.isoformat(), "at": at.isoformat()},
            )
            bus.publish(ReminderPosted(reminder_id=reminder_id, partner_id=row.partner_id), by=by)
