"""What narrows a list of invoices: its conditions in SQL, each with an index that it can use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.currencies import CURRENCIES
from guilder.registers.parties.queries import reach_of

# The words of DESIGN 4, as calc.status_word says them.
PENDING = """EXISTS (SELECT FROM workflow_approval v WHERE v.organization_id = i.organization_id
  AND v.subject_id = i.id AND v.subject_version = i.version AND v.state = 'pending')"""
WORD = f"""CASE
  WHEN i.status = 'draft' AND {PENDING} THEN 'pending_approval'
  WHEN i.status = 'draft' THEN 'draft'
  WHEN i.kind = 'pro_forma' THEN CASE WHEN i.viewed_at IS NOT NULL THEN 'viewed'
    WHEN i.sent_at IS NOT NULL THEN 'sent' ELSE 'issued' END
  WHEN i.kind = 'credit_note' AND i.open_amount = 0 THEN 'credited'
  WHEN i.kind <> 'credit_note' AND i.open_amount = 0 AND i.written_off_amount > 0 THEN 'written_off'
  WHEN i.kind <> 'credit_note' AND i.open_amount = 0 AND i.credited_amount > 0
    AND i.allocated_amount = 0 THEN 'credited'
  WHEN i.kind <> 'credit_note' AND i.open_amount > 0 AND i.disputed_at IS NOT NULL THEN 'disputed'
  WHEN i.kind <> 'credit_note' AND i.open_amount > 0 AND i.due_on < %(today)s::date THEN 'overdue'
  WHEN i.open_amount = 0 THEN 'paid'
  WHEN i.allocated_amount > 0 THEN 'partially_paid'
  WHEN i.viewed_at IS NOT NULL THEN 'viewed'
  WHEN i.sent_at IS NOT NULL THEN 'sent'
  ELSE 'issued' END"""
# What must hold for a word: simple enough for an index, where the CASE above is for none.
NEEDED = {
    "draft": "i.status = 'draft'",
    "pending_approval": "i.status = 'draft'",
    "overdue": "(i.open_amount > 0 AND i.due_on < %(today)s::date)",
    "disputed": "(i.open_amount > 0 AND i.disputed_at IS NOT NULL)",
    "partially_paid": "(i.open_amount > 0 AND i.allocated_amount > 0)",
    "paid": "(i.open_amount = 0 AND i.status = 'issued')",
    "credited": "(i.credited_amount > 0 OR i.kind = 'credit_note')",
    "written_off": "i.written_off_amount > 0",
    "issued": "(i.open_amount > 0 OR i.kind = 'pro_forma')",
    "sent": "(i.open_amount > 0 OR i.kind = 'pro_forma')",
    "viewed": "(i.open_amount > 0 OR i.kind = 'pro_forma')",
}
# Words that simple conditions say wholly, each with an index of just that.
EXACT = {
    "draft": f"i.status = 'draft' AND NOT {PENDING}",
    "pending_approval": f"i.status = 'draft' AND {PENDING}",
    "overdue": "i.open_amount > 0 AND i.kind <> 'credit_note' AND i.disputed_at IS NULL"
    " AND i.due_on < %(today)s::date",
    "paid": "i.open_amount = 0 AND i.status = 'issued'"
    " AND i.kind NOT IN ('credit_note', 'pro_forma')"
    " AND i.written_off_amount = 0 AND (i.credited_amount = 0 OR i.allocated_amount > 0)",
}
ODD = {
    digits: [code for code, one in CURRENCIES.items() if one.digits == digits]
    for digits in sorted({one.digits for one in CURRENCIES.values()} - {2})
}
AMOUNT = re.compile(r"[0-9]{1,3}([., ]?[0-9]{3})*([.,][0-9]{1,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilter:
    """What narrows a list; None and empty narrow nothing. `today` is for the words.

    `gross_from` and `gross_to` are decimal amounts, compared in each document's own currency.
    """

    today: date
    ids: Sequence[UUID] = ()
    without_ids: Sequence[UUID] = ()
    kinds: Sequence[str] = ()
    words: Sequence[str] = ()
    partner_id: UUID | None = None
    currency: str = ""
    currencies: Sequence[str] = ()
    series_ids: Sequence[UUID] = ()
    gross_from: Decimal | None = None
    gross_to: Decimal | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    number: str = ""
    quote_id: UUID | None = None
    corrects_id: UUID | None = None
    is_open: bool | None = None
    q: str = ""


CONDITIONS = (
    ("ids", "i.id = ANY(%(ids)s::uuid[])"),
    ("without_ids", "i.id <> ALL(%(without_ids)s::uuid[])"),
    ("partner_id", "i.partner_id = %(partner_id)s::uuid"),
    ("currency", "i.currency = %(currency)s::text"),
    ("currencies", "i.currency = ANY(%(currencies)s::text[])"),
    ("series_ids", "i.series_id = ANY(%(series_ids)s::uuid[])"),
    ("issued_from", "i.issued_on >= %(issued_from)s::date"),
    ("issued_to", "i.issued_on <= %(issued_to)s::date"),
    ("due_from", "i.due_on >= %(due_from)s::date"),
    ("due_to", "i.due_on <= %(due_to)s::date"),
    ("created_from", "i.created_at >= %(created_from)s::timestamptz"),
    ("created_to", "i.created_at <= %(created_to)s::timestamptz"),
    ("updated_from", "i.updated_at >= %(updated_from)s::timestamptz"),
    ("updated_to", "i.updated_at <= %(updated_to)s::timestamptz"),
    ("number", "i.number = %(number)s::text"),
    ("quote_id", "i.quote_id = %(quote_id)s::uuid"),
    ("corrects_id", "i.corrects_id = %(corrects_id)s::uuid"),
)
LISTED = frozenset({"ids", "without_ids", "currencies", "series_ids"})
SEEN = "guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)"
KINDS = ("invoice", "credit_note", "debit_note", "deposit", "pro_forma")

# A word is sought where an index finds it at any size. LIKE cannot use one under row level
# security, so numbers are found by their beginning, or by the digits at their end.
CLIENT = "i.partner_id = ANY(%({q}_partners)s::uuid[])"
PARTNERS = """
SELECT x.id FROM parties_partner x
WHERE x.organization_id = %(organization)s::uuid AND x.name ILIKE %(like)s LIMIT %(limit)s
"""
# More clients than these are asked for in the statement itself; so many fit somewhere soon.
MOST_PARTNERS = 1_000
MANY_CLIENTS = """i.partner_id = ANY(ARRAY(SELECT x.id FROM parties_partner x
  WHERE x.organization_id = %(organization)s::uuid AND x.name ILIKE %({q})s))"""
BEGINNING = """(i.number COLLATE "C" >= %({q}_from)s AND i.number COLLATE "C" < %({q}_to)s)"""
DRAFT = "(i.status = 'draft' AND i.draft_reference ILIKE %({q})s)"
HISTORY = "(i.is_history AND i.number ILIKE %({q})s)"
END = "(i.sequence = %({q}_digits)s::bigint AND i.number ILIKE %({q})s)"


def conditions(by: Actor, narrowed: InvoiceFilter) -> tuple[list[str], dict[str, Any]]:
    """The WHERE of a filter and what it binds."""
    values: dict[str, Any] = {"organization": by.organization_id, "today": narrowed.today}
    where = ["i.organization_id = %(organization)s::uuid"]
    reach = reach_of(by)
    if reach["owner"] is not None:
        values |= reach
        where.append(SEEN)
    for name, condition in CONDITIONS:
        value = getattr(narrowed, name)
        if name == "currencies" and len(value) == 1:  # an index keeps one currency in its order
            where.append("i.currency = %(one_currency)s::text")
            values["one_currency"] = value[0]
        elif value not in (None, "", (), []):
            values[name] = list(value) if name in LISTED else value
            where.append(condition)
    if narrowed.is_open is not None:
        where.append("i.open_amount > 0" if narrowed.is_open else "i.open_amount = 0")
    where += kind_conditions(narrowed.kinds)
    where += word_conditions(narrowed.words, values)
    where += amount_conditions(narrowed, values)
    for index, word in enumerate(narrowed.q.split()[:5]):
        where.append(sought(word, f"q{index}", values, by=by))
    return where, values


def kind_conditions(kinds: Sequence[str]) -> list[str]:
    """Those of some kinds, as constants: a partial index is of use for nothing else."""
    if not kinds:
        return []
    if set(kinds) == {*KINDS} - {"credit_note"}:
        return ["i.kind <> 'credit_note'"]
    known = ", ".join(f"'{kind}'" for kind in KINDS if kind in kinds)
    return [f"i.kind IN ({known})" if known else "false"]


def word_conditions(words: Sequence[str], values: dict[str, Any]) -> list[str]:
    """Those of some words of DESIGN 4; one that no invoice ever has finds nothing."""
    if not words:
        return []
    known = [NEEDED[word] for word in dict.fromkeys(words) if word in NEEDED]
    if not known:
        return ["false"]
    if len(set(words)) == 1 and words[0] in EXACT:
        return [EXACT[words[0]]]
    values["words"] = list(words)
    return [f"({' OR '.join(known)})", f"({WORD}) = ANY(%(words)s::text[])"]


def amount_conditions(narrowed: InvoiceFilter, values: dict[str, Any]) -> list[str]:
    """Those of a range of amounts, in the minor units of each currency."""
    made = []
    for name, sign, given in (("from", ">=", narrowed.gross_from), ("to", "<=", narrowed.gross_to)):
        if given is None:
            continue
        arms = []
        for digits, codes in (*ODD.items(), (2, [code for odd in ODD.values() for code in odd])):
            key = f"gross_{name}_{digits}"
            values[key] = int(given.scaleb(digits).to_integral_value())
            values[f"codes_{digits}"] = codes
            which = "<> ALL" if digits == 2 else "= ANY"
            arms.append(
                f"i.gross_amount {sign} %({key})s::bigint"
                f" AND i.currency {which}(%(codes_{digits})s::text[])"
            )
        made.append(f"({' OR '.join(arms)})")
    return made


def partners_like(word: str, *, by: Actor) -> list[UUID]:
    """The clients whose name holds a word: asked for first, so that the planner of the list's
    statement sees how few or many they are."""
    values = {
        "organization": by.organization_id,
        "like": f"%{escaped(word)}%",
        "limit": MOST_PARTNERS + 1,
    }
    with transaction(by.organization_id):
        return [row[0] for row in cursor(binary=True).execute(PARTNERS, values).fetchall()]


def sought(word: str, name: str, values: dict[str, Any], *, by: Actor) -> str:
    """The condition of one word typed into the filter: client, number, or amount."""
    values[name] = f"%{escaped(word)}%"
    partners = partners_like(word, by=by)
    start = word.upper()
    values[f"{name}_from"], values[f"{name}_to"] = start, start + "\U0010ffff"
    arms = [BEGINNING, DRAFT, HISTORY]
    if len(partners) > MOST_PARTNERS:
        arms.append(MANY_CLIENTS)
    elif partners:
        values[f"{name}_partners"] = partners
        arms.append(CLIENT)
    digits = re.search(r"[0-9]+$", word)
    if digits and len(digits[0]) < 19:
        values[f"{name}_digits"] = int(digits[0])
        arms.append(END)
    cents = cents_of(word)
    if cents is not None:
        values[f"{name}_cents"] = cents
        arms += ["i.gross_amount = %({q}_cents)s::bigint", "i.open_amount = %({q}_cents)s::bigint"]
    return f"({' OR '.join(arms)})".replace("{q}", name)


def cents_of(word: str) -> int | None:
    """Hundredths of an amount as people type it, 1.487,50 and 1,487.5 alike; None for others."""
    if not AMOUNT.fullmatch(word):
        return None
    found = re.fullmatch(r"(.*?)(?:[.,]([0-9]{1,2}))?", word)
    whole, part = (found[1], found[2] or "") if found else (word, "")
    text = re.sub(r"[., ]", "", whole)
    return int(text) * 100 + int(part.ljust(2, "0")) if len(text) < 16 else None


def escaped(word: str) -> str:
    """A word for ILIKE, its own wildcards taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
