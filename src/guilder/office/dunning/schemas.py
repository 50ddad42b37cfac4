"""The public shapes of reminders, ladders, pauses, disputes and handovers."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from guilder.kernel.money import Money

if TYPE_CHECKING:
    from guilder.office.dunning.queries import (
        DisputeRecord,
        HandoverRecord,
        HoldRecord,
        KnownRate,
        LadderRecord,
        RemindedRecord,
        ReminderRecord,
        TermsRecord,
    )


class RemindedOut(msgspec.Struct, kw_only=True):
    """An invoice in a reminder as it stood then; `spans` is how the interest came about."""

    invoice: UUID
    number: str
    level: int
    due_on: date
    open: str
    interest: str
    spans: list[dict[str, Any]]
    still_open: str


class ReminderOut(msgspec.Struct, kw_only=True):
    """A letter to a client. `status` is to_post, posted, skipped, or the state of its mail."""

    id: UUID
    client: UUID
    client_name: str
    ladder: str
    level: int
    tone: str
    channel: str
    status: str
    made_on: date
    pay_by_on: date | None
    currency: str
    open: str
    interest: str
    fee: str
    lump_sum: str
    total: str
    law: str
    reason: str
    mail: UUID | None
    posted_on: date | None
    invoices: list[RemindedOut]
    created_at: datetime


class DueOut(msgspec.Struct, kw_only=True):
    """A letter as it would go out today. `waits`: only a person sends it. `no_rate_from`: interest
    is due but its rate unknown from that day on."""

    client: UUID
    client_name: str
    level: int
    tone: str
    channel: str
    waits: bool
    pay_by_on: date
    currency: str
    open: str
    interest: str
    fee: str
    lump_sum: str
    total: str
    law: str
    no_rate_from: date | None
    invoices: list[UUID]


class StepOut(msgspec.Struct, kw_only=True):
    """One step of a ladder; the fee is in the organization's base currency."""

    level: int
    days: int
    tone: str
    channel: str
    pay_within: int
    fee: str
    with_interest: bool
    with_lump_sum: bool
    needs_approval: bool


class LadderOut(msgspec.Struct, kw_only=True):
    """When and how clients are reminded."""

    id: UUID
    name: str
    is_default: bool
    is_collective: bool
    interest: str
    contract_percent: str | None
    automatic_from: date | None
    forgives: str
    steps: list[StepOut]
    etag: str


class TermsOut(msgspec.Struct, kw_only=True):
    """How a client is reminded; without a ladder by the usual one."""

    client: UUID
    ladder: UUID | None
    ladder_name: str
    is_never: bool
    etag: str


class HoldOut(msgspec.Struct, kw_only=True):
    """A pause, or a promise to pay. `status` is rests, over, ended, kept or broken."""

    id: UUID
    kind: str
    client: UUID
    client_name: str
    invoice: UUID | None
    number: str | None
    until_on: date | None
    amount: str | None
    reason: str
    status: str
    created_at: datetime
    ended_at: datetime | None


class DisputeOut(msgspec.Struct, kw_only=True):
    """A client's objection to an invoice."""

    id: UUID
    invoice: UUID
    number: str
    client: UUID
    client_name: str
    status: str
    category: str
    reason: str
    opened_on: date
    deadline_on: date | None
    settled_on: date | None
    outcome: str
    note: str
    currency: str
    open: str
    created_at: datetime
    updated_at: datetime
    etag: str


class ReferenceRateOut(msgspec.Struct, kw_only=True):
    """A reference rate for the half-year from `valid_from`; without an id it comes with Guilder."""

    id: UUID | None
    reference: str
    reference_name: str
    valid_from: date
    percent: str
    source: str


class HandoverOut(msgspec.Struct, kw_only=True):
    """Debts that were handed over to collection."""

    id: UUID
    client: UUID
    client_name: str
    currency: str
    open: str
    interest: str
    costs: str
    made_on: date
    invoices: list[UUID]


def reminder_out(record: "ReminderRecord") -> ReminderOut:
    """The shape of one reminder."""

    def told(amount: int) -> str:
        return str(Money(amount, record.currency))

    return ReminderOut(
        id=record.id,
        client=record.partner_id,
        client_name=record.partner_name,
        ladder=record.ladder_name,
        level=record.level,
        tone=record.tone,
        channel=record.channel,
        status=record.status,
        made_on=record.made_on,
        pay_by_on=record.pay_by_on,
        currency=record.currency,
        open=told(record.open_amount),
        interest=told(record.interest_amount),
        fee=told(record.fee_amount),
        lump_sum=told(record.lump_amount),
        total=str(record.total),
        law=record.law,
        reason=record.reason,
        mail=record.mail_id,
        posted_on=record.posted_on,
        invoices=[reminded_out(one, record.currency) for one in record.invoices],
        created_at=record.created_at,
    )


