"""Paying a refund: what it draws on falls, money leaves the account, the ledger follows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.payments.events import RefundPaid
from guilder.books.payments.models import Refund
from guilder.books.payments.operations.refunds.sources import (
    Source,
    draw,
    lock_source,
    take_off,
)
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.registers.currencies import queries as currencies


class NothingToRefund(Conflict):
    """Nothing of it is left."""

    code = "refund.nothing_left"


class OverCredit(Conflict):
    """More than there is."""

    code = "refund.over_credit"


def pay(row: Refund, source: Source, *, on: date, by: Actor, at: datetime) -> None:
    """Move the money of `row`, whose `source` is under lock. Raises OverCredit, PeriodIsLocked."""
    if row.takes_off and source.left < row.amount and row.payment_id is not None:
        take_off(row.payment_id, row.amount, by=by, on=on, at=at)
        source = lock_source(row.payment_id, None, by=by)
    if row.amount > source.left:
        left = Money(source.left, source.currency)
        raise OverCredit(
            f"Only {left} {source.currency} are left of it by now. Ask for a smaller refund."
        )
    rate, rate_source = rate_on(row, on, by=by)
    row.credit_base_amount = source.base_of(row.amount)
    row.base_amount = invoicing.in_base(
        row.amount, currency=row.currency, base_currency=row.base_currency, rate=rate
    )
    row.base_rate, row.rate_source = rate, rate_source
    row.status, row.refunded_on, row.updated_at = Refund.Status.PAID, on, at
    row.version += 1
    row.save()
    draw(source, row.amount, by=by, on=on, at=at)
    book(row, source="refund.pay", sign=1, memo=memo_of(row, source), by=by, on=on, at=at)
    bus.publish(RefundPaid(refunded_on=on, **facts_of(row)), by=by)


def memo_of(row: Refund, source: Source) -> str:
    """What the ledger says of it."""
    return f"{source.name}: {row.reason}"[:200] if source.name else row.reason[:200]


def rate_on(row: Refund, on: date, *, by: Actor) -> tuple[Decimal, str]:
    """The day's rate to the base currency, and who says so; NoRate."""
    if row.currency == row.base_currency:
        return Decimal(1), ""
    found = currencies.rate_on(
        by.organization_id, base=row.currency, quote=row.base_currency, on=on
    )
    return found.rate, f"{found.source} {found.on}"[:80]


def book(
    row: Refund, *, source: str, sign: int, memo: str, by: Actor, on: date, at: datetime
) -> None:
    """The entry of a refund: the client's credit falls, and so does the account; with `sign` -1 the
    other way."""
    amount, base, credit = sign * row.amount, sign * row.base_amount, sign * row.credit_base_amount
    ledger.post(
        ledger.Booking(
            legs=(
                ledger.Leg("", -amount, -base, account_id=row.account_id),
                ledger.Leg("customer_credit", amount, credit),
                ledger.Leg("exchange", 0, base - credit),
            ),
            on=on,
            source=source,
            source_id=row.id,
            currency=row.currency,
            base_currency=row.base_currency,
            rate=row.base_rate,
            rate_source=row.rate_source,
            partner_id=row.partner_id,
            memo=memo,
        ),
        by=by,
        at=at,
    )


def facts_of(row: Refund) -> dict[str, Any]:
    """What every event of a refund carries."""
    return {
        "refund_id": row.id,
        "partner_id": row.partner_id,
        "amount": str(Money(row.amount, row.currency)),
        "currency": row.currency,
        "payment_id": row.payment_id,
        "credit_note_id": row.credit_note_id,
    }


def told_as(action: str, row: Refund, *, by: Actor, before: dict[str, Any] | None = None) -> None:
    """Audit what happened to a refund."""
    after = {
        "status": row.status,
        "amount": Money(row.amount, row.currency),
        "reason": row.reason,
        "payment": row.payment_id,
        "credit_note": row.credit_note_id,
        "note": row.decision_note or row.reversed_reason,
    }
    audit.record(
        by=by, action=action, table="payments_refund", row_id=row.id, before=before, after=after
    )
