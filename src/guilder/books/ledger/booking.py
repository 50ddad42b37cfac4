"""The part of a hot statement that books an entry, and its parameters.

A hot statement hangs `entry_sql(gate)` on a CTE `gate` that has a row exactly when the entry is to
be made; `entry_parameters` gives what it binds.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from guilder.books.ledger.calc import Leg, NoAccount, account_of, balanced
from guilder.foundation.tenancy.hot import array
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.errors import Conflict

ONE = Decimal(1)

ENTRY = """
{x}entry AS (
  INSERT INTO ledger_entry (organization_id, id, booked_on, source, source_id, memo, base_currency,
    posting_count, created_by_id, created_at)
  SELECT %(organization)s::uuid, %({x}entry)s::uuid, %({x}booked_on)s::date, %({x}source)s::text,
    %({x}source_id)s::uuid, {memo}, %({x}base_currency)s::text, %({x}count)s::smallint,
    %({x}by)s::uuid, %({x}at)s::timestamptz
  FROM {gate} RETURNING id
), {x}postings AS (
  INSERT INTO ledger_posting (organization_id, id, entry_id, position, account_id, booked_on,
    partner_id, amount, currency, base_amount, rate, rate_source, tax_category, tax_rate)
  SELECT %(organization)s::uuid, p.id, e.id, p.position, p.account_id, %({x}booked_on)s::date,
    %({x}partner)s::uuid, p.amount, %({x}currency)s::text, p.base_amount, %({x}rate)s::numeric,
    %({x}rate_source)s::text, p.tax_category, p.tax_rate
  FROM {x}entry AS e, unnest(%({x}ids)s::uuid[], %({x}accounts)s::uuid[], %({x}amounts)s::bigint[],
    %({x}bases)s::bigint[], %({x}categories)s::text[], %({x}rates)s::numeric[])
    WITH ORDINALITY AS p(id, account_id, amount, base_amount, tax_category, tax_rate, position)
)"""


class ChartIncomplete(Conflict):
    """The chart of accounts lacks an account that the program books to."""

    code = "ledger.chart_incomplete"


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """One entry to be made: its legs, all in `currency` at `rate`, and what caused it."""

    legs: tuple[Leg, ...]
    on: date
    source: str
    source_id: UUID
    currency: str
    base_currency: str
    rate: Decimal = ONE
    rate_source: str = ""
    partner_id: UUID | None = None
    memo: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing moves, so there is nothing to book."""
        return not any(leg.amount or leg.base_amount for leg in self.legs)


def entry_sql(gate: str, *, prefix: str = "", memo: str = "") -> str:
    """The CTEs of one entry under `gate`; `memo` is an SQL expression over it.

    `prefix` keeps the names of several entries in one statement apart.
    """
    return ENTRY.format(x=prefix, gate=gate, memo=memo or f"%({prefix}memo)s::text")


def entry_parameters(
    booking: Booking,
    *,
    accounts: Mapping[str, UUID],
    by_id: UUID | None,
    at: datetime,
    prefix: str = "",
) -> dict[str, Any]:
    """What entry_sql binds; ChartIncomplete, Unbalanced."""
    legs = balanced(booking.legs)
    values = {
        "entry": uuid7(),
        "booked_on": booking.on,
        "source": booking.source,
        "source_id": booking.source_id,
        "memo": booking.memo,
        "base_currency": booking.base_currency,
        "count": len(legs),
        "by": by_id,
        "at": at,
        "partner": booking.partner_id,
        "currency": booking.currency,
        "rate": booking.rate,
        "rate_source": booking.rate_source,
        "ids": array([uuid7() for _ in legs], "uuid"),
        "accounts": array(account_ids(legs, accounts), "uuid"),
        "amounts": array([leg.amount for leg in legs], "bigint"),
        "bases": array([leg.base_amount for leg in legs], "bigint"),
        "categories": array([leg.tax_category for leg in legs], "text"),
        "rates": array([leg.tax_rate for leg in legs], "numeric"),
    }
    return {prefix + name: value for name, value in values.items()}


def entry_rows(
    booking: Booking,
    *,
    organization_id: UUID,
    accounts: Mapping[str, UUID],
    by_id: UUID | None,
    at: datetime,
    new_id: Callable[[], UUID | str] = uuid7,
) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """The entry's row and its postings' rows, for a bulk run that inserts them itself."""
    legs = balanced(booking.legs)
    entry_id = new_id()
    entry = (
        organization_id, entry_id, booking.on, booking.source, booking.source_id, booking.memo,
        booking.base_currency, len(legs), by_id, at,
    )  # fmt: skip
    postings = [
        (
            organization_id,
            new_id(),
            entry_id,
            position,
            account_id,
            booking.on,
            booking.partner_id,
            leg.amount,
            booking.currency,
            leg.base_amount,
            booking.rate,
            booking.rate_source,
            leg.tax_category,
            leg.tax_rate,
        )
        for position, (leg, account_id) in enumerate(
            zip(legs, account_ids(legs, accounts), strict=True), start=1
        )
    ]
    return entry, postings


def account_ids(legs: Iterable[Leg], accounts: Mapping[str, UUID]) -> list[UUID]:
    """The account of each leg; ChartIncomplete."""
    try:
        return [account_of(leg, accounts) for leg in legs]
    except NoAccount as missing:
        raise ChartIncomplete(
            f"No account has the role “{missing}”. Give it to one in the chart of accounts."
        ) from None
