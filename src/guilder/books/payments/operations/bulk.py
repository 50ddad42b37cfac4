"""Many payments at once, as a bank statement brings them: each table in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as chart
from guilder.books.payments.events import PaymentRecorded
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import cursor, insert_many
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money

PAYMENT = {
    "organization_id": "uuid", "id": "uuid", "partner_id": "uuid", "amount": "bigint",
    "currency": "text", "base_amount": "bigint", "base_currency": "text", "base_rate": "numeric",
    "rate_source": "text", "received_on": "date", "method": "text", "account_id": "uuid",
    "reference": "text", "notes": "text", "unallocated_amount": "bigint",
    "reversed_reason": "text", "created_by_id": "uuid", "created_at": "timestamptz",
    "updated_at": "timestamptz", "version": "integer",
}  # fmt: skip
ALLOCATION = {
    "organization_id": "uuid", "id": "uuid", "payment_id": "uuid", "invoice_id": "uuid",
    "amount": "bigint", "base_amount": "bigint", "payment_base_amount": "bigint",
    "allocated_on": "date", "is_active": "boolean", "created_by_id": "uuid",
    "created_at": "timestamptz",
}  # fmt: skip
ENTRY = {
    "organization_id": "uuid", "id": "uuid", "booked_on": "date", "source": "text",
    "source_id": "uuid", "memo": "text", "base_currency": "text", "posting_count": "smallint",
    "created_by_id": "uuid", "created_at": "timestamptz",
}  # fmt: skip
POSTING = {
    "organization_id": "uuid", "id": "uuid", "entry_id": "uuid", "position": "smallint",
    "account_id": "uuid", "booked_on": "date", "partner_id": "uuid", "amount": "bigint",
    "currency": "text", "base_amount": "bigint", "rate": "numeric", "rate_source": "text",
    "tax_category": "text", "tax_rate": "numeric",
}  # fmt: skip
SETTLE = f"WITH gate AS (SELECT 1), {invoicing.settled_sql('gate')} SELECT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One payment of many, in the base currency: invoice → what of it is applied there."""

    partner_id: UUID
    amount: int
    received_on: date
    account_id: UUID
    shares: Mapping[UUID, int]
    reference: str = ""
    id: UUID = field(default_factory=uuid7)


@dataclass(slots=True)
class Rows:
    """What a run writes, table by table."""

    payments: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    allocations: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    entries: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    postings: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    events: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    audits: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    settled: dict[date, dict[UUID, int]] = field(default_factory=dict[date, dict[UUID, int]])


def record_many(
    receipts: Sequence[Receipt], *, by: Actor, currency: str, at: datetime
) -> set[UUID]:
    """Record those receipts whose invoices are open for what they apply; gives their ids.

    All are in `currency`, the organization's base currency. The others are left for
    `record_payment`, which says why: an invoice that two receipts pay, one that is not the
    client's, not open enough, or in another currency. Raises ledger's PeriodIsLocked.
    """
    by.require("payment.record")
    if not receipts:
        return set()
    with transaction(by.organization_id):
        wanted = [invoice_id for one in receipts for invoice_id in one.shares]
        debts = invoicing.lock_debts(wanted, by=by) if wanted else {}
        accounts = chart.account_map(by.organization_id)
        rows, taken = Rows(), set[UUID]()
        good: set[UUID] = set()
        for one in receipts:
            if fits(one, debts, taken, currency):
                taken |= set(one.shares)
                good.add(one.id)
                put(rows, one, debts, accounts, by=by, currency=currency, at=at)
        write(rows, by=by, at=at)
        return good


def fits(
    one: Receipt, debts: Mapping[UUID, invoicing.Debt], taken: set[UUID], currency: str
) -> bool:
    """Whether a receipt can be recorded as it stands."""
    if one.amount <= 0 or sum(one.shares.values()) > one.amount:
        return False
    for invoice_id, share in one.shares.items():
        debt = debts.get(invoice_id)
        if debt is None or invoice_id in taken or not debt.is_receivable:
            return False
        if debt.partner_id != one.partner_id or debt.currency != currency:
            return False
        if not 0 < share <= debt.left:
            return False
    return True


