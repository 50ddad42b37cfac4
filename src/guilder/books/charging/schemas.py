"""The public shapes of charges, chargebacks, payouts, saved methods and gateways."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from guilder.kernel.money import Money

if TYPE_CHECKING:
    from guilder.books.charging.queries.chargebacks import ChargebackRecord
    from guilder.books.charging.queries.charges import ChargeRecord
    from guilder.books.charging.queries.gateways import GatewayRecord
    from guilder.books.charging.queries.payouts import PayoutRecord
    from guilder.books.charging.queries.saved import SavedRecord
    from guilder.books.charging.queries.setups import SetupRecord


class Amount(msgspec.Struct):
    """An amount with its currency."""

    amount: str
    currency: str


def amount_of(minor: int, currency: str) -> Amount:
    """An amount in major units."""
    return Amount(str(Money(minor, currency)), currency)


class ChargeShareOut(msgspec.Struct, kw_only=True):
    """What a charge is meant to pay of one invoice."""

    invoice: UUID
    number: str
    amount: str


class ChargeOut(msgspec.Struct, kw_only=True):
    """A charge; state: pending, succeeded, failed, unknown. `url` is where the client pays."""

    id: UUID
    client: UUID
    client_name: str
    gateway: UUID
    gateway_name: str
    live: bool
    origin: str
    amount: Amount
    given_back: Amount
    fee: Amount | None
    method: str
    state: str
    url: str
    failure: str
    hard: bool
    payment: UUID | None
    saved_method: UUID | None
    provider_id: str
    invoices: list[ChargeShareOut]
    decided_at: datetime | None
    created_at: datetime
    updated_at: datetime
    etag: str


def charge_out(record: "ChargeRecord") -> ChargeOut:
    """The shape of one record."""
    currency = record.currency
    shares = zip(record.invoice_ids, record.numbers, record.amounts, strict=True)
    return ChargeOut(
        id=record.id,
        client=record.partner_id,
        client_name=record.partner_name,
        gateway=record.gateway_id,
        gateway_name=record.gateway_name,
        live=record.is_live,
        origin=record.origin,
        amount=amount_of(record.amount, currency),
        given_back=amount_of(record.given_back, currency),
        fee=None if record.fee is None else amount_of(record.fee, currency),
        method=record.method,
        state=record.state,
        url=record.url if record.state in {"pending", "unknown"} else "",
        failure=record.failure,
        hard=record.is_hard,
        payment=record.payment_id,
        saved_method=record.saved_id,
        provider_id=record.provider_payment or record.provider_id,
        invoices=[
            ChargeShareOut(invoice=one, number=number, amount=str(Money(amount, currency)))
            for one, number, amount in shares
        ],
        decided_at=record.decided_at,
        created_at=record.created_at,
        updated_at=record.updated_at,
        etag=f'"{record.version}"',
    )


class ChargebackOut(msgspec.Struct, kw_only=True):
    """A chargeback; stage: open, review, won, lost. A lost one has the refund that books it."""

    id: UUID
    charge: UUID
    client: UUID
    client_name: str
    payment: UUID | None
    amount: Amount
    stage: str
    reason: str
    answer_by: datetime | None
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    refund: UUID | None
    provider_id: str
    opened_at: datetime
    updated_at: datetime
    etag: str


def chargeback_out(record: "ChargebackRecord") -> ChargebackOut:
    """The shape of one record."""
    return ChargebackOut(
        id=record.id,
        charge=record.charge_id,
        client=record.partner_id,
        client_name=record.partner_name,
        payment=record.payment_id,
        amount=amount_of(record.amount, record.currency),
        stage=record.stage,
        reason=record.reason,
        answer_by=record.answer_by,
        answer=record.answer,
        answered_at=record.answered_at,
        closed_at=record.closed_at,
        refund=record.refund_id,
        provider_id=record.provider_id,
        opened_at=record.opened_at,
        updated_at=record.updated_at,
        etag=f'"{record.version}"',
    )


class PayoutOut(msgspec.Struct, kw_only=True):
    """Money that a gateway sends to the bank; stage: pending, paid, failed."""

    id: UUID
    gateway: UUID
    gateway_name: str
    amount: Amount
    gross: Amount | None
    fee: Amount | None
    charge_count: int
    stage: str
    arrives_on: date | None
    reference: str
    provider_id: str
    created_at: datetime


def payout_out(record: "PayoutRecord") -> PayoutOut:
    """The shape of one record."""
    return PayoutOut(
        id=record.id,
        gateway=record.gateway_id,
        gateway_name=record.gateway_name,
        amount=amount_of(record.amount, record.currency),
        gross=None if record.gross is None else amount_of(record.gross, record.currency),
        fee=None if record.fee is None else amount_of(record.fee, record.currency),
        charge_count=record.charge_count,
        stage=record.stage,
        arrives_on=record.arrives_on,
        reference=record.reference,
        provider_id=record.provider_id,
        created_at=record.created_at,
    )


class SavedMethodOut(msgspec.Struct, kw_only=True):
    """A way to pay that a client let us keep; `collects` takes what falls due by itself. Ended, the
    gateway ends it too, at `forgotten_at`; `forget_failure` says why it cannot."""

    id: UUID
    client: UUID
    client_name: str
    gateway: UUID
    gateway_name: str
    method: str
    label: str
    active: bool
    collects: bool
    agreed_at: datetime
    consent: str
    ended_at: datetime | None
    ended_reason: str
    forgotten_at: datetime | None
    forget_failure: str


def saved_out(record: "SavedRecord") -> SavedMethodOut:
    """The shape of one record."""
    return SavedMethodOut(
        id=record.id,
        client=record.partner_id,
        client_name=record.partner_name,
        gateway=record.gateway_id,
        gateway_name=record.gateway_name,
        method=record.method,
        label=record.label,
        active=record.is_active,
        collects=record.collects,
        agreed_at=record.agreed_at,
        consent=record.consent,
        ended_at=record.ended_at,
        ended_reason=record.ended_reason,
        forgotten_at=record.forgotten_at,
        forget_failure=record.forget_failure,
    )


class MethodSetupOut(msgspec.Struct, kw_only=True):
    """A way to pay that a client leaves without paying; state: pending, succeeded, failed, unknown.
    `url` is where the client does it, `saved_method` what was kept."""

    id: UUID
    client: UUID
    client_name: str
    gateway: UUID
    gateway_name: str
    live: bool
    origin: str
    method: str
    currency: str
    consent: str
    collects: bool
    replaces: UUID | None
    state: str
    url: str
    failure: str
    saved_method: UUID | None
    decided_at: datetime | None
    created_at: datetime
    updated_at: datetime


def setup_out(record: "SetupRecord") -> MethodSetupOut:
    """The shape of one record."""
    return MethodSetupOut(
        id=record.id,
        client=record.partner_id,
        client_name=record.partner_name,
        gateway=record.gateway_id,
        gateway_name=record.gateway_name,
        live=record.is_live,
        origin=record.origin,
        method=record.method,
        currency=record.currency,
        consent=record.consent,
        collects=record.collects,
        replaces=record.replaces_id,
        state=record.state,
        url=record.url if record.is_open else "",
        failure=record.failure,
        saved_method=record.saved_id,
        decided_at=record.decided_at,
        created_at=record.created_at,
        updated_at=record.updated_at,
    )


class GatewayOut(msgspec.Struct, kw_only=True):
    """A payment gateway; its keys are never shown."""

    id: UUID
    kind: str
    name: str
    live: bool
    active: bool
    methods: list[str]
    currencies: list[str]
    least: str
    most: str | None
    takes_parts: bool
    tested_at: datetime | None
    test_problem: str
    heard_at: datetime | None
    created_at: datetime
    updated_at: datetime
    etag: str


def gateway_out(record: "GatewayRecord") -> GatewayOut:
    """The shape of one record."""
    return GatewayOut(
        id=record.id,
        kind=record.kind,
        name=record.name,
        live=record.is_live,
        active=record.is_active,
        methods=list(record.methods),
        currencies=list(record.currencies),
        least=f"{record.least.normalize():f}",
        most=None if record.most is None else f"{record.most.normalize():f}",
        takes_parts=record.takes_parts,
        tested_at=record.tested_at,
        test_problem=record.test_problem,
        heard_at=record.heard_at,
        created_at=record.created_at,
        updated_at=record.updated_at,
        etag=f'"{record.version}"',
    )
