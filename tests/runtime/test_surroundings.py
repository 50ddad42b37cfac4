"""What `guilder doctor` finds out about the database's promises and the services beside us."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guilder.runtime import surroundings
from tests.database import TestServer


@pytest.fixture
def asked(db: TestServer) -> Iterator[Any]:
    """The app's connection, as the doctor has it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def test_a_server_that_may_lose_what_it_acknowledged_is_named(asked: Any, db: TestServer):
    found = surroundings.durability(asked)

    assert found.state == "bad"  # the server of the tests runs without fsync
    assert "fsync" in found.detail


def test_too_few_connections_are_told_with_both_figures(asked: Any):
    enough = surroundings.connections(asked, {"GUILDER_WEB_WORKERS": "2"})
    few = surroundings.connections(asked, {"GUILDER_WEB_WORKERS": "64", "GUILDER_WEB_THREADS": "8"})

    assert (enough.state, few.state) == ("good", "bad")
    assert enough.detail.startswith("32 needed")  # 2 × (4 + 4) + 16
    assert few.detail.startswith("784 needed")  # 64 × (8 + 4) + 16


def test_a_table_whose_changes_go_unnoticed_is_named(asked: Any, db: TestServer):
    assert surroundings.generations(asked).state == "good"

    with db.superuser() as planted:
        planted.execute("ALTER TABLE catalogue_item DISABLE TRIGGER raises_generation")
        try:
            found = surroundings.generations(asked)
        finally:
            planted.execute("ALTER TABLE catalogue_item ENABLE TRIGGER raises_generation")

    assert found.state == "bad"
    assert "catalogue_item" in found.detail


def test_events_that_nobody_dealt_with_are_told(asked: Any, db: TestServer):
    with db.superuser() as planted:
        assert surroundings.events(asked).state == "good"
        planted.execute(
            "INSERT INTO events_pending (event_id, organization_id, sequence, parked_at) "
            "VALUES (gen_random_uuid(), gen_random_uuid(), 1, '2026-11-20')"
        )
        found = surroundings.events(asked)
        planted.execute("DELETE FROM events_pending WHERE parked_at = '2026-11-20'")

    assert found.state == "fair"
    assert "1 parked since 2026-11-20" in found.detail


def test_jobs_that_wait_or_failed_are_told(asked: Any, db: TestServer):
    with db.superuser() as planted:
        planted.execute("TRUNCATE procrastinate_jobs CASCADE")
        assert surroundings.queue(asked).state == "good"
        planted.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts) "
            "VALUES ('other', 'x', 'failed', 8)"
        )
        parked = surroundings.queue(asked)
        planted.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) "
            "VALUES ('other', 'x', now() - interval '1 hour')"
        )
        late = surroundings.queue(asked)
        planted.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'other'")

    assert (parked.state, late.state) == ("fair", "bad")
    assert "60 minutes" in late.detail
    assert surroundings.loops(asked).name == "worker"


def test_services_beside_us_are_asked_where_they_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("GUILDER_CLAMD", raising=False)
    assert list(surroundings.beside({})) == []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        named = {
            "CACHE_URL": f"redis://127.0.0.1:{port}/0",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        }
        there = list(surroundings.beside(named))
    gone = list(surroundings.beside(named))

    assert [(one.name, one.state) for one in there] == [("cache", "good"), ("traces", "good")]
    assert {one.state for one in gone} == {"fair"}
    monkeypatch.setenv("GUILDER_CLAMD", f"127.0.0.1:{port}")
    assert [one.state for one in surroundings.beside({})] == ["bad"]


def test_a_master_key_that_others_read_is_bad(tmp_path: Path):
    assert surroundings.master_key(tmp_path, {}).state == "good"
    key = tmp_path / "master-key"
    key.write_text("x")
    key.chmod(0o644)

    assert surroundings.master_key(tmp_path, {}).state == "bad"
    key.chmod(0o600)
    assert surroundings.master_key(tmp_path, {}).state == "good"
