"""Clients as a list: in the order of names, by what they owe, and how long they take to pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing.queries.balances import Balance
from guilder.books.invoicing.queries.narrowing import escaped
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

COLUMNS = """p.id, p.code, p.name, lower(p.name), p.kind, p.email, p.archived_at, p.created_at,
  coalesce(a.city, ''), coalesce(a.country, '')"""
FROM = """FROM parties_partner p
LEFT JOIN parties_partneraddress a ON a.organization_id = p.organization_id
  AND a.partner_id = p.id AND a.use = 'billing'"""
# A word is sought in the partner's own words and in the city. In this shape the planner walks the
# partners in their order and stops when the page is full.
SAID = """(p.words LIKE (SELECT lower(%({word})s::text)) OR p.id IN (
  SELECT c.partner_id FROM parties_partneraddress c
  WHERE c.organization_id = %(organization)s::uuid AND c.use = 'billing'
    AND lower(c.city) LIKE (SELECT lower(%({word})s::text))))"""
BASE = """p.organization_id = %(organization)s::uuid AND EXISTS (
  SELECT FROM parties_partnership s WHERE s.organization_id = p.organization_id
    AND s.partner_id = p.id AND s.side = 'customer')"""
OWED = """i.open_amount > 0 AND i.kind IN ('invoice', 'debit_note', 'deposit')
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)"""
OF_CLIENT = f"""FROM invoicing_invoice i WHERE i.organization_id = p.organization_id
  AND i.partner_id = p.id AND {OWED}"""
OWING = f"EXISTS (SELECT {OF_CLIENT}{{late}})"
# Looked up client by client, whatever the planner thinks: where most clients owe several, a count
# up to a cap is there sooner than by a join over all that is open.
OWING_PROBED = f"(SELECT true {OF_CLIENT}{{late}} LIMIT 1)"
MUCH = 5_000
IS_MUCH_OPEN = f"""
SELECT EXISTS (SELECT FROM invoicing_invoice i
  WHERE i.organization_id = %(organization)s::uuid AND {OWED} OFFSET %(much)s)
"""  # noqa: S608
LATE = " AND i.due_on < %(today)s::date"
SORTS = {
    "name": ("lower(p.name)", "text"),
    "code": ("p.code", "text"),
    "created": ("p.created_at", "timestamptz"),
}
SUMS = """
SELECT i.currency, sum(i.open_amount)::bigint,
  coalesce(sum(i.open_amount) FILTER (WHERE i.due_on < %(today)s::date), 0)::bigint
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.open_amount > 0
  AND i.kind IN ('invoice', 'debit_note', 'deposit')
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
  AND i.partner_id IN (SELECT p.id FROM parties_partner p
    LEFT JOIN parties_partneraddress a ON a.organization_id = p.organization_id
      AND a.partner_id = p.id AND a.use = 'billing'
    WHERE {where})
GROUP BY i.currency ORDER BY i.currency
"""
# Over the last few that were paid, so that it costs the same however many there are.
AVERAGE = """
SELECT w.id, round(avg(x.days))::int FROM unnest(%(partners)s::uuid[]) AS w (id)
CROSS JOIN LATERAL (
  SELECT i.settled_on - i.issued_on AS days FROM invoicing_invoice i
  WHERE i.organization_id = %(organization)s::uuid AND i.partner_id = w.id
    AND i.settled_on IS NOT NULL AND i.kind = 'invoice' AND i.allocated_amount > 0
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
  ORDER BY i.settled_on DESC LIMIT 20) AS x
GROUP BY w.id
"""


class NotAClientSort(Invalid):
    """Clients cannot be sorted by that."""

    code = "client.sort"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFilter:
    """What narrows a list of clients; None and empty narrow nothing."""

    today: date
    q: str = ""
    ids: Sequence[UUID] = ()
    without_ids: Sequence[UUID] = ()
    kinds: Sequence[str] = ()
    countries: Sequence[str] = ()
    archived: bool | None = False
    owing: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A client as a list knows it."""

    id: UUID
    code: str
    name: str
    lower_name: str
    kind: str
    email: str
    archived_at: datetime | None
    created_at: datetime
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class ClientFigures:
    """How many clients a filter finds, and what they owe; amounts only where all were read."""

    count: int
    balances: tuple[Balance, ...] = ()
    whole: bool = True


