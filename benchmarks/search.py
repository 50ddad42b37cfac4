"""The palette's question among 1,000,000 documents, and first hits over HTTP."""

from decimal import Decimal
from statistics import quantiles
from time import perf_counter

from benchmarks.record import Result, result
from benchmarks.servers import Place, place

ROUNDS = 5
DOCUMENTS = 1_000_000
CLIENTS = 20_000
BUDGET = 60.0  # milliseconds

FIRST = "ARRAY['Hotel','Atelier','Baltic','Nordic','Casa','Villa','Linden','Hafen','Polder']"
SECOND = "ARRAY['Alpengluhn','Rosenthal','Timber','Klinik','Ferrante','Books','Ports','Kontor']"
FILL_CLIENTS = f"""
INSERT INTO search_entry (id, organization_id, kind, title, subtitle, text, key, tail, currency,
  is_archived)
SELECT uuidv7(), %(organization)s, 'client', name, 'C-' || n, lower(name), 'c' || n, n::text, '',
  false
FROM (SELECT n, ({FIRST})[1 + n %% 9] || ' ' || ({SECOND})[1 + n / 9 %% 8] || ' ' || n AS name
  FROM generate_series(1, %(clients)s) n) x
"""
FILL_WORDS = """
INSERT INTO search_word (id, organization_id, entry_id, word)
SELECT uuidv7(), e.organization_id, e.id, w FROM search_entry e,
  regexp_split_to_table(e.text, ' ') w WHERE e.organization_id = %(organization)s
"""
FILL_DOCUMENTS = """
INSERT INTO search_entry (id, organization_id, kind, title, subtitle, text, key, tail, amount,
  currency, dated_on, partner_id, owner_id, is_archived)
SELECT uuidv7(), %(organization)s, 'invoice', number, p.title,
  lower(replace(number, '-', ' ')) || ' ' || p.text || ' ' || lower(replace(number, '-', '')),
  lower(replace(number, '-', '')), n::text, 1000 + n::bigint * 7919 %% 900000, 'EUR',
  date '2026-11-20' - (n %% 700), p.id, NULL, false
FROM (SELECT n, 'INV-2026-' || lpad(n::text, 7, '0') AS number
  FROM generate_series(1, %(documents)s) n) x
JOIN (SELECT row_number() OVER () - 1 AS at, id, title, text FROM search_entry
  WHERE organization_id = %(organization)s AND kind = 'client') p ON p.at = n %% %(clients)s
"""


def measure() -> list[Result]:
    """The ninety-fifth of a hundred of each kind of question, beside the budget."""
    with place() as found:
        fill(found)
        rounds = [asked(found, seed) for seed in range(ROUNDS + 1)][1:]
    return [
        result(
            "search.palette_1m", ours=rounds, reference=[BUDGET] * ROUNDS, target="≤ 1",
            reference_is="the palette's budget, p95 among 1,000,000 documents",
        )
    ]  # fmt: skip


def fill(found: Place) -> None:
    """Put clients and documents into the index, as a rebuild would."""
    from django.db import connections

    from guilder.foundation.tenancy.transaction import transaction

    values = {
        "organization": found.organization_id,
        "clients": CLIENTS,
        "documents": DOCUMENTS,
    }
    with transaction(found.organization_id), connections["default"].cursor() as cursor:
        for sql in (FILL_CLIENTS, FILL_WORDS, FILL_DOCUMENTS):
            cursor.execute(sql, values)
    import psycopg

    with psycopg.connect(found.superuser_url, autocommit=True) as own:
        own.execute("ANALYZE search_entry, search_word")


def asked(found: Place, seed: int) -> float:
    """Milliseconds, p95 of forty each: number, its end, wide beginning, name, both, amount."""
    from guilder.office.search import queries
    from guilder.office.search.queries import Asked

    spent = []
    for step in range(40):
        n = (seed * 40 + step) * 4_001 % DOCUMENTS + 1
        amount = Decimal(1000 + n * 7919 % 900000) / 100
        client = n % CLIENTS + 1
        for question in (
            Asked(f"INV-2026-{n:07}"),
            Asked(str(n)[:3]),
            Asked("inv"),
            Asked("hot"),
            Asked(f"hotel alp {client}"),
            Asked(f"timber {n}"),
            Asked(str(amount), amount=amount),
        ):
            began = perf_counter()
            queries.find(question, by=found.actor)
            spent.append((perf_counter() - began) * 1000)
    return quantiles(spent, n=20)[-1]
