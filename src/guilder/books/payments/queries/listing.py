"""Payments as a list: filtered, sorted, keyset-paged, counted and summed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.payments.queries import COLUMNS, FROM, PaymentRecord, escaped, record_of
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.currencies import CURRENCIES
from guilder.kernel.errors import Invalid
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

TOP = "\U0010ffff"
RECENT = 10_000  # among so many newest ones a reference is found by any part of it
SORTS = {
    "recorded": ("", ""),
    "received": ("p.received_on", "date"),
    "amount": ("p.amount", "bigint"),
}
CONDITIONS = (
    ("ids", "p.id = ANY(%(ids)s::uuid[])"),
    ("without_ids", "p.id <> ALL(%(without_ids)s::uuid[])"),
    ("partner_id", "p.partner_id = %(partner_id)s::uuid"),
    ("methods", "p.method = ANY(%(methods)s::text[])"),
    ("currencies", "p.currency = ANY(%(currencies)s::text[])"),
    ("received_from", "p.received_on >= %(received_from)s::date"),
    ("received_to", "p.received_on <= %(received_to)s::date"),
)
LISTED = frozenset({"ids", "without_ids", "methods", "currencies"})
STATES = {
    "allocated": "(p.unallocated_amount = 0 AND p.reversed_on IS NULL)",
    "unallocated": "p.unallocated_amount > 0",
    "reversed": "p.reversed_on IS NOT NULL",
    "standing": "p.reversed_on IS NULL",
}
# Each arm has an index; LIKE has none under row level security, so it looks at the newest only.
SEARCH = """({found}(p.reference COLLATE "C" >= %({q}_from)s
    AND p.reference COLLATE "C" < %({q}_to)s)
  OR (p.id >= %({q}_recent)s::uuid AND p.reference ILIKE %({q})s){amount})"""
# What other tables say is asked for first, so that the planner of the list's statement sees how
# few or many they are.
PARTNERS = """
SELECT x.id FROM parties_partner x
WHERE x.organization_id = %(organization)s::uuid AND x.name ILIKE %({q})s LIMIT %(most)s
"""
NUMBERED = """
SELECT x.payment_id FROM invoicing_invoice i
JOIN payments_allocation x ON x.organization_id = i.organization_id AND x.invoice_id = i.id
WHERE i.organization_id = %(organization)s::uuid AND ({number}) LIMIT %(most)s
"""
NEWEST = """
SELECT x.id FROM payments_payment x WHERE x.organization_id = %(organization)s::uuid
ORDER BY x.id DESC OFFSET %(recent)s LIMIT 1
"""
MOST = 5_000
BEGINNING = """(i.number COLLATE "C" >= %({q}_start)s AND i.number COLLATE "C" < %({q}_end)s)"""
END = "(i.sequence = %({q}_digits)s::bigint AND i.number ILIKE %({q})s)"
SUMS = """
SELECT currency, count(*), sum(amount)::bigint, sum(unallocated_amount)::bigint
FROM (SELECT p.currency, p.amount, p.unallocated_amount FROM payments_payment p
  WHERE {where}{limit}) AS found
GROUP BY currency ORDER BY currency
"""


class NotAPaymentSort(Invalid):
    """Payments cannot be sorted by that."""

    code = "payment.sort"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """What narrows a list of payments; None and empty narrow nothing. `state` is one of STATES."""

    q: str = ""
    ids: Sequence[UUID] = ()
    without_ids: Sequence[UUID] = ()
    partner_id: UUID | None = None
    methods: Sequence[str] = ()
    currencies: Sequence[str] = ()
    received_from: date | None = None
    received_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFigures:
    """How many payments a filter finds and their sums; amounts only where all were read."""

    count: int
    amounts: tuple[Money, ...] = ()
    left: tuple[Money, ...] = ()
    whole: bool = True


def conditions(by: Actor, narrowed: PaymentFilter) -> tuple[list[str], dict[str, Any]]:
    """The WHERE of a filter and what it binds."""
    values: dict[str, Any] = {"organization": by.organization_id, **reach_of(by)}
    where = [
        "p.organization_id = %(organization)s::uuid",
        "guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')",
    ]
    for name, condition in CONDITIONS:
        value = getattr(narrowed, name)
        if value not in (None, "", (), []):
            values[name] = list(value) if name in LISTED else value
            where.append(condition)
    if narrowed.state:
        where.append(STATES[narrowed.state])
    for sign, bound in ((">=", narrowed.amount_from), ("<=", narrowed.amount_to)):
        if bound is not None:
            where.append(amount_condition(sign, bound, values))
    for index, word in enumerate(narrowed.q.split()[:5]):
        where.append(sought(word, f"q{index}", values, by=by))
    return where, values


def amount_condition(sign: str, bound: Decimal, values: dict[str, Any]) -> str:
    """An amount's bound in the minor units of each currency."""
    arms = []
    for digits in sorted({one.digits for one in CURRENCIES.values()}):
        name = f"bound_{'least' if sign == '>=' else 'most'}_{digits}"
        values[name] = int(bound.scaleb(digits).to_integral_value())
        values[f"codes_{digits}"] = [c for c, one in CURRENCIES.items() if one.digits == digits]
        arms.append(
            f"(p.amount {sign} %({name})s::bigint AND p.currency = ANY(%(codes_{digits})s::text[]))"
        )
    return f"({' OR '.join(arms)})"