def conditions(
    by: Actor, narrowed: ClientFilter, *, owing: str = OWING
) -> tuple[list[str], dict[str, Any]]:
    """The WHERE of a filter and what it binds; `owing` is how those who owe are found."""
    values: dict[str, Any] = {
        "organization": by.organization_id,
        **reach_of(by),
        "today": narrowed.today,
    }
    where = [BASE]
    for name, condition in (
        ("ids", "p.id = ANY(%(ids)s::uuid[])"),
        ("without_ids", "p.id <> ALL(%(without_ids)s::uuid[])"),
        ("kinds", "p.kind = ANY(%(kinds)s::text[])"),
        ("countries", "a.country = ANY(%(countries)s::text[])"),
    ):
        if getattr(narrowed, name):
            values[name] = list(getattr(narrowed, name))
            where.append(condition)
    if narrowed.archived is not None:
        where.append(f"p.archived_at IS {'NOT ' if narrowed.archived else ''}NULL")
    if narrowed.owing or narrowed.late:
        where.append(owing.replace("{late}", LATE if narrowed.late else ""))
    for index, word in enumerate(narrowed.q.split()[:5]):
        values[f"q{index}"] = f"%{escaped(word)}%"
        where.append(SAID.format(word=f"q{index}"))
    return where, values


def list_clients(
    narrowed: ClientFilter,
    *,
    by: Actor,
    sort: str = "name",
    limit: int = 50,
    after: tuple[Any, UUID] | None = None,
) -> list[ClientRecord]:
    """One page. `after` is (sort value, id) of the last row before it. Raises NotAClientSort."""
    by.require("partner.view")
    where, values = conditions(by, narrowed)
    column, kind = SORTS.get(sort.removeprefix("-"), ("", ""))
    if not column:
        raise NotAClientSort(f"Sort by one of: {', '.join(SORTS)}.")
    way, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    if after is not None:
        values["after"], values["after_id"] = after
        where.append(f"({column}, p.id) {beyond} (%(after)s::{kind}, %(after_id)s::uuid)")
    sql = (
        f"SELECT {COLUMNS} {FROM} WHERE {' AND '.join(where)}"
        f" ORDER BY {column} {way}, p.id {way} LIMIT {int(limit)}"
    )
    with transaction(by.organization_id):
        return [ClientRecord(*row) for row in cursor(binary=True).execute(sql, values).fetchall()]


def client_sort_value(record: ClientRecord, sort: str) -> tuple[Any, UUID]:
    """What `after` is for the page that follows `record`."""
    names = {"name": "lower_name", "code": "code", "created": "created_at"}
    return getattr(record, names[sort.removeprefix("-")]), record.id


def client_counts(filters: Sequence[ClientFilter], *, by: Actor, cap: int) -> list[int]:
    """How many each of some filters finds, at most cap + 1 each."""
    by.require("partner.view")
    found = []
    with transaction(by.organization_id):
        owing = way_to_owing(filters, by=by)
        for narrowed in filters:
            where, values = conditions(by, narrowed, owing=owing)
            sql = (
                f"SELECT count(*) FROM (SELECT 1 {FROM} WHERE {' AND '.join(where)}"  # noqa: S608
                f" LIMIT {int(cap) + 1}) AS capped"
            )
            found.append(cursor().execute(sql, values).fetchone()[0])
    return found


def way_to_owing(filters: Sequence[ClientFilter], *, by: Actor) -> str:
    """How a count finds those who owe: one by one where very much is open, else as the planner
    would."""
    if not any(one.owing or one.late for one in filters):
        return OWING
    values = {"organization": by.organization_id, **reach_of(by), "much": MUCH}
    row = cursor().execute(IS_MUCH_OPEN, values, prepare=True).fetchone()
    return OWING_PROBED if row and row[0] else OWING


def client_figures(narrowed: ClientFilter, *, by: Actor, cap: int | None) -> ClientFigures:
    """Count, and what is owed. Above `cap` clients only the cap is told, so the cost is bounded."""
    count = client_counts([narrowed], by=by, cap=10**9 if cap is None else cap)[0]
    if cap is not None and count > cap:
        return ClientFigures(cap, whole=False)
    if not by.may("invoice.view"):
        return ClientFigures(count)
    where, values = conditions(by, narrowed)
    sql = SUMS.replace("{where}", " AND ".join(where))
    with transaction(by.organization_id):
        rows = cursor().execute(sql, values).fetchall()
    return ClientFigures(
        count, tuple(Balance(Money(open_, code), Money(late, code)) for code, open_, late in rows)
    )


def client_ids(narrowed: ClientFilter, *, by: Actor, limit: int) -> list[UUID]:
    """The ids of what a filter finds, by name."""
    return [one.id for one in list_clients(narrowed, by=by, limit=limit)]


def average_days(partner_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, int]:
    """How many days each took to pay, on average over the last 20 that were paid; for a page of
    clients, where `days_to_pay` looks at all."""
    by.require("invoice.view")
    values = {
        "organization": by.organization_id,
        **reach_of(by),
        "partners": list(partner_ids),
    }
    with transaction(by.organization_id):
        return dict(cursor().execute(AVERAGE, values, prepare=True).fetchall())
