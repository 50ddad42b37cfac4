"""Reading what was sent and what was handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.foundation.files import queries as files
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money
from guilder.office.dunning.models import Handover

COLUMNS = """SELECT r.id, r.partner_id, c.name, r.ladder_name, r.level, r.tone, r.channel,
  r.made_on, r.pay_by_on, r.currency, r.language, r.open_amount, r.interest_amount, r.fee_amount,
  r.lump_amount, r.law, r.reason, r.mail_id, m.state, m.to, r.file_id, r.posted_on,
  r.created_by_id, r.created_at"""
FROM = """
FROM dunning_reminder r
JOIN parties_partner c ON c.organization_id = r.organization_id AND c.id = r.partner_id
LEFT JOIN dispatch_mail m ON m.organization_id = r.organization_id AND m.id = r.mail_id
WHERE r.organization_id = %(organization)s::uuid"""
INVOICES = """
SELECT d.reminder_id, d.invoice_id, i.number, i.kind, d.level, d.due_on, d.open_amount,
  d.interest_amount, d.spans, i.open_amount
FROM dunning_reminded d
JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
WHERE d.organization_id = %(organization)s::uuid AND d.reminder_id = ANY(%(ids)s::uuid[])
ORDER BY d.due_on, d.invoice_id
"""
TO_POST = " AND r.channel IN ('letter', 'both') AND r.posted_on IS NULL"
STATES = {
    "": "",
    "sent": " AND r.channel <> 'none'",
    "to_post": TO_POST,
    "skipped": " AND r.channel = 'none'",
    "failed": " AND m.state IN ('failed', 'returned')",
}


class NoSuchReminder(NotFound):
    """No reminder of that id in this organization."""

    code = "reminder.not_found"


class NoSuchHandover(NotFound):
    """Nothing was handed over under that id."""

    code = "handover.not_found"


@dataclass(frozen=True, slots=True)
class RemindedRecord:
    """An invoice in a reminder as it stood then; `still_open` is what is open now."""

    invoice_id: UUID
    number: str
    kind: str
    level: int
    due_on: date
    open_amount: int
    interest_amount: int
    spans: list[dict[str, Any]]
    still_open: int


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """A letter to a client; amounts in minor units of `currency`."""

    id: UUID
    partner_id: UUID
    partner_name: str
    ladder_name: str
    level: int
    tone: str
    channel: str
    made_on: date
    pay_by_on: date | None
    currency: str
    language: str
    open_amount: int
    interest_amount: int
    fee_amount: int
    lump_amount: int
    law: str
    reason: str
    mail_id: UUID | None
    mail_state: str | None
    mail_to: str | None
    file_id: UUID | None
    posted_on: date | None
    created_by_id: UUID | None
    created_at: datetime
    invoices: tuple[RemindedRecord, ...] = ()

    @property
    def total(self) -> Money:
        """Everything that it asks for."""
        extra = self.interest_amount + self.fee_amount + self.lump_amount
        return Money(self.open_amount + extra, self.currency)

    @property
    def status(self) -> str:
        """One word: skipped, to_post, posted, or the state of its mail."""
        if self.channel == "none":
            return "skipped"
        if self.channel in ("letter", "both") and self.posted_on is None:
            return "to_post"
        return self.mail_state or "posted"


@dataclass(frozen=True, slots=True)
class HandoverRecord:
    """What was handed over to collection."""

    id: UUID
    partner_id: UUID
    partner_name: str
    currency: str
    open_amount: int
    interest_amount: int
    fee_amount: int
    made_on: date
    file_id: UUID
    invoice_ids: tuple[UUID, ...]


def get_reminder(reminder_id: UUID, *, by: Actor) -> ReminderRecord:
    """One reminder with its invoices; NoSuchReminder."""
    by.require("reminder.view")
    values = {"organization": by.organization_id, "id": reminder_id}
    found = read(f"{COLUMNS}{FROM} AND r.id = %(id)s::uuid", values, by=by)
    if not found:
        raise NoSuchReminder("There is no such reminder.")
    return found[0]


def list_reminders(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    invoice_id: UUID | None = None,
    state: str = "",
    q: str = "",
    ids: Sequence[UUID] = (),
    limit: int = 50,
    after: UUID | None = None,
    oldest_first: bool = False,
) -> list[ReminderRecord]:
    """A page with its invoices, newest first; `after` is the last id of the page before."""
    by.require("reminder.view")
    where, values = conditions(by, partner_id, invoice_id, state, q, ids)
    if after is not None:
        values["after"] = after
        where += f" AND r.id {'>' if oldest_first else '<'} %(after)s::uuid"
    way = "ASC" if oldest_first else "DESC"
    statement = f"{COLUMNS}{FROM}{where} ORDER BY r.id {way} LIMIT {int(limit)}"
    return read(statement, values, by=by)


def reminder_count(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    state: str = "",
    q: str = "",
    cap: int,
) -> int:
    """How many there are, at most cap + 1."""
    by.require("reminder.view")
    where, values = conditions(by, partner_id, None, state, q, ())
    with transaction(by.organization_id):
        found = cursor().execute(
            f"SELECT count(*) FROM (SELECT 1 {FROM}{where} LIMIT {int(cap) + 1}) AS capped",  # noqa: S608
            values,
        )
        return found.fetchone()[0]


def conditions(
    by: Actor,
    partner_id: UUID | None,
    invoice_id: UUID | None,
    state: str,
    q: str,
    ids: Sequence[UUID],
) -> tuple[str, dict[str, Any]]:
    """What goes after FROM's WHERE, and what it all binds."""
    values: dict[str, Any] = {"organization": by.organization_id}
    where = STATES.get(state, "")
    if partner_id is not None:
        values["partner"] = partner_id
        where += " AND r.partner_id = %(partner)s::uuid"
    if invoice_id is not None:
        values["invoice"] = invoice_id
        where += (
            " AND EXISTS (SELECT FROM dunning_reminded d WHERE d.organization_id ="
            " r.organization_id AND d.reminder_id = r.id AND d.invoice_id = %(invoice)s::uuid)"
        )
    if ids:
        values["ids"] = list(ids)
        where += " AND r.id = ANY(%(ids)s::uuid[])"
    for index, word in enumerate(q.split()[:5]):
        values[f"q{index}"] = "%" + word.replace("\\", "\\\\").replace("%", "\\%") + "%"
        where += f" AND c.name ILIKE %(q{index})s"
    return where, values


