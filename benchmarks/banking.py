"""A statement of 500 lines parsed, matched and posted, against COPY, one join and plain inserts."""

import time
from datetime import timedelta
from uuid import UUID

import psycopg

from benchmarks.record import Result, result
from benchmarks.servers import Place, place, processor

LINES = 500
ROUNDS = 3
SCHEMA = """
CREATE SCHEMA floor;
CREATE TABLE floor.invoice (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number text UNIQUE,
  open bigint NOT NULL);
CREATE TABLE floor.payment (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice uuid NOT NULL
  REFERENCES floor.invoice, amount bigint NOT NULL);
CREATE TABLE floor.posting (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), payment uuid NOT NULL
  REFERENCES floor.payment, account int NOT NULL, amount bigint NOT NULL);
"""
POST = """
WITH hit AS (SELECT i.id, l.amount FROM bank l JOIN floor.invoice i ON i.number = l.number),
paid AS (INSERT INTO floor.payment (invoice, amount) SELECT id, amount FROM hit RETURNING *),
led AS (INSERT INTO floor.posting (payment, account, amount)
  SELECT id, a.account, a.sign * amount FROM paid, (VALUES (1200, 1), (1400, -1)) a(account, sign))
UPDATE floor.invoice i SET open = open - paid.amount FROM paid WHERE i.id = paid.invoice
"""


def measure() -> list[Result]:
    """Rounds of ours and of the floor, over invoices of their own each time."""
    with place() as found, psycopg.connect(found.superuser_url, autocommit=True) as owner:
        owner.execute(SCHEMA)
        ours, bare, worked, bare_worked = [], [], [], []
        for turn in range(ROUNDS + 1):
            mine = imported(found, turn)
            other = copied(owner, turn)
            if not turn:
                owner.execute("ANALYZE")  # as the server does by itself within a minute
            else:
                ours.append(mine[0] * 1000)
                bare.append(other[0] * 1000)
                worked.append(mine[1] * 1000)
                bare_worked.append(other[1] * 1000)
        return [
            result(
                "banking.statement_500", ours=ours, reference=bare,
                reference_is="COPY to a temporary table, one join, payments and postings",
                target="≤ 4",
            ),
            result(
                "banking.processor_500", ours=worked, reference=bare_worked,
                reference_is="the same, as processor time of both sides, whoever else works",
                target="≤ 4",
            ),
        ]  # fmt: skip


def imported(found: Place, turn: int) -> tuple[float, float]:
    """Seconds from bytes to posted payments for LINES lines that name their invoices, and those of
    processor."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.flows.banking import operations as banking
    from guilder.foundation.tenancy.hot import connection_of
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.registers.parties import queries as parties

    data = {
        "client": found.client_id,
        "currency": "EUR",
        "lines": [{"description": "Work", "quantity": "1", "unit": "HUR",
                   "unit_price": "100.00", "tax": "standard"}],
    }  # fmt: skip
    made = invoicing.create_and_issue_many([data] * LINES, by=found.actor, at=found.at)
    with transaction(found.organization_id):
        name = parties.get_partner(found.organization_id, UUID(found.client_id)).name
    on = (found.at.date() - timedelta(days=turn % 300)).strftime("%d.%m.%Y")
    rows = [
        f"{on};{name};RE {one.number};119,00;T{turn}R{place_}" for place_, one in enumerate(made)
    ]
    table = "\n".join(("Buchungstag;Name;Text;Betrag;Transaction ID", *rows)).encode()
    account = account_of(found)
    backend = connection_of().info.backend_pid
    worked, started = processor(backend), time.perf_counter()
    outcome = banking.import_statement(
        table, by=found.actor, at=found.at, filename="bench.csv", account_id=account
    )
    took, worked = time.perf_counter() - started, processor(backend) - worked
    if outcome.posted != LINES:
        raise AssertionError(f"{outcome.posted} of {LINES} lines were posted")
    return took, worked


def account_of(found: Place) -> object:
    """The one bank account, opened when it is first asked for."""
    from guilder.flows.banking import operations as banking
    from guilder.flows.banking import queries

    rows = queries.list_accounts(by=found.actor)
    if rows:
        return rows[0].id
    data = {"name": "Bench", "number": "1", "currency": "EUR", "automatic_from": 95}
    return banking.open_account(by=found.actor, data=data, at=found.at).id


def copied(owner: psycopg.Connection, turn: int) -> tuple[float, float]:
    """Seconds for the bare work, one transaction, and those of processor."""
    numbers = [f"F-{turn}-{place_}" for place_ in range(LINES)]
    owner.execute(
        "INSERT INTO floor.invoice (number, open) SELECT n, 11900 FROM unnest(%s::text[]) n",
        [numbers],
    )
    backend = owner.info.backend_pid
    worked, started = processor(backend), time.perf_counter()
    with owner.transaction(), owner.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bank (number text, amount bigint) ON COMMIT DROP")
        with cursor.copy("COPY bank FROM STDIN") as copy:
            for number in numbers:
                copy.write_row((number, 11900))
        cursor.execute(POST)
    return time.perf_counter() - started, processor(backend) - worked