def reminded_out(one: "RemindedRecord", currency: str) -> RemindedOut:
    """The shape of one invoice in a reminder."""
    return RemindedOut(
        invoice=one.invoice_id,
        number=one.number,
        level=one.level,
        due_on=one.due_on,
        open=str(Money(one.open_amount, currency)),
        interest=str(Money(one.interest_amount, currency)),
        spans=one.spans,
        still_open=str(Money(one.still_open, currency)),
    )


def due_out(letter: Any) -> DueOut:
    """The shape of a letter that is due."""
    return DueOut(
        client=letter.partner_id,
        client_name=letter.partner_name,
        level=letter.level,
        tone=letter.tone,
        channel=letter.channel,
        waits=letter.waits,
        pay_by_on=letter.pay_by_on,
        currency=letter.currency,
        open=str(letter.open),
        interest=str(letter.interest),
        fee=str(Money(letter.fee, letter.currency)),
        lump_sum=str(Money(letter.lump, letter.currency)),
        total=str(letter.total),
        law=letter.law,
        no_rate_from=letter.no_rate_from,
        invoices=letter.invoice_ids,
    )


def ladder_out(record: "LadderRecord", *, currency: str) -> LadderOut:
    """The shape of a ladder."""
    percent = record.contract_percent
    return LadderOut(
        id=record.id,
        name=record.name,
        is_default=record.is_default,
        is_collective=record.is_collective,
        interest=record.interest,
        contract_percent=None if percent is None else f"{percent.normalize():f}",
        automatic_from=record.automatic_from,
        forgives=str(Money(record.forgive_amount, currency)),
        steps=[
            StepOut(
                level=one.level,
                days=one.days,
                tone=one.tone,
                channel=one.channel,
                pay_within=one.pay_within,
                fee=str(Money(one.fee_amount, currency)),
                with_interest=one.with_interest,
                with_lump_sum=one.with_lump_sum,
                needs_approval=one.needs_approval,
            )
            for one in record.steps
        ],
        etag=f'"{record.version}"',
    )


def terms_out(record: "TermsRecord") -> TermsOut:
    """The shape of how a client is reminded."""
    return TermsOut(
        client=record.partner_id,
        ladder=record.ladder_id,
        ladder_name=record.ladder_name,
        is_never=record.is_never,
        etag=f'"{record.version}"',
    )


def hold_out(record: "HoldRecord", *, today: date) -> HoldOut:
    """The shape of a pause or promise."""
    amount = None
    if record.amount is not None and record.currency:
        amount = str(Money(record.amount, record.currency))
    return HoldOut(
        id=record.id,
        kind=record.kind,
        client=record.partner_id,
        client_name=record.partner_name,
        invoice=record.invoice_id,
        number=record.number,
        until_on=record.until_on,
        amount=amount,
        reason=record.reason,
        status=record.status(on=today),
        created_at=record.created_at,
        ended_at=record.ended_at,
    )


def dispute_out(record: "DisputeRecord") -> DisputeOut:
    """The shape of a dispute."""
    return DisputeOut(
        id=record.id,
        invoice=record.invoice_id,
        number=record.number,
        client=record.partner_id,
        client_name=record.partner_name,
        status=record.status,
        category=record.category,
        reason=record.reason,
        opened_on=record.opened_on,
        deadline_on=record.deadline_on,
        settled_on=record.settled_on,
        outcome=record.outcome,
        note=record.note,
        currency=record.currency,
        open=str(Money(record.open_amount, record.currency)),
        created_at=record.created_at,
        updated_at=record.updated_at,
        etag=f'"{record.version}"',
    )


def rate_out(record: "KnownRate") -> ReferenceRateOut:
    """The shape of a reference rate."""
    return ReferenceRateOut(
        id=record.id,
        reference=record.reference,
        reference_name=record.reference_name,
        valid_from=record.valid_from,
        percent=f"{record.percent:f}",
        source=record.source,
    )


def handover_out(record: "HandoverRecord") -> HandoverOut:
    """The shape of a handover."""
    return HandoverOut(
        id=record.id,
        client=record.partner_id,
        client_name=record.partner_name,
        currency=record.currency,
        open=str(Money(record.open_amount, record.currency)),
        interest=str(Money(record.interest_amount, record.currency)),
        costs=str(Money(record.fee_amount, record.currency)),
        made_on=record.made_on,
        invoices=list(record.invoice_ids),
    )
