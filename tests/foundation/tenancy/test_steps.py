"""A step of a transaction is undone by itself, and one that asks nothing costs nothing."""

from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db import transaction as django_transaction

from guilder.foundation.audit import operations as audit
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.steps import step
from guilder.foundation.tenancy.transaction import transaction


def write(world: Any, action: str) -> None:
    audit.record(by=world.alice, action=action, table="x", row_id=None, before=None, after={"a": 1})


def written(world: Any) -> set[str]:
    with transaction(world.alice.organization_id):
        found = AuditEntry.objects.of(world.alice.organization_id).filter(table_name="x")
        return set(found.values_list("action", flat=True))


def test_a_failed_step_is_undone_the_others_stay(world: Any):
    with transaction(world.alice.organization_id):
        with step():
            write(world, "first")
        with pytest.raises(ZeroDivisionError), step():
            write(world, "second")
            _ = 1 / 0
        with step():
            write(world, "third")

    assert written(world) == {"first", "third"}


def test_what_the_database_refuses_ends_the_step_only(world: Any):
    with transaction(world.alice.organization_id):
        write(world, "first")
        with pytest.raises(psycopg.Error), step():
            hot.cursor().execute("SELECT 1 / 0")
        write(world, "second")

    assert written(world) == {"first", "second"}


def test_what_was_sent_along_fails_within_its_own_step(world: Any):
    with transaction(world.alice.organization_id):
        write(world, "first")
        with pytest.raises(psycopg.Error), step():
            write(world, "second")
            hot.send_along("SELECT 1 / 0", {})
        write(world, "third")

    assert written(world) == {"first", "third"}


def test_a_step_that_fails_before_it_asked_anything_leaves_what_waits(world: Any):
    with transaction(world.alice.organization_id):
        hot.send_along("SELECT set_config('guilder.tried', 'yes', true)", {})
        with pytest.raises(ZeroDivisionError), step():
            _ = 1 / 0
        assert hot.cursor().execute("SELECT current_setting('guilder.tried')").fetchone() == (
            "yes",
        )


def test_django_goes_on_after_a_failed_step_and_forgets_its_hooks(world: Any):
    connection, called = connections["default"], []
    with transaction(world.alice.organization_id):
        with pytest.raises(ZeroDivisionError), step():
            connection.on_commit(lambda: called.append("failed"))
            with django_transaction.atomic(savepoint=False):
                write(world, "first")
                _ = 1 / 0
        with step():
            connection.on_commit(lambda: called.append("well"))
            with django_transaction.atomic():
                write(world, "second")

    assert (written(world), called) == ({"second"}, ["well"])


def test_a_step_that_asks_nothing_sends_nothing(world: Any, monkeypatch: pytest.MonkeyPatch):
    seen: list[Any] = []
    execute = psycopg.Cursor.execute

    def watched(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        seen.append(query)
        return execute(self, query, *more, **named)

    with transaction(world.alice.organization_id):
        write(world, "first")
        monkeypatch.setattr(psycopg.Cursor, "execute", watched)
        with step():
            pass
        monkeypatch.undo()

    assert seen == []
