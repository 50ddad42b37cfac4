"""The floor of a payment: one prepared statement behind the same HTTP server, and nothing else."""

import os
import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import psycopg

SCHEMA = """
CREATE TABLE owed (id uuid PRIMARY KEY, client uuid NOT NULL, open bigint NOT NULL
  CHECK (open >= 0));
CREATE TABLE payment (id uuid PRIMARY KEY, client uuid NOT NULL, amount bigint NOT NULL);
CREATE TABLE share (id uuid PRIMARY KEY, payment uuid NOT NULL REFERENCES payment,
  owed uuid NOT NULL REFERENCES owed, amount bigint NOT NULL);
CREATE INDEX ON share (owed);
CREATE TABLE leg (id uuid PRIMARY KEY, payment uuid NOT NULL REFERENCES payment,
  account int NOT NULL, amount bigint NOT NULL);
"""
PAY = """
WITH o AS (UPDATE owed SET open = open - %(a)s WHERE id = %(i)s RETURNING id, open),
p AS (INSERT INTO payment SELECT %(p)s, %(c)s, %(a)s FROM o),
s AS (INSERT INTO share SELECT gen_random_uuid(), %(p)s, o.id, %(a)s FROM o),
l AS (INSERT INTO leg SELECT gen_random_uuid(), %(p)s, x, m FROM o,
  (VALUES (1200, %(a)s), (1400, -%(a)s)) AS v (x, m))
SELECT open FROM o
"""


class Payment(msgspec.Struct):
    """One raw payment of one invoice, in cents."""

    client: uuid.UUID
    invoice: uuid.UUID
    amount: int


decoder, encoder, here = msgspec.json.Decoder(Payment), msgspec.json.Encoder(), threading.local()


def connection() -> psycopg.Connection[Any]:
    """This thread's connection."""
    if not hasattr(here, "connection"):
        here.connection = psycopg.connect(
            os.environ["FLOOR_URL"], autocommit=True, prepare_threshold=0
        )
    return here.connection


def application(env: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """POST /pay; anything else says hello."""
    answer: dict[str, Any] = {"hello": None}
    if env["PATH_INFO"] == "/pay":
        given, new = decoder.decode(env["wsgi.input"].read()), uuid.uuid4()
        values = {"p": new, "c": given.client, "i": given.invoice, "a": given.amount}
        row = connection().execute(PAY, values).fetchone()
        answer = {"id": new, "open": row[0] if row else None}
    out = encoder.encode(answer)
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(out)))])
    return [out]
