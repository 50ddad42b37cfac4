"""Refunds as a list: filtered, keyset-paged, counted and summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilder.books.payments.queries import escaped
from guilder.books.payments.queries.refunds import COLUMNS, FROM, RefundRecord
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

CONDITIONS = (
    ("ids", "r.id = ANY(%(ids)s::uuid[])"),
    ("without_ids", "r.id <> ALL(%(without_ids)s::uuid[])"),
    ("partner_id", "r.partner_id = %(partner_id)s::uuid"),
    ("methods", "r.method = ANY(%(methods)s::text[])"),
    ("currencies", "r.currency = ANY(%(currencies)s::text[])"),
    ("refunded_from", "r.refunded_on >= %(refunded_from)s::date"),
    ("refunded_to", "r.refunded_on <= %(refunded_to)s::date"),
)
LISTED = frozenset({"ids", "without_ids", "methods", "currencies"})
STATES = {
    "waiting": "r.status = 'waiting'",
    "declined": "r.status = 'declined'",
    "standing": "r.status IN ('waiting', 'paid')",
    "reversed": "r.status = 'reversed'",
}
SEARCH = """(c.name ILIKE %({q})s OR r.reason ILIKE %({q})s OR r.reference ILIKE %({q})s
  OR i.number ILIKE %({q})s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFilter:
    """What narrows a list of refunds; None and empty narrow nothing. `state` is one of STATES."""

    q: str = ""
    ids: Sequence[UUID] = ()
    without_ids: Sequence[UUID] = ()
    partner_id: UUID | None = None
    methods: Sequence[str] = ()
    currencies: Sequence[str] = ()
    refunded_from: date | None = None
    refunded_to: date | None = None
    state: str = ""


def conditions(by: Actor, narrowed: RefundFilter) -> tuple[str, dict[str, Any]]:
    """What goes after FROM's WHERE, and what it all binds."""
    values: dict[str, Any] = {"organization": by.organization_id, **reach_of(by)}
    where = []
    for name, condition in CONDITIONS:
        value = getattr(narrowed, name)
        if value not in (None, "", (), []):
            values[name] = list(value) if name in LISTED else value
            where.append(condition)
    if narrowed.state:
        where.append(STATES[narrowed.state])
    for index, word in enumerate(narrowed.q.split()[:5]):
        values[f"q{index}"] = f"%{escaped(word)}%"
        where.append(SEARCH.replace("{q}", f"q{index}"))
    return "".join(f" AND {one}" for one in where), values


def page_of_refunds(
    narrowed: RefundFilter,
    *,
    by: Actor,
    sort: str = "-recorded",
    limit: int = 50,
    after: tuple[Any, UUID] | None = None,
) -> list[RefundRecord]:
    """One page in the order of recording; `after` is (None, id) of the last row before it."""
    by.require("refund.view")
    where, values = conditions(by, narrowed)
    way, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    if after is not None:
        values["after"] = after[1]
        where += f" AND r.id {beyond} %(after)s::uuid"
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(
            f"SELECT {COLUMNS} {FROM}{where} ORDER BY r.id {way} LIMIT {int(limit)}", values
        )
        return [RefundRecord(*row) for row in rows.fetchall()]


def refund_counts(filters: Sequence[RefundFilter], *, by: Actor, cap: int) -> list[int]:
    """How many each of some filters finds, at most cap + 1 each."""
    by.require("refund.view")
    found = []
    with transaction(by.organization_id):
        for narrowed in filters:
            where, values = conditions(by, narrowed)
            found.append(
                cursor()
                .execute(
                    f"SELECT count(*) FROM (SELECT 1 {FROM}{where} LIMIT {int(cap) + 1}) AS capped",  # noqa: S608
                    values,
                )
                .fetchone()[0]
            )
    return found


def refund_figures(
    narrowed: RefundFilter, *, by: Actor, cap: int | None
) -> tuple[int, tuple[Money, ...] | None]:
    """How many there are and what they come to per currency; None for the sums where there are more
    than `cap`."""
    by.require("refund.view")
    where, values = conditions(by, narrowed)
    limit = "" if cap is None else f" LIMIT {int(cap) + 1}"
    sql = (
        "SELECT currency, count(*), sum(amount)::bigint FROM"  # noqa: S608  (own constants)
        f" (SELECT r.currency, r.amount {FROM}{where}{limit}) AS found"
        " GROUP BY currency ORDER BY currency"
    )
    with transaction(by.organization_id):
        rows = cursor().execute(sql, values).fetchall()
    count = sum(row[1] for row in rows)
    if cap is not None and count > cap:
        return cap, None
    return count, tuple(Money(row[2], row[0]) for row in rows)