def sought(word: str, name: str, values: dict[str, Any], *, by: Actor) -> str:
    """The condition of one word: client, reference, document, or amount."""
    values[name] = f"%{escaped(word)}%"
    values[f"{name}_from"], values[f"{name}_to"] = word, word + TOP
    partners, payments, recent = asked_first(word, by=by)
    values[f"{name}_recent"] = recent
    found, amount = "", ""
    if partners:
        values[f"{name}_partners"] = partners
        found += "p.partner_id = ANY(%({q}_partners)s::uuid[]) OR "
    if payments:
        values[f"{name}_payments"] = payments
        found += "p.id = ANY(%({q}_payments)s::uuid[]) OR "
    plain = re.fullmatch(r"([0-9]{1,12})(?:[.,]([0-9]{1,2}))?", word)
    if plain:
        values[f"{name}_cents"] = int(plain[1]) * 100 + int((plain[2] or "").ljust(2, "0"))
        amount = " OR p.amount = %({q}_cents)s::bigint"
    text = SEARCH.replace("{found}", found).replace("{amount}", amount)
    return text.replace("{q}", name)


def asked_first(word: str, *, by: Actor) -> tuple[list[UUID], list[UUID], UUID]:
    """Clients of that name, payments of documents of that number, and where the newest begin."""
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "q": f"%{escaped(word)}%",
        "q_start": word.upper(),
        "q_end": word.upper() + TOP,
        "most": MOST,
        "recent": RECENT,
    }
    number = BEGINNING
    digits = re.search(r"[0-9]+$", word)
    if digits and len(digits[0]) < 19:
        values["q_digits"] = int(digits[0])
        number = f"{BEGINNING} OR {END}"
    numbered = NUMBERED.replace("{number}", number).replace("{q}", "q")
    with transaction(by.organization_id):
        ask = cursor(binary=True)
        partners = [row[0] for row in ask.execute(PARTNERS.replace("{q}", "q"), values).fetchall()]
        payments = [row[0] for row in ask.execute(numbered, values).fetchall()]
        first = ask.execute(NEWEST, values).fetchone()
    return partners, payments, first[0] if first else UUID(int=0)


def page_of_payments(
    narrowed: PaymentFilter,
    *,
    by: Actor,
    sort: str = "-recorded",
    limit: int = 50,
    after: tuple[Any, UUID] | None = None,
) -> list[PaymentRecord]:
    """One page. `after` is (sort value, id) of the last row before it. Raises NotAPaymentSort."""
    by.require("payment.view")
    where, values = conditions(by, narrowed)
    column, kind = SORTS.get(sort.removeprefix("-"), (None, ""))
    if column is None:
        raise NotAPaymentSort(f"Sort by one of: {', '.join(SORTS)}.")
    way, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    if after is not None:
        values["after"], values["after_id"] = after
        pair = f"({column}, p.id) {beyond} (%(after)s::{kind}, %(after_id)s::uuid)"
        where.append(pair if column else f"p.id {beyond} %(after_id)s::uuid")
        if not column:
            values.pop("after")
    order = f"{column} {way}, p.id {way}" if column else f"p.id {way}"
    # The page first, what is applied of it afterwards.
    sql = f"SELECT {COLUMNS} {FROM} AND {' AND '.join(where)} ORDER BY {order} LIMIT {int(limit)}"
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(sql, values).fetchall()
        return [record_of(row) for row in rows]


def payment_sort_value(record: PaymentRecord, sort: str) -> tuple[Any, UUID]:
    """What `after` is for the page that follows `record`."""
    name = {"received": "received_on", "amount": "amount"}.get(sort.removeprefix("-"))
    return getattr(record, name) if name else None, record.id


def payment_counts(filters: Sequence[PaymentFilter], *, by: Actor, cap: int) -> list[int]:
    """How many each of some filters finds, at most cap + 1 each."""
    by.require("payment.view")
    found = []
    with transaction(by.organization_id):
        for narrowed in filters:
            where, values = conditions(by, narrowed)
            sql = (
                "SELECT count(*) FROM (SELECT 1 FROM payments_payment p"  # noqa: S608
                f" WHERE {' AND '.join(where)} LIMIT {int(cap) + 1}) AS capped"
            )
            found.append(cursor().execute(sql, values).fetchone()[0])
    return found


def payment_figures(
    narrowed: PaymentFilter, *, by: Actor, cap: int | None, seconds: int = 10
) -> PaymentFigures:
    """Count and sums. With `cap` at most so many rows are read; without it all are, for at most
    `seconds` (django.db's OperationalError beyond)."""
    by.require("payment.view")
    where, values = conditions(by, narrowed)
    limit = "" if cap is None else f" LIMIT {int(cap) + 1}"
    sql = SUMS.replace("{where}", " AND ".join(where)).replace("{limit}", limit)
    with transaction(by.organization_id):
        if cap is None:
            cursor().execute(f"SET LOCAL statement_timeout = {int(seconds) * 1000}")
        rows = cursor().execute(sql, values).fetchall()
        if cap is None:
            cursor().execute("SET LOCAL statement_timeout = DEFAULT")
    count = sum(row[1] for row in rows)
    if cap is not None and count > cap:
        return PaymentFigures(cap, whole=False)
    return PaymentFigures(
        count,
        tuple(Money(row[2], row[0]) for row in rows),
        tuple(Money(row[3], row[0]) for row in rows),
    )
