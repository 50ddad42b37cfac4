"""Adding exchange rates, by hand or from the European Central Bank's file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.wire import Wire
from guilder.registers.currencies import calc
from guilder.registers.currencies.events import RatesAdded
from guilder.registers.currencies.models import Rate

ECB = "ECB euro reference rates"
CHUNK = 5000


def add_rate(*, by: Actor, data: Mapping[str, Any]) -> Rate:
    """One rate from raw base, quote, on, rate, source; the same day's is replaced."""
    by.require("currency.edit")
    wire = Wire(data)
    wire.known(("base", "quote", "on", "rate", "source"))
    base = wire.currency("base", required=True)
    quote = wire.currency("quote", required=True)
    on = wire.day("on", required=True)
    rate = wire.decimal("rate", required=True, places=10, digits=10)
    if base and base == quote:
        wire.fault("quote", "same_currency", "Choose two different currencies.")
    if rate is not None and rate <= 0:
        wire.fault("rate", "not_positive", "Enter a rate above 0.")
    source = wire.text("source", most=80) or "Entered by hand"
    wire.done()
    with transaction(by.organization_id):
        row, _ = Rate.objects.of(by.organization_id).update_or_create(
            organization_id=by.organization_id,
            base=base,
            quote=quote,
            on=on,
            defaults={"rate": rate, "source": source},
        )
        audit.record(
            by=by,
            action="rate.add",
            table="currencies_rate",
            row_id=row.id,
            before=None,
            after={"base": base, "quote": quote, "on": str(on), "rate": str(rate)},
        )
        bus.publish(RatesAdded(source=source, until=row.on, count=1), by=by)
        return row


def import_ecb(*, by: Actor, data: bytes) -> int:
    """Add the rates of an ECB file (XML, CSV or ZIP) that are not there yet; how many were read.

    Raises calc.NotRates. What people entered by hand for the same day stays.
    """
    by.require("currency.edit")
    rows = calc.read_ecb(data)
    with transaction(by.organization_id):
        for start in range(0, len(rows), CHUNK):
            Rate.objects.bulk_create(
                [ecb_rate(by, row) for row in rows[start : start + CHUNK]],
                ignore_conflicts=True,
            )
        audit.record(
            by=by,
            action="rate.import",
            table="currencies_rate",
            row_id=None,
            before=None,
            after={"source": ECB, "count": len(rows)},
        )
        until = max(day for day, _, _ in rows)
        bus.publish(RatesAdded(source=ECB, until=until, count=len(rows)), by=by)
    return len(rows)


def ecb_rate(by: Actor, row: tuple[Any, str, Decimal]) -> Rate:
    """An unsaved rate of the euro."""
    day, currency, rate = row
    return Rate(
        organization_id=by.organization_id,
        base="EUR",
        quote=currency,
        on=day,
        rate=rate,
        source=ECB,
    )
