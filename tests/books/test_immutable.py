"""What is booked stays, as the app's role: each column, each way, read from the catalogue."""

from decimal import Decimal

import psycopg
import pytest

from guilder.books.bills import operations as bills
from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.payments import operations as payments
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.books.proofs import faults

# The columns that may move after issue, each for its reason; never more than ten.
MOVABLE = {
    "allocated_amount": "payments are applied and taken off",
    "credited_amount": "credit notes are applied",
    "written_off_amount": "what is given up",
    "open_amount": "what is left after these three",
    "settled_on": "the day on which nothing was left",
    "sent_at": "it was handed to a channel",
    "viewed_at": "the customer opened it",
    "disputed_at": "the customer objects",
    "version": "the ETag of all these",
    "updated_at": "when one of these last moved",
}
FROZEN = {
    "invoicing_invoice": set(MOVABLE),
    "invoicing_invoiceline": set(),
    "invoicing_invoicetax": set(),
    "invoicing_issueddocument": set(),
    "invoicing_writeoff": set(),
    "ledger_entry": set(),
    "ledger_posting": set(),
    "payments_payment": {
        "unallocated_amount", "reversed_on", "reversed_reason", "notes", "version", "updated_at",
    },
    "payments_allocation": {"is_active", "reversed_on"},
    "invoicing_creditallocation": {"is_active", "reversed_on"},
    "bills_bill": {
        "allocated_amount", "credited_amount", "status", "cancelled_on", "cancelled_reason",
        "notes", "version", "updated_at",
    },
    "bills_billline": set(),
    "bills_billtax": set(),
    "bills_billcredit": {"is_active"},
    "payments_disbursement": {
        "reversed_on", "reversed_reason", "notes", "version", "updated_at",
    },
}  # fmt: skip
ONE = Decimal(1)
REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
OTHER = {
    "uuid": "gen_random_uuid()",
    "text": "CASE WHEN {c} = 'x' THEN 'y' ELSE 'x' END",
    "character varying": "CASE WHEN {c} = 'x' THEN 'y' ELSE 'x' END",
    "bigint": "coalesce({c}, 0) + 1",
    "integer": "coalesce({c}, 0) + 1",
    "smallint": "coalesce({c}, 0) + 1",
    "numeric": "coalesce({c}, 0) + 1",
    "boolean": "NOT {c}",
    "date": "coalesce({c}, date '2020-01-01') + 1",
    "timestamp with time zone": "coalesce({c}, now()) + interval '1 day'",
    "jsonb": "'{{\"x\": 1}}'",
    "bytea": "'\\x00'::bytea",
}


@pytest.fixture(scope="module")
def booked(server):
    """An organization with one row or more in every frozen table."""
    world = make.make_world()
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "10.00")
    invoicing.write_off(invoice.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="x")
    other = make.issued_invoice(world.alice)
    invoicing.credit_invoice(other.id, by=world.alice, at=make.NOW, on=make.TODAY)
    bill = make.bill(world.alice, booked=True)
    note = make.bill(world.alice, bill.partner_id, booked=True, kind="credit_note")
    bills.apply_credit(note.id, bill.id, by=world.alice, at=make.NOW, on=make.TODAY, amount=ONE)
    share = {"bill": str(bill.id), "amount": "19.00"}
    payments.pay_bills(by=world.alice, data={"bills": [share]}, at=make.NOW)
    return world, invoice


def columns(server) -> list[tuple[str, str, str]]:
    with server.superuser() as connection:
        return connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_name = ANY(%s) ORDER BY table_name, ordinal_position",
            [list(FROZEN)],
        ).fetchall()


def run(world, sql, values=()):
    with transaction(world.organization):
        return cursor().execute(sql, values).rowcount


def refused(world, sql, values=()):
    with pytest.raises(REFUSED), transaction(world.organization):
        cursor().execute(sql, values)
        cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def which(table):
    return " WHERE status = 'issued'" if table == "invoicing_invoice" else ""


def test_every_column_of_every_frozen_table_is_refused(booked, server):
    world, _ = booked
    tried = 0

    for table, column, kind in columns(server):
        if column in FROZEN[table]:
            continue
        changed = OTHER[kind].format(c=column)
        refused(world, f"UPDATE {table} SET {column} = {changed}{which(table)}")
        tried += 1

    assert tried > 120
    assert faults(world.organization) == []