def read(statement: str, values: dict[str, Any], *, by: Actor) -> list[ReminderRecord]:
    """Reminders with their invoices."""
    with transaction(by.organization_id):
        ask = cursor(binary=True)
        rows = ask.execute(statement, values).fetchall()
        about = {"organization": by.organization_id, "ids": [row[0] for row in rows]}
        parts: dict[UUID, list[RemindedRecord]] = {}
        for reminder_id, *part in ask.execute(INVOICES, about).fetchall() if rows else ():
            parts.setdefault(reminder_id, []).append(RemindedRecord(*part))
    return [ReminderRecord(*row, invoices=tuple(parts.get(row[0], ()))) for row in rows]


def list_handovers(
    *, by: Actor, partner_id: UUID | None = None, limit: int = 50, after: UUID | None = None
) -> list[HandoverRecord]:
    """What was handed over, newest first."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        rows = Handover.objects.of(by.organization_id).select_related("partner")
        if partner_id is not None:
            rows = rows.filter(partner_id=partner_id)
        if after is not None:
            rows = rows.filter(id__lt=after)
        found = rows.prefetch_related("invoices").order_by("-id")[:limit]
        return [handover_of(row) for row in found]


def get_handover(handover_id: UUID, *, by: Actor) -> tuple[HandoverRecord, str]:
    """What was handed over, and the name of its file. Raises NoSuchHandover."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        rows = Handover.objects.of(by.organization_id).select_related("partner")
        row = rows.prefetch_related("invoices").filter(id=handover_id).first()
        if row is None:
            raise NoSuchHandover("Nothing was handed over under that id.")
        name = files.get_file(row.file_id, by=by).filename  # type: ignore[attr-defined]
    return handover_of(row), name


def handover_of_invoice(invoice_id: UUID, *, by: Actor) -> HandoverRecord | None:
    """The handover that an invoice went with, if any."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        rows = Handover.objects.of(by.organization_id).select_related("partner")
        row = rows.prefetch_related("invoices").filter(invoices__invoice_id=invoice_id).first()
        return handover_of(row) if row is not None else None


def reached_of(invoice_id: UUID, *, by: Actor) -> tuple[int, date | None]:
    """The highest step that an invoice was reminded by (0 for none), and until when the last letter
    gives time."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        found = cursor().execute(
            "SELECT coalesce(max(d.level), 0), max(r.pay_by_on) FROM dunning_reminded d"
            " JOIN dunning_reminder r ON r.organization_id = d.organization_id"
            " AND r.id = d.reminder_id WHERE d.organization_id = %(organization)s::uuid"
            " AND d.invoice_id = %(id)s::uuid",
            {"organization": by.organization_id, "id": invoice_id},
        )
        return found.fetchone()


def handover_of(row: Any) -> HandoverRecord:
    """A row and its invoices."""
    return HandoverRecord(
        id=row.id,
        partner_id=row.partner_id,
        partner_name=row.partner.name,
        currency=row.currency,
        open_amount=row.open_amount,
        interest_amount=row.interest_amount,
        fee_amount=row.fee_amount,
        made_on=row.made_on,
        file_id=row.file_id,
        invoice_ids=tuple(one.invoice_id for one in row.invoices.all()),
    )
