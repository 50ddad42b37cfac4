"""The public shape of an exchange rate."""

import msgspec

from guilder.registers.currencies.models import Rate


class RateOut(msgspec.Struct):
    """One unit of `base` is `rate` (decimal string) units of `quote` on a day."""

    id: str
    base: str
    quote: str
    on: str
    rate: str
    source: str


def rate_out(row: Rate) -> RateOut:
    """The public shape of `row`."""
    return RateOut(
        id=str(row.id),
        base=row.base,
        quote=row.quote,
        on=row.on.isoformat(),
        rate=f"{row.rate.normalize():f}",
        source=row.source,
    )
