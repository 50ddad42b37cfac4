"""Finding things: a handful of short index scans, whatever the number of things."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.office.search.calc import LAST, PAPERS, Asked
from guilder.office.search.sources import KINDS, SOURCES
from guilder.registers.parties.queries import reach_of

__all__ = ("Asked", "Hit", "find", "strays")

NEEDS = {
    "invoice": "invoice.view",
    "quote": "quote.view",
    "payment": "payment.view",
    "partner": "partner.view",
    "item": "item.view",
}
ENOUGH = 60  # hits of one way of finding that are looked at further
BY_AMOUNT = 1  # the rank of what was found by its amount
NARROW = 300  # rows of a wide prefix that are looked at
WIDE = 3_000  # the same where rights or other words leave out most of them

# Each way gives (id, rank); the lower rank is shown first. Words beside the one that led there must
# begin a word of the thing's texts or of its partner's name.
SAME_KEY = """(SELECT e.id, 0 AS rank FROM search_entry e
  WHERE e.organization_id = %(organization)s::uuid AND e.key = %(key)s::text LIMIT %(enough)s)"""
KEY = """(SELECT e.id, 2 AS rank FROM search_entry e
  WHERE e.organization_id = %(organization)s::uuid AND e.key >= %(key)s::text
    AND e.key < %(key_end)s::text AND e.key <> ''
  ORDER BY e.key DESC, e.id DESC LIMIT %(scanned)s)"""
TAIL = """(SELECT e.id, CASE WHEN e.tail = %(tail)s::text THEN 3 ELSE 5 END AS rank
  FROM search_entry e WHERE e.organization_id = %(organization)s::uuid AND e.tail >= %(tail)s::text
    AND e.tail < %(tail_end)s::text AND e.tail <> '' ORDER BY e.tail, e.id LIMIT %(scanned)s)"""
AMOUNT = """(SELECT e.id, 1 AS rank FROM unnest(%(minors)s::bigint[]) m
  CROSS JOIN LATERAL (SELECT e.id FROM search_entry e
    WHERE e.organization_id = %(organization)s::uuid AND e.amount = m
    ORDER BY e.id DESC LIMIT %(scanned)s) e)"""
PAYABLE = """(SELECT e.id, 1 AS rank FROM unnest(%(minors)s::bigint[]) m
  CROSS JOIN LATERAL (SELECT e.id FROM search_entry e
    WHERE e.organization_id = %(organization)s::uuid AND e.payable = m
    ORDER BY e.id DESC LIMIT %(scanned)s) e)"""
DAY = """(SELECT e.id, 2 AS rank FROM search_entry e
  WHERE e.organization_id = %(organization)s::uuid AND e.dated_on = %(on)s::date
  ORDER BY e.id DESC LIMIT %(scanned)s)"""
WORDS = """(SELECT w.entry_id AS id, 4 AS rank FROM search_word w
  WHERE w.organization_id = %(organization)s::uuid AND w.word >= %(word)s::text
    AND w.word < %(word_end)s::text ORDER BY w.word, w.entry_id LIMIT %(scanned)s)"""
FOUND = """
WITH ways AS MATERIALIZED ({ways}),
first AS MATERIALIZED (
  SELECT w.id, min(w.rank) AS rank FROM ways w GROUP BY w.id),
direct AS MATERIALIZED (
  SELECT e.*, f.rank FROM first f JOIN search_entry e
    ON e.organization_id = %(organization)s::uuid AND e.id = f.id
  LEFT JOIN search_entry p ON p.organization_id = e.organization_id AND p.id = e.partner_id
  WHERE e.kind = ANY(%(kinds)s::text[]) {owned} {others}
  ORDER BY f.rank, e.is_archived, e.dated_on DESC NULLS LAST, e.id DESC LIMIT %(enough)s),
theirs AS (
  SELECT e.*, 6 AS rank FROM (SELECT id FROM direct WHERE kind IN ('client', 'supplier')
    ORDER BY rank, is_archived LIMIT 5) p
  CROSS JOIN LATERAL (SELECT e.* FROM search_entry e
    WHERE e.organization_id = %(organization)s::uuid AND e.partner_id = p.id
      AND e.kind = ANY(%(kinds)s::text[]) {owned} ORDER BY e.id DESC LIMIT 6) e)
SELECT {columns}, min(rank) AS rank FROM (
  SELECT * FROM direct UNION ALL SELECT * FROM theirs) x
GROUP BY {columns} ORDER BY rank, is_archived, dated_on DESC NULLS LAST, id DESC LIMIT %(limit)s
"""
# Of papers and payments only what the actor sees; the owner's ids name people and clients alike.
OWNED = """AND (e.kind <> ALL(%(papers)s::text[]) OR e.owner_id = ANY(%(owner)s::uuid[])
  OR (%(drafts)s AND e.partner_id = ANY(%(owner)s::uuid[])))"""
OTHER = "AND strpos(' ' || e.text || ' ' || coalesce(p.text, ''), ' ' || %({name})s::text) > 0"
COLUMNS = "id, kind, title, subtitle, amount, payable, currency, dated_on, partner_id, is_archived"
COUNT = """SELECT count(*) FROM (SELECT 1 FROM search_word w
  WHERE w.organization_id = %(organization)s::uuid AND w.word >= %(word)s::text
    AND w.word < %(word_end)s::text LIMIT %(counted)s) x"""
STRAYS = """
SELECT i.id FROM {table} i WHERE i.organization_id = %(organization)s::uuid AND NOT EXISTS (
  SELECT FROM search_entry e WHERE e.organization_id = i.organization_id AND e.id = i.id)
