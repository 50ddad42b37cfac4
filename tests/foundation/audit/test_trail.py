"""The trail is written with the change, sealed soon after, and no tampering goes unseen."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money


def record(by: Actor, **changes: Any) -> Any:
    from guilder.foundation.audit import operations as audit

    given: dict[str, Any] = {
        "action": "x.change",
        "table": "x_x",
        "row_id": uuid7(),
        "before": {"name": "old"},
        "after": {"name": "new"},
    }
    return audit.record(by=by, **{**given, **changes})


def seal(actor: Actor) -> int:
    from guilder.foundation.audit import operations as audit

    return audit.seal_organization(actor.organization_id)


def breaches(actor: Actor) -> list[str]:
    from guilder.foundation.audit import queries

    return [breach.what for breach in queries.breaches(actor.organization_id)]


def forge(db: Any, statement: str, *values: Any) -> None:
    """As someone with all rights would, past the triggers."""
    with db.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement, values)


def test_an_entry_says_who_what_when_and_where(ada: Actor) -> None:
    from dataclasses import replace

    from guilder.foundation.audit.queries import list_entries

    row = uuid7()
    caller = replace(ada, address="192.0.2.7", request_id="req-1", source="api")
    before = {"on": date(2026, 3, 1), "rate": Decimal("1.10"), "sum": Money(1990, "EUR")}

    record(caller, row_id=row, before=before, after=None)
    [entry] = list_entries(ada.organization_id, row_id=row)

    assert (entry.actor_id, entry.actor_name, entry.source) == (ada.user_id, ada.name, "api")
    assert (entry.address, entry.request_id, entry.table_name) == ("192.0.2.7", "req-1", "x_x")
    assert entry.before == {
        "on": "2026-03-01",
        "rate": "1.10",
        "sum": {"amount": "19.90", "currency": "EUR"},
    }
    assert entry.after is None
    assert abs((entry.at - datetime.now(UTC)).total_seconds()) < 5


def test_an_undone_change_leaves_no_entry(ada: Actor) -> None:
    from guilder.foundation.audit.queries import list_entries
    from guilder.foundation.tenancy.transaction import transaction

    row = uuid7()
    with pytest.raises(ZeroDivisionError), transaction(ada.organization_id):
        record(ada, row_id=row)
        _ = 1 / 0

    assert list_entries(ada.organization_id, row_id=row) == []


def test_sealed_entries_hold(ada: Actor) -> None:
    seal(ada)
    for _ in range(5):
        record(ada, before={"ä": "ß €", "n": 10**15, "list": [1, None, True]}, after=None)

    assert breaches(ada) == []
    assert seal(ada) == 5
    assert seal(ada) == 0
    record(ada)
    assert seal(ada) == 1

    assert breaches(ada) == []


def test_how_much_is_sealed_is_counted_on_from_the_last_seal(ada: Actor, db: Any) -> None:
    from guilder.foundation.audit.queries import seal_status

    record(ada)
    seal(ada)
    before = seal_status(ada.organization_id)
    for _ in range(3):
        record(ada)
    waits = seal_status(ada.organization_id)
    seal(ada)
    record(ada)
    seal(ada)
    after = seal_status(ada.organization_id)

    assert (waits.entries, waits.waiting) == (before.entries, 3)
    assert (after.entries, after.waiting) == (before.entries + 4, 0)
    assert after.last is not None and before.last is not None
    assert after.last.number == before.last.number + 2

    forge(  # an older state of all, as after a restore
        db,
        f"DELETE FROM audit_seal WHERE organization_id = %s AND number > {int(before.last.number)}",
        ada.organization_id,
    )
    assert seal_status(ada.organization_id).entries == before.entries


def test_sealers_at_once_seal_each_entry_once(ada: Actor, in_threads: Any) -> None:
    from guilder.foundation.audit import operations as audit

    seal(ada)
    for _ in range(40):
        record(ada)

    done = in_threads(lambda _: audit.seal_organization(ada.organization_id), 4)

    assert sum(done) == 40
    assert breaches(ada) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Eve'",
        "actor_id = gen_random_uuid()",
        "at = at - interval '1 day'",
        "action = 'x.delete'",
        "row_id = NULL",
        "address = '10.0.0.1'",
        'before = \'{"name": "older"}\'',
        "after = NULL",
        "values_hash = sha256('x')",
        "content_hash = sha256('x')",
    ],
)
def test_a_changed_entry_shows(ada: Actor, db: Any, change: str) -> None:
    entry = record(ada)
    seal(ada)
    assert breaches(ada) == []

    forge(db, f"UPDATE audit_entry SET {change} WHERE id = %s", entry)

    assert any("changed" in what or "root" in what for what in breaches(ada))


def test_a_missing_entry_shows(ada: Actor, db: Any) -> None:
    entry = record(ada)
    seal(ada)

    forge(db, "DELETE FROM audit_entry WHERE id = %s", entry)

    assert breaches(ada) == ["the entry is missing"]


def test_an_entry_removed_before_it_was_sealed_shows(ada: Actor, db: Any) -> None:
    entry = record(ada)
    forge(db, "DELETE FROM audit_entry WHERE id = %s", entry)

    seal(ada)

    assert "the entry is missing" in breaches(ada)


def test_an_entry_planted_past_the_trigger_shows(ada: Actor, db: Any) -> None:
    entry = record(ada)
    seal(ada)

    forge(
        db,
        "INSERT INTO audit_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', "
        "gen_random_uuid()))).* FROM audit_entry e WHERE id = %s",
        entry,
    )

    assert breaches(ada) == ["the entry is neither sealed nor waiting to be"]


def test_a_missing_seal_shows(ada: Actor, db: Any) -> None:
    for _ in range(3):
        record(ada)
        seal(ada)

    forge(
        db,
        "DELETE FROM audit_seal WHERE number = 2 AND organization_id = %s",
        ada.organization_id,
    )

    assert "a seal before this one is missing" in breaches(ada)


@pytest.mark.parametrize(
    ("forgery", "told"),
    [
        ("DELETE FROM audit_seal WHERE number = 3", "a seal before this one is missing"),
        (
            "UPDATE audit_seal SET previous_link = sha256('x') WHERE number = 3",
            "the link to the seal before is broken",
        ),
        ("UPDATE audit_seal SET number = 9 WHERE number = 5", "a seal before this one is missing"),
    ],
)
def test_long_trails_are_checked_across_their_chunks(
    ada: Actor, db: Any, monkeypatch: pytest.MonkeyPatch, forgery: str, told: str
) -> None:
    from guilder.foundation.audit import queries

    monkeypatch.setattr(queries, "SEALS_AT_ONCE", 2)
    for _ in range(5):
        record(ada)
        seal(ada)
    assert breaches(ada) == []

    forge(db, f"{forgery} AND organization_id = %s", ada.organization_id)

    assert told in breaches(ada)


def test_a_forged_seal_shows(ada: Actor, db: Any) -> None:
    record(ada)
    seal(ada)
    record(ada)
    seal(ada)

    forge(
        db,
        "UPDATE audit_seal SET root = sha256('x') WHERE number = 1 AND organization_id = %s",
        ada.organization_id,
    )

    assert "the seal was changed" in breaches(ada)


def test_erased_values_leave_the_trail_whole(ada: Actor, db: Any) -> None:
    entry = record(ada)
    seal(ada)

    forge(
        db,
        "UPDATE audit_entry SET before = NULL, after = NULL, salt = NULL, actor_name = '', "
        "address = '' WHERE id = %s",
        entry,
    )

    assert breaches(ada) == []


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
def test_the_trail_may_only_be_added_to(ada: Actor, db: Any, table: str) -> None:
    from django.db import connection
    from django.db.utils import ProgrammingError

    from guilder.foundation.tenancy.transaction import transaction

    record(ada)
    seal(ada)
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(ada.organization_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        with db.superuser() as superuser, pytest.raises(psycopg.errors.RestrictViolation):
            superuser.execute(statement)


def test_another_organization_s_trail_is_not_seen(founded: Any) -> None:
    from guilder.foundation.audit.queries import list_entries

    ada, eve = founded("Ada"), founded("Eve")
    row = uuid7()
    record(ada, row_id=row)

    assert list_entries(eve.organization_id, row_id=row) == []
    assert len(list_entries(ada.organization_id, row_id=row)) == 1


def test_pages_of_the_trail_join_without_gap(ada: Actor) -> None:
    from guilder.foundation.audit.queries import list_entries

    row = uuid7()
    made = [record(ada, row_id=row) for _ in range(7)]

    seen, before = [], None
    while page := list_entries(ada.organization_id, row_id=row, before_id=before, limit=3):
        seen += [entry.id for entry in page]
        before = page[-1].id

    assert seen == sorted(made, reverse=True)
