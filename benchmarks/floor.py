"""The floor: what the same work costs with nothing around it.

A bare WSGI program: JSON in, Decimal totals, one prepared statement, JSON out; no tenancy, audit,
outbox, idempotency or throttle. The same granian and PostgreSQL server, with fsync on.
"""

import os
import threading
import uuid
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
import psycopg

SCHEMA = """
CREATE TABLE counter (organization uuid PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE invoice (id uuid PRIMARY KEY, organization uuid NOT NULL, client uuid NOT NULL,
  number bigint, issued_on date, currency char(3) NOT NULL, net bigint NOT NULL,
  tax bigint NOT NULL, total bigint NOT NULL, open bigint NOT NULL);
CREATE INDEX ON invoice (organization, issued_on, id);
CREATE TABLE line (id uuid PRIMARY KEY, invoice uuid NOT NULL REFERENCES invoice,
  position int NOT NULL, description text NOT NULL, quantity numeric NOT NULL,
  price numeric NOT NULL, rate numeric NOT NULL, net bigint NOT NULL);
CREATE INDEX ON line (invoice);
CREATE TABLE posting (id uuid PRIMARY KEY, invoice uuid NOT NULL REFERENCES invoice,
  account int NOT NULL, amount bigint NOT NULL);
CREATE TABLE token (secret text PRIMARY KEY, organization uuid NOT NULL);
"""
DRAFT = """
WITH i AS (INSERT INTO invoice
  VALUES (%(id)s, %(o)s, %(c)s, NULL, NULL, %(u)s, %(n)s, %(t)s, %(g)s, 0))
INSERT INTO line SELECT gen_random_uuid(), %(id)s, p, d, q, r, x, l
FROM unnest(%(ds)s::text[], %(qs)s::numeric[], %(rs)s::numeric[], %(xs)s::numeric[],
  %(ls)s::bigint[])  WITH ORDINALITY AS u (d, q, r, x, l, p)
"""
ISSUE = """
WITH n AS (UPDATE counter SET value = value + 1 WHERE organization = %(o)s RETURNING value),
i AS (UPDATE invoice SET number = n.value, issued_on = current_date, open = total FROM n
  WHERE id = %(id)s AND number IS NULL RETURNING id, invoice.number, net, tax, total),
p AS (INSERT INTO posting SELECT gen_random_uuid(), i.id, a, m
  FROM i, LATERAL (VALUES (1400, i.total), (8400, -i.net), (1776, -i.tax)) AS v (a, m))
SELECT id, number, total FROM i
"""
HELLO = "SELECT organization FROM token WHERE secret = %s"
CENTS = Decimal(100)
ONE = Decimal(1)


class Line(msgspec.Struct):
    """One raw line."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    rate: Decimal


class Draft(msgspec.Struct):
    """One raw draft."""

    client: uuid.UUID
    currency: str
    lines: list[Line]


decoder, encoder, here = msgspec.json.Decoder(Draft), msgspec.json.Encoder(), threading.local()
ORGANIZATION = uuid.UUID(int=1)


def connection() -> psycopg.Connection[Any]:
    """This thread's connection."""
    if not hasattr(here, "connection"):
        here.connection = psycopg.connect(
            os.environ["FLOOR_URL"], autocommit=True, prepare_threshold=0
        )
    return here.connection


def rounded(value: Decimal) -> int:
    """Whole cents, half away from zero."""
    return int((value * CENTS).quantize(ONE, ROUND_HALF_UP))


def draft(body: bytes) -> dict[str, Any]:
    """Insert a draft with its lines."""
    given = decoder.decode(body)
    nets = [rounded(line.quantity * line.unit_price) for line in given.lines]
    groups: dict[Decimal, int] = {}
    for line, net in zip(given.lines, nets, strict=True):
        groups[line.rate] = groups.get(line.rate, 0) + net
    tax = sum(rounded(Decimal(base) * rate / CENTS / CENTS) for rate, base in groups.items())
    net, new = sum(nets), uuid.uuid4()
    values = {"id": new, "o": ORGANIZATION, "c": given.client, "u": given.currency, "n": net,
              "t": tax, "g": net + tax, "ds": [line.description for line in given.lines],
              "qs": [line.quantity for line in given.lines],
              "rs": [line.unit_price for line in given.lines],
              "xs": [line.rate for line in given.lines], "ls": nets}  # fmt: skip
    connection().execute(DRAFT, values)
    return {"id": new, "net": net, "tax": tax, "total": net + tax}


def issue(path: str) -> dict[str, Any]:
    """Number and post a draft."""
    row = connection().execute(ISSUE, {"o": ORGANIZATION, "id": path.split("/")[2]}).fetchone()
    return {"id": row[0], "number": row[1], "total": row[2]} if row else {}


def application(env: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """POST /draft, POST /issue/<id>, GET /hello."""
    if env["PATH_INFO"] == "/draft":
        answer = draft(env["wsgi.input"].read())
    elif env["PATH_INFO"] == "/hello":
        secret = env.get("HTTP_AUTHORIZATION", "")
        answer = {"hello": connection().execute(HELLO, [secret]).fetchone()}
    else:
        answer = issue(env["PATH_INFO"])
    out = encoder.encode(answer)
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(out)))])
    return [out]