UNION ALL
SELECT e.id FROM search_entry e WHERE e.organization_id = %(organization)s::uuid
  AND e.kind = ANY(%(kinds)s::text[]) AND NOT EXISTS (
  SELECT FROM {table} i WHERE i.organization_id = e.organization_id AND i.id = e.id)
LIMIT %(most)s
"""
MOST_STRAYS = 1_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; a lower rank fits better."""

    id: UUID
    kind: str
    title: str
    subtitle: str
    amount: int | None
    payable: int | None
    currency: str
    dated_on: date | None
    partner_id: UUID | None
    is_archived: bool
    rank: int

    @property
    def money(self) -> Money | None:
        """Its amount where it has one."""
        return None if self.amount is None else Money(self.amount, self.currency)


def find(asked: Asked, *, by: Actor, limit: int = 24) -> list[Hit]:
    """What fits, the best first, among what this actor may see."""
    sources = [name for name, permission in NEEDS.items() if by.may(permission)]
    words = asked.words
    if not sources or not (words or asked.minors or asked.on):
        return []
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "kinds": [kind for name in sources for kind in KINDS[name]],
        "papers": list(PAPERS),
        **reach_of(by),
        "enough": ENOUGH,
        "counted": WIDE,
        "limit": limit,
    }
    with transaction(by.organization_id):
        rows = found_by_text(asked, words, values)
        rows += found_by_value(asked, values)
    return ranked([Hit(*row) for row in rows], asked)[:limit]


def found_by_text(
    asked: Asked, words: tuple[str, ...], values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """By number or name: the whole text, the digits at its end, the rarest word."""
    if not words:
        return []
    ways = []
    if asked.key:
        ways += [SAME_KEY, KEY]
        values |= {"key": asked.key, "key_end": asked.key + LAST}
    found = run(ways, (), values) if ways else []
    rest = words[:-1] if len(words) > 1 else ()
    if asked.tail:
        values |= {"tail": asked.tail, "tail_end": asked.tail_end}
        found += run([TAIL], rest, values)
    rare = rarest(words, values)
    values |= {"word": rare, "word_end": rare + LAST}
    return found + run([WORDS], tuple(word for word in words if word != rare), values)


def found_by_value(asked: Asked, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """By an amount or a day that the whole text is."""
    found: list[tuple[Any, ...]] = []
    if asked.minors:
        values["minors"] = asked.minors
        found += run([AMOUNT, PAYABLE], (), values)
    if asked.on:
        values["on"] = asked.on
        found += run([DAY], (), values)
    return found


def rarest(words: Sequence[str], values: dict[str, Any]) -> str:
    """The word with the fewest entries; counting stops at WIDE."""
    if len(words) == 1:
        return words[0]
    counts = {}
    for word in words:
        bound = {**values, "word": word, "word_end": word + LAST}
        row = cursor().execute(COUNT, bound, prepare=True).fetchone()
        counts[word] = row[0] if row else 0
    return min(words, key=lambda word: (counts[word], -len(word)))


def run(
    ways: Sequence[str], others: Sequence[str], values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """The rows that some ways give, narrowed by the other words and by what is seen."""
    bound = {**values, **{f"other{place}": word for place, word in enumerate(others)}}
    bound["scanned"] = WIDE if others or values["owner"] else NARROW
    sql = FOUND.format(
        ways=" UNION ALL ".join(ways),
        owned=OWNED if values["owner"] else "",
        others=" ".join(OTHER.format(name=f"other{place}") for place in range(len(others))),
        columns=COLUMNS,
    )
    return cursor().execute(sql, bound, prepare=True).fetchall()


def ranked(hits: Sequence[Hit], asked: Asked) -> list[Hit]:
    """Each thing once, the best first; an amount must be that amount in its own currency."""
    best: dict[UUID, Hit] = {}
    for hit in hits:
        better = hit.id not in best or hit.rank < best[hit.id].rank
        if better and not stray_amount(hit, asked):
            best[hit.id] = hit
    newest = sorted(best.values(), key=lambda hit: hit.id, reverse=True)
    return sorted(newest, key=lambda hit: (hit.is_archived, hit.rank))


def stray_amount(hit: Hit, asked: Asked) -> bool:
    """Found by its minor units alone: 1,487.5 is not JPY 148,750."""
    if hit.rank != BY_AMOUNT or asked.amount is None:
        return False
    amounts = [Money(one, hit.currency).amount for one in (hit.amount, hit.payable) if one]
    return abs(asked.amount) not in [abs(one) for one in amounts]


def strays(organization_id: UUID) -> dict[str, list[UUID]]:
    """Things that the index lacks and entries whose thing is gone, by source; empty when it holds.

    What has just happened may be on its way; ask again after the waiting events are told.
    """
    found = {}
    with transaction(organization_id):
        for name, (_sql, table) in SOURCES.items():
            values = {
                "organization": organization_id,
                "kinds": list(KINDS[name]),
                "most": MOST_STRAYS,
            }
            rows = cursor().execute(STRAYS.format(table=table), values).fetchall()
            if rows:
                found[name] = [row[0] for row in rows]
    return found