def put(
    rows: Rows,
    one: Receipt,
    debts: Mapping[UUID, invoicing.Debt],
    accounts: Mapping[str, UUID],
    *,
    by: Actor,
    currency: str,
    at: datetime,
) -> None:
    """The rows of one receipt; at the base currency's own rate a share is worth itself."""
    total = sum(one.shares.values())
    bases = {
        invoice_id: debts[invoice_id].base_of(share) for invoice_id, share in one.shares.items()
    }
    base = sum(bases.values())
    rows.payments.append(
        (
            by.organization_id, one.id, one.partner_id, one.amount, currency, one.amount, currency,
            Decimal(1), "", one.received_on, "bank_transfer", one.account_id, one.reference[:140],
            "", one.amount - total, "", by.user_id, at, at, 1,
        )
    )  # fmt: skip
    for invoice_id, share in one.shares.items():
        rows.allocations.append(
            (
                by.organization_id, uuid7(), one.id, invoice_id, share, bases[invoice_id], share,
                one.received_on, True, by.user_id, at,
            )
        )  # fmt: skip
    rest = one.amount - total
    booking = ledger.Booking(
        legs=(
            ledger.Leg("bank", one.amount, one.amount, account_id=one.account_id),
            ledger.Leg("receivables", -total, -base),
            ledger.Leg("customer_credit", -rest, -rest),
            ledger.Leg("exchange", 0, base - total),
        ),
        on=one.received_on,
        source="payment.record",
        source_id=one.id,
        currency=currency,
        base_currency=currency,
        partner_id=one.partner_id,
        memo=one.reference[:200],
    )
    entry, postings = ledger.entry_rows(
        booking, organization_id=by.organization_id, accounts=accounts, by_id=by.user_id, at=at
    )
    rows.entries.append(entry)
    rows.postings += postings
    tell(rows, one, debts, by=by, currency=currency)


def tell(
    rows: Rows,
    one: Receipt,
    debts: Mapping[UUID, invoicing.Debt],
    *,
    by: Actor,
    currency: str,
) -> None:
    """The events and the audit row of one receipt, and what settles."""
    left = str(Money(one.amount - sum(one.shares.values()), currency))
    event = PaymentRecorded(
        payment_id=one.id,
        partner_id=one.partner_id,
        amount=str(Money(one.amount, currency)),
        currency=currency,
        received_on=one.received_on,
        unallocated=left,
    )
    settled = invoicing.settlement_events(debts, one.shares, on=one.received_on)
    rows.events += [bus.row_of(told, by) for told in (event, *settled)]
    after = {
        "amount": Money(one.amount, currency),
        "received_on": one.received_on.isoformat(),
        "method": "bank_transfer",
        "allocations": {str(key): share for key, share in one.shares.items()},
        "unallocated": left,
    }
    rows.audits.append(
        audit.row_of(
            by=by,
            action="payment.record",
            table="payments_payment",
            row_id=one.id,
            before=None,
            after=after,
        )
    )
    rows.settled.setdefault(one.received_on, {}).update(one.shares)


def write(rows: Rows, *, by: Actor, at: datetime) -> None:
    """Every table in one statement; what settles, day by day."""
    with ledger.refusals():
        insert_many("payments_payment", PAYMENT, rows.payments)
        insert_many("payments_allocation", ALLOCATION, rows.allocations)
        for on, amounts in rows.settled.items():
            if amounts:
                cursor().execute(
                    SETTLE,
                    {
                        "organization": by.organization_id,
                        **invoicing.settled_parameters(amounts, on=on, at=at),
                    },
                    prepare=True,
                )
        insert_many("ledger_entry", ENTRY, rows.entries)
        insert_many("ledger_posting", POSTING, rows.postings)
    insert_many("events_event", bus.COLUMNS, rows.events)
    insert_many("audit_entry", audit.COLUMNS, rows.audits)
