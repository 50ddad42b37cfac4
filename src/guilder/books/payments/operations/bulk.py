"""Many payments at once, as a bank statement brings them: each table in one statement."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing.queries.discounts import papers_of
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as chart
from guilder.books.payments.events import PaymentRecorded
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import array, cursor, insert_many, together
from guilder.foundation.tenancy.ids import uuid7, uuid7_texts
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
ONE = Decimal(1)
SETTLE = f"WITH gate AS (SELECT 1), {invoicing.settled_sql('gate')} SELECT 1"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """One payment of many, in the base currency: invoice → what of it is applied there."""

    partner_id: UUID
    amount: int
    received_on: date
    account_id: UUID
    shares: Mapping[UUID, int]
    reference: str = ""
    id: UUID = msgspec.field(default_factory=uuid7)


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
        early = offering(receipts, debts, by=by)
        accounts = chart.account_map(by.organization_id)
        good, taken = list[Receipt](), set[UUID]()
        for one in receipts:
            if early.isdisjoint(one.shares) and fits(one, debts, taken, currency):
                taken |= set(one.shares)
                good.append(one)
        with ledger.refusals(), together():
            write(good, debts, accounts, by=by, currency=currency, at=at)
        return {one.id for one in good}


def offering(
    receipts: Sequence[Receipt], debts: Mapping[UUID, invoicing.Debt], *, by: Actor
) -> set[UUID]:
    """Invoices that are paid in part and offer a discount for paying early: those are recorded one
    by one, for they may be settled by it."""
    short = [
        invoice_id
        for one in receipts
        for invoice_id, share in one.shares.items()
        if invoice_id in debts and share < debts[invoice_id].left
    ]
    return set(papers_of(short, by=by)) if short else set()


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


def write(
    good: Sequence[Receipt],
    debts: Mapping[UUID, invoicing.Debt],
    accounts: Mapping[str, UUID],
    *,
    by: Actor,
    currency: str,
    at: datetime,
) -> None:
    """Table after table, each in one statement that the server works on while the next is made."""
    insert_many("payments_payment", PAYMENT, [paid(one, by, currency, at) for one in good])
    worth = {
        invoice_id: worth_of(debts[invoice_id], share)
        for one in good
        for invoice_id, share in one.shares.items()
    }
    # An entry with at most four postings for each, and its shares: their ids are drawn at once.
    new_id = iter(uuid7_texts(sum(len(one.shares) + 5 for one in good))).__next__
    shares = [row for one in good for row in allocated(one, worth, by, at, new_id)]
    insert_many("payments_allocation", ALLOCATION, shares)
    settle(good, by=by, at=at)
    booked = [
        ledger.entry_rows(
            booking(one, worth, currency),
            organization_id=by.organization_id,
            accounts=accounts,
            by_id=by.user_id,
            at=at,
            new_id=new_id,
        )
        for one in good
    ]
    insert_many("ledger_entry", ENTRY, [entry for entry, _ in booked])
    insert_many("ledger_posting", POSTING, [leg for _, legs in booked for leg in legs])
    said = cache(lambda minor: str(Money(minor, currency)))
    events = [told for one in good for told in facts(one, debts, currency, said)]
    insert_many("events_event", bus.COLUMNS, bus.rows_of(events, by))
    changes = [change(one, currency, said) for one in good]
    audit.record_many(changes, by=by, action="payment.record", table="payments_payment")


def paid(one: Receipt, by: Actor, currency: str, at: datetime) -> tuple[Any, ...]:
    """The row of a payment."""
    return (
        by.organization_id, one.id, one.partner_id, one.amount, currency, one.amount, currency,
        ONE, "", one.received_on, "bank_transfer", one.account_id, one.reference[:140],
        "", one.amount - sum(one.shares.values()), "", by.user_id, at, at, 1,
    )  # fmt: skip


def worth_of(debt: invoicing.Debt, share: int) -> int:
    """What a share takes off its invoice in base units: where the invoice's own worth is its
    amount, so is each share's."""
    return share if debt.base_payable == debt.payable else debt.base_of(share)


def allocated(
    one: Receipt,
    worth: Mapping[UUID, int],
    by: Actor,
    at: datetime,
    new_id: Callable[[], str],
) -> list[tuple[Any, ...]]:
    """The rows of what a payment is applied to; at the base currency's own rate a share is worth
    itself."""
    return [
        (
            by.organization_id, new_id(), one.id, invoice_id, share,
            worth[invoice_id], share, one.received_on, True, by.user_id, at,
        )
        for invoice_id, share in one.shares.items()
    ]  # fmt: skip


def settle(good: Sequence[Receipt], *, by: Actor, at: datetime) -> None:
    """Take the shares off their invoices, day by day."""
    days: dict[date, dict[UUID, int]] = {}
    for one in good:
        days.setdefault(one.received_on, {}).update(one.shares)
    for on, amounts in days.items():
        if amounts:
            values = invoicing.settled_parameters(amounts, on=on, at=at) | {
                "organization": by.organization_id,
                "settled_ids": array(amounts, "uuid"),
                "settled_amounts": array(amounts.values(), "bigint"),
            }
            cursor().execute(SETTLE, values, prepare=True)


def booking(one: Receipt, worth: Mapping[UUID, int], currency: str) -> ledger.Booking:
    """What a payment moves in the ledger."""
    total = sum(one.shares.values())
    base = sum([worth[invoice_id] for invoice_id in one.shares])
    rest = one.amount - total
    legs = [
        ledger.Leg("bank", one.amount, one.amount, account_id=one.account_id),
        ledger.Leg("receivables", -total, -base),
    ]
    if rest:
        legs.append(ledger.Leg("customer_credit", -rest, -rest))
    if base != total:
        legs.append(ledger.Leg("exchange", 0, base - total))
    return ledger.Booking(
        legs=tuple(legs),
        on=one.received_on,
        source="payment.record",
        source_id=one.id,
        currency=currency,
        base_currency=currency,
        partner_id=one.partner_id,
        memo=one.reference[:200],
    )


def facts(
    one: Receipt, debts: Mapping[UUID, invoicing.Debt], currency: str, said: Callable[[int], str]
) -> list[Any]:
    """What is told of a payment."""
    event = PaymentRecorded(
        payment_id=one.id,
        partner_id=one.partner_id,
        amount=said(one.amount),
        currency=currency,
        received_on=one.received_on,
        unallocated=said(one.amount - sum(one.shares.values())),
    )
    return [event, *invoicing.settlement_events(debts, one.shares, on=one.received_on)]


def change(one: Receipt, currency: str, said: Callable[[int], str]) -> audit.Change:
    """What the trail holds of a payment."""
    after = {
        "amount": {"amount": said(one.amount), "currency": currency},
        "received_on": one.received_on.isoformat(),
        "method": "bank_transfer",
        "allocations": {str(key): share for key, share in one.shares.items()},
        "unallocated": said(one.amount - sum(one.shares.values())),
    }
    return audit.Change(one.id, None, after)
