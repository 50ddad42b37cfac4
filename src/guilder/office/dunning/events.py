"""What happened to reminders. Ids and values only; amounts are decimal text."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderMade:
    """A client was reminded, or with `channel` "letter" is to be, by post."""

    type: ClassVar[str] = "reminder.made"
    reminder_id: UUID
    partner_id: UUID
    level: int
    channel: str
    invoice_ids: list[UUID]
    amount: str
    currency: str
    posts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPosted:
    """Somebody printed a letter and posted it."""

    type: ClassVar[str] = "reminder.posted"
    reminder_id: UUID
    partner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFailed:
    """A client could not be reminded; it is tried again."""

    type: ClassVar[str] = "reminder.failed"
    partner_id: UUID
    name: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersRest:
    """Reminders rest for a client or an invoice, by a pause or a promise."""

    type: ClassVar[str] = "reminder.rests"
    hold_id: UUID
    partner_id: UUID
    invoice_id: UUID | None
    kind: str
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersGoOn:
    """A pause or a promise was ended by a person."""

    type: ClassVar[str] = "reminder.goes_on"
    hold_id: UUID
    partner_id: UUID
    invoice_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeEvent:
    """What every event of a dispute carries."""

    dispute_id: UUID
    invoice_id: UUID
    partner_id: UUID
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeOpened(DisputeEvent):
    """The client objects to an invoice."""

    type: ClassVar[str] = "dispute.opened"
    deadline_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeSettled(DisputeEvent):
    """It was settled; `outcome` says how."""

    type: ClassVar[str] = "dispute.settled"
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """Debts of a client were handed over to collection; they are reminded of no more."""

    type: ClassVar[str] = "collection.handed_over"
    handover_id: UUID
    partner_id: UUID
    invoice_ids: list[UUID]
    amount: str
    currency: str
