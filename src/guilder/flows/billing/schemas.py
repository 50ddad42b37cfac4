"""The public shape of a recurring invoice."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from guilder.kernel.money import Money

if TYPE_CHECKING:
    from guilder.flows.billing.queries import RecurringRecord, RunRecord


class RunOut(msgspec.Struct, kw_only=True):
    """A period that was invoiced; without an invoice it was passed over."""

    period_start_on: date
    period_end_on: date
    invoice: UUID | None
    number: str | None
    made_at: datetime


class RecurringOut(msgspec.Struct, kw_only=True):
    """A recurring invoice as REST, webhooks and exports show it."""

    id: UUID
    name: str
    client: UUID
    client_name: str
    status: str
    currency: str
    net: str
    gross: str
    unit: str
    every: int
    first_on: date
    last_on: date | None
    most: int | None
    in_advance: bool
    act: str
    next_on: date | None
    next_days: list[date]
    made_count: int
    problem: str
    pattern: dict[str, Any]
    runs: list[RunOut]
    created_at: datetime
    updated_at: datetime
    etag: str


def recurring_out(record: "RecurringRecord") -> RecurringOut:
    """The shape of one record."""
    return RecurringOut(
        id=record.id,
        name=record.name,
        client=record.partner_id,
        client_name=record.partner_name,
        status=record.status,
        currency=record.currency,
        net=str(Money(record.net_amount, record.currency)),
        gross=str(Money(record.gross_amount, record.currency)),
        unit=record.unit,
        every=record.every,
        first_on=record.first_on,
        last_on=record.last_on,
        most=record.most,
        in_advance=record.in_advance,
        act=record.act,
        next_on=record.next_on,
        next_days=list(record.next_days),
        made_count=record.made_count,
        problem=record.problem,
        pattern=record.pattern,
        runs=[run_out(one) for one in record.runs],
        created_at=record.created_at,
        updated_at=record.updated_at,
        etag=f'"{record.version}"',
    )


def run_out(one: "RunRecord") -> RunOut:
    """The shape of one period."""
    return RunOut(
        period_start_on=one.period_start_on,
        period_end_on=one.period_end_on,
        invoice=one.invoice_id,
        number=one.number,
        made_at=one.made_at,
    )