def test_the_columns_that_may_move_are_ten_and_do_move(booked):
    world, invoice = booked

    assert len(MOVABLE) <= 10
    for column in ("sent_at", "viewed_at", "disputed_at", "updated_at"):
        assert run(
            world, f"UPDATE invoicing_invoice SET {column} = now() WHERE id = %s", [invoice.id]
        )
    assert run(
        world, "UPDATE invoicing_invoice SET version = version + 1, settled_on = settled_on"
        " WHERE id = %s", [invoice.id]
    )  # fmt: skip


@pytest.mark.parametrize("table", FROZEN)
def test_nothing_is_deleted_truncated_or_unguarded(booked, table):
    world, _ = booked

    refused(world, f"DELETE FROM {table}{which(table)}")
    refused(world, f"TRUNCATE {table} CASCADE")
    refused(world, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    refused(world, f"DROP TABLE {table} CASCADE")


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE guilder",
        "SET SESSION AUTHORIZATION postgres",
        "SET session_replication_role = replica",
        "SET row_security = off; SELECT * FROM invoicing_invoice",
        "DROP TRIGGER issued_is_finished ON invoicing_invoice",
        "CREATE OR REPLACE FUNCTION guilder_refuse() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_the_guards_cannot_be_taken_away(booked, statement):
    world, _ = booked

    with pytest.raises(psycopg.errors.Error) as caught, transaction(world.organization):
        for part in statement.split(";") if "row_security" in statement else [statement]:
            cursor().execute(part)

    assert isinstance(
        caught.value, (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)
    )


@pytest.mark.parametrize("table", ["invoicing_invoiceline", "invoicing_invoicetax"])
def test_no_part_is_added_to_an_issued_invoice_nor_moved_to_or_from_it(booked, table):
    world, invoice = booked
    draft = make.draft(world.alice)
    names = [
        name for name in columns_of(world, table) if name not in ("id", "invoice_id", "position")
    ]
    copied = ", ".join(names)

    refused(
        world,
        f"INSERT INTO {table} (id, invoice_id, position, {copied}) SELECT gen_random_uuid(),"
        f" invoice_id, 99, {copied} FROM {table} WHERE invoice_id = %s",
        [invoice.id],
    )
    refused(
        world,
        f"UPDATE {table} SET invoice_id = %s, position = 98 WHERE invoice_id = %s",
        [invoice.id, draft.id],
    )
    refused(
        world,
        f"UPDATE {table} SET invoice_id = %s, position = 97 WHERE invoice_id = %s",
        [draft.id, invoice.id],
    )


def columns_of(world, table):
    with transaction(world.organization):
        return [one.name for one in cursor().execute(f"SELECT * FROM {table} LIMIT 0").description]


def test_a_booked_entry_takes_no_further_posting_balanced_or_not(booked):
    world, _ = booked
    names = [name for name in columns_of(world, "ledger_posting") if name not in ("id", "position")]
    copied = ", ".join(names)

    refused(
        world,
        f"INSERT INTO ledger_posting (id, position, {copied}) SELECT gen_random_uuid(),"
        f" position + 100, {copied} FROM ledger_posting",
    )
    refused(
        world,
        f"INSERT INTO ledger_posting (id, position, {copied}) SELECT gen_random_uuid(),"
        f" position, {copied} FROM ledger_posting",
    )


def test_a_counter_does_not_go_back(booked):
    world, _ = booked

    for change in ("last_value = last_value - 1", "last_issued_on = last_issued_on - 1",
                   "period = '1999', last_value = last_value + 1"):  # fmt: skip
        refused(world, f"UPDATE numbering_counter SET {change}")
    refused(world, "DELETE FROM numbering_counter")


def test_an_allocation_is_switched_off_and_never_on_again(booked):
    world, _ = booked

    with pytest.raises(REFUSED), transaction(world.organization):
        cursor().execute(
            "UPDATE payments_allocation SET is_active = false, reversed_on = '2026-11-20'"
        )
        cursor().execute("UPDATE payments_allocation SET is_active = true, reversed_on = NULL")


def test_a_draft_is_free_until_it_is_issued(world):
    draft = make.draft(world.alice)

    assert run(world, "UPDATE invoicing_invoice SET language = 'de' WHERE id = %s", [draft.id])
    invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)
    refused(world, "UPDATE invoicing_invoice SET language = 'fr' WHERE id = %s", [draft.id])
    assert queries.get_invoice(draft.id, by=world.alice).language == "de"
