"""What a client may keep back for paying early, and what that takes off for each tax: pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from guilder.books.invoicing.calc import share
from guilder.kernel.document import Document, Totals
from guilder.kernel.money import WIDE, Money, half_up
from guilder.kernel.period import offers

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class DiscountPart:
    """What of a discount falls on one category and rate, in minor units."""

    category: str
    rate: Decimal | None
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class DiscountOffer:
    """Paying `payable` on or before `until` is enough: `saved` is kept back."""

    until: date
    saved: Money
    payable: Money


def offers_of(document: Document, *, payable: int) -> tuple[DiscountOffer, ...]:
    """What an issued document offers for paying early, the earliest first; `payable` is what it
    asks for in all, in minor units."""
    totals = document.totals
    if not document.early_discounts or document.issued_on is None or totals is None:
        return ()
    found = offers(document.early_discounts, issued_on=document.issued_on, total=totals.gross)
    whole = Money(payable, document.currency)
    return tuple(
        DiscountOffer(one.until, one.discount, whole - one.discount)
        for one in found
        if 0 < one.discount.minor < payable
    )


def offer_taken(
    found: tuple[DiscountOffer, ...],
    *,
    short: int,
    paid_on: date,
    grace_days: int = 0,
    tolerance: int = 0,
) -> DiscountOffer | None:
    """The offer by which a payment that is `short` minor units of all is enough, the smallest that
    will do; None where it came too late or too much is missing."""
    good = [
        one
        for one in found
        if paid_on <= one.until + timedelta(days=grace_days)
        and short <= one.saved.minor + tolerance
    ]
    return min(good, key=lambda one: one.saved.minor, default=None)


def parts_of_discount(
    document: Document, amount: int, *, corrects: bool
) -> tuple[DiscountPart, ...]:
    """`amount` spread over the document's taxes by what each weighs with its tax, losing nothing.

    Where the regime does not correct the tax (`corrects`), all of it is net.
    """
    rows = document.taxes
    weights = [row.taxable.minor + row.tax.minor for row in rows]
    whole = sum(weights) or cast("Totals", document.totals).gross.minor
    found: list[DiscountPart] = []
    done = before = 0
    for row, weight in zip(rows, weights, strict=True):
        before += weight
        gross = share(amount, part=before, of=whole) - done
        done += gross
        rate = row.rate or Decimal(0)
        within = WIDE.divide(WIDE.multiply(Decimal(gross), rate), HUNDRED + rate)
        tax = half_up(within) if corrects and row.tax.minor else 0
        found.append(DiscountPart(row.category, row.rate, gross - tax, tax))
    return tuple(one for one in found if one.net or one.tax)
