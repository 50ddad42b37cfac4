"""What happened to recurring invoices. Ids and values only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringChanged:
    """A recurring invoice was made, changed, paused, resumed or ended."""

    type: ClassVar[str] = "recurring.changed"
    recurring_id: UUID
    partner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringInvoiced:
    """A period was invoiced; with `sends` the client is to get it by mail."""

    type: ClassVar[str] = "recurring.invoiced"
    recurring_id: UUID
    partner_id: UUID
    invoice_id: UUID
    period_start_on: date
    period_end_on: date
    sends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringFailed:
    """A period could not be invoiced; it is tried again until it can."""

    type: ClassVar[str] = "recurring.failed"
    recurring_id: UUID
    partner_id: UUID
    name: str
    problem: str
