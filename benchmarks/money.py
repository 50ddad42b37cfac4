"""A payment over REST against its floor; what is owed by age among 100,000 against bare SQL."""

import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import psycopg

from benchmarks import floor_money
from benchmarks.lists import grow
from benchmarks.load import Client, json_of
from benchmarks.record import Result, result
from benchmarks.servers import Place, floor, place, web

ROUNDS = 7
PER_ROUND = 40
OPEN = 100_000
# The same question without wall, reach and words, asked of the same rows by their owner.
BARE = """
SELECT currency, CASE WHEN due_on IS NULL OR due_on >= %(today)s THEN 0
    WHEN due_on >= %(today)s - 30 THEN 1 WHEN due_on >= %(today)s - 60 THEN 2
    WHEN due_on >= %(today)s - 90 THEN 3 ELSE 4 END AS age,
  sum(open_amount)::bigint, count(*), max(%(today)s - due_on)
FROM invoicing_invoice WHERE organization_id = %(organization)s AND open_amount > 0
  AND kind <> 'credit_note' GROUP BY 1, 2 ORDER BY 1, 2
"""


def measure() -> list[Result]:
    """Payments first, while the tables are small; then the ageing."""
    with place() as found:
        with (
            web() as our_port,
            floor(found, schema=floor_money.SCHEMA, module="floor_money") as floor_port,
        ):
            ours = Client(our_port, authorization=f"Bearer {found.key}")
            paid = payments(found, ours, Client(floor_port))
        return [paid, ageing(found)]


def payments(found: Place, ours: Client, theirs: Client) -> Result:
    """One client pays invoices one by one, ours and the floor's in turn."""
    count = (ROUNDS + 1) * PER_ROUND
    mine, bare = owed(found, count), floor_owed(found, count)
    taken, reference = [], []
    for turn in range(ROUNDS + 1):
        pairs = [
            (our_payment(ours, next(mine), f"{turn}-{n}"), floor_payment(theirs, next(bare)))
            for n in range(PER_ROUND)
        ]
        if turn:  # the first round warms up
            taken.append(median(one for one, _ in pairs))
            reference.append(median(other for _, other in pairs))
    return result(
        "rest.payment", ours=taken, reference=reference, target="≤ 5",
        reference_is="the floor: payment, share, two legs and what is open, one statement",
    )  # fmt: skip


def owed(found: Place, count: int) -> Iterator[bytes]:
    """Payments of new invoices, each in full."""
    from guilder.books.invoicing import operations as invoicing

    line = {"description": "x", "quantity": "1", "unit": "C62", "unit_price": "100.00",
            "tax": "standard"}  # fmt: skip
    data = {"client": found.client_id, "currency": "EUR", "lines": [line]}
    made = invoicing.create_and_issue_many([data] * count, by=found.actor, at=found.at)
    for one in made:
        body: dict[str, Any] = {
            "client": found.client_id,
            "amount": {"amount": "119.00", "currency": "EUR"},
            "allocations": [{"invoice": str(one.id), "amount": "119.00"}],
        }
        yield json.dumps(body).encode()


def floor_owed(found: Place, count: int) -> Iterator[bytes]:
    """The same for the floor."""
    with psycopg.connect(found.superuser_url.replace("/guilder?", "/floor?")) as connection:
        rows = connection.execute(
            "INSERT INTO owed SELECT gen_random_uuid(), %s, 11900 FROM generate_series(1, %s)"
            " RETURNING id",
            [found.client_id, count],
        ).fetchall()
    for (invoice_id,) in rows:
        body = {"client": found.client_id, "invoice": str(invoice_id), "amount": 11900}
        yield json.dumps(body).encode()


def our_payment(client: Client, body: bytes, key: str) -> float:
    """Milliseconds of one payment with a key."""
    answer = client("POST", "/api/v1/payments/", body, **{"Idempotency-Key": f"pay-{key}"})
    json_of(answer)
    return answer[2]


def floor_payment(client: Client, body: bytes) -> float:
    """The same for the floor."""
    answer = client("POST", "/pay", body)
    json_of(answer)
    return answer[2]


def ageing(found: Place) -> Result:
    """The query as the room asks it, against the bare one, in turn."""
    from guilder.books.invoicing import queries

    grow(found, OPEN)
    today = found.at.date()
    values = {"organization": found.organization_id, "today": today}
    mine, bare = [], []
    with psycopg.connect(found.superuser_url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE invoicing_invoice")
        for turn in range(ROUNDS + 2):
            started = time.perf_counter()
            found_ages = queries.ageing(by=found.actor, today=today)
            middle = time.perf_counter()
            rows = owner.execute(BARE, values, prepare=True).fetchall()
            ended = time.perf_counter()
            if sum(one.count for one in found_ages) != sum(row[3] for row in rows):
                raise AssertionError("Both do not count the same.")
            if turn > 1:
                mine.append((middle - started) * 1000)
                bare.append((ended - middle) * 1000)
    return result(
        "reports.ageing_100k", ours=mine, reference=bare, target="≤ 2",
        reference_is="the bare SQL over the same rows, as their owner",
    )  # fmt: skip
