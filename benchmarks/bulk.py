"""10,000 invoices made and issued in bulk, against COPY of the very same rows."""

import time

import psycopg

from benchmarks.record import Result, result
from benchmarks.servers import Place, place

COUNT = 10_000
ROUNDS = 3
TABLES = (
    "invoicing_invoice",
    "invoicing_invoiceline",
    "invoicing_invoicetax",
    "invoicing_issueddocument",
    "ledger_entry",
    "ledger_posting",
    "events_event",
    "audit_entry",
)


def measure() -> list[Result]:
    """Rounds of ours, then of COPY of what ours wrote, into plain tables with the same indexes."""
    with place() as found:
        with psycopg.connect(found.superuser_url, autocommit=True) as owner:
            made_plain(owner)
            ours, plain = [], []
            for turn in range(ROUNDS + 1):
                empty(owner)
                mine = bulk(found)
                other = copied(owner)
                if turn:
                    ours.append(COUNT / mine)
                    plain.append(COUNT / other)
        return [
            result(
                "bulk.create_issue_10k", ours=ours, reference=plain, unit="invoices/s",
                reference_is="COPY of the same rows without row level security", target="≥ 0.333",
            )
        ]  # fmt: skip


def bulk(found: Place) -> float:
    """Seconds for COUNT invoices of three lines."""
    from guilder.books.invoicing import operations as invoicing

    lines = [
        {"description": f"Position {i}", "quantity": "2", "unit": "C62", "unit_price": "19.90",
         "tax": "standard"}
        for i in range(3)
    ]  # fmt: skip
    data = {"client": found.client_id, "currency": "EUR", "lines": lines}
    started = time.perf_counter()
    invoicing.create_and_issue_many([data] * COUNT, by=found.actor, at=found.at)
    return time.perf_counter() - started


def made_plain(owner: psycopg.Connection) -> None:
    """Tables of the same columns and indexes, without walls and guards."""
    owner.execute("CREATE SCHEMA plain")
    for table in TABLES:
        owner.execute(f"CREATE TABLE plain.{table} (LIKE public.{table} INCLUDING ALL)")


def empty(owner: psycopg.Connection) -> None:
    """Forget what earlier rounds wrote, so that all rounds fill empty tables."""
    owner.execute("SET session_replication_role = replica")
    for table in (*TABLES, "events_pending", "audit_unsealed", "numbering_counter"):
        owner.execute(f"DELETE FROM public.{table}")
    for table in TABLES:
        owner.execute(f"TRUNCATE plain.{table}")
    owner.execute("VACUUM")


def copied(owner: psycopg.Connection) -> float:
    """Seconds for COPY of the same rows, one transaction."""
    data = {}
    for table in TABLES:
        with owner.cursor().copy(f"COPY public.{table} TO STDOUT (FORMAT binary)") as out:
            data[table] = b"".join(bytes(part) for part in out)
    started = time.perf_counter()
    with owner.transaction():
        for table in TABLES:
            with owner.cursor().copy(f"COPY plain.{table} FROM STDIN (FORMAT binary)") as into:
                into.write(data[table])
    return time.perf_counter() - started
