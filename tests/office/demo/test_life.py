"""What stands beside the demo's books: people who talk, mails, questions; and that it goes whole."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.database import TestServer

pytestmark = pytest.mark.uncounted

PICTURED = datetime(2026, 11, 20, 9, 58, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(server: TestServer) -> Iterator[UUID]:
    """The demo as of the day of the pictures."""
    from guilder.office.demo import operations

    operations.delete_demo()
    yield operations.make_demo(at=PICTURED)
    operations.delete_demo()


def rows(server: TestServer, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with server.superuser() as connection:
        return connection.execute(statement, values).fetchall()


def count(server: TestServer, statement: str, *values: Any) -> int:
    return rows(server, statement, *values)[0][0]


def test_what_is_told_happened_on_its_day(server: TestServer, demo: UUID) -> None:
    late = "SELECT count(*) FROM {} WHERE organization_id = %s AND {} > %s"
    today = "SELECT count(*) FROM events_event WHERE organization_id = %s AND occurred_at >= %s"

    assert count(server, late.format("audit_entry", "at"), demo, PICTURED) == 0
    assert count(server, late.format("events_event", "occurred_at"), demo, PICTURED) == 0
    # Fifty bank lines are read in this morning; the sure ones book themselves.
    assert count(server, today, demo, PICTURED.replace(hour=0)) < 60


def test_its_people_talk_and_its_mails_went_out(server: TestServer, demo: UUID) -> None:
    from guilder.foundation.events import operations as telling

    while telling.tell_waiting():
        pass
    of = "WHERE organization_id = %s"

    assert count(server, f"SELECT count(*) FROM desk_comment {of}", demo) == 5
    assert count(server, f"SELECT count(*) FROM desk_savedview {of}", demo) == 2
    assert rows(server, f"SELECT problem FROM dispatch_mail {of} AND state = 'returned'", demo) == [
        ("552 5.2.2 Mailbox full",)
    ]
    assert count(server, f"SELECT count(*) FROM dispatch_mail {of} AND state = 'queued'", demo) == 0
    kinds = {row[0] for row in rows(server, f"SELECT kind FROM desk_task {of}", demo)}
    assert {"question", "mail_returned", "payment_over"} <= kinds


SHA256 = "SELECT DISTINCT sha256 FROM files_storedfile"


def test_it_deletes_without_trace(server: TestServer, demo: UUID) -> None:
    """UX 13.65: demo data deletes without trace."""
    from guilder.foundation.files import stores
    from guilder.office.demo import cast, operations

    made = {one for (one,) in rows(server, SHA256 + " WHERE organization_id = %s", demo)}
    others = {one for (one,) in rows(server, SHA256 + " WHERE organization_id <> %s", demo)}
    assert made <= set(stores.current().digests())

    assert operations.delete_demo()

    assert made
    assert not (made - others) & set(stores.current().digests())

    named = [cast.EMAIL, *(email for _, email, _ in cast.COLLEAGUES)]
    assert count(server, "SELECT count(*) FROM identity_user WHERE email = ANY(%s)", named) == 0
    columns = rows(
        server,
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'organization_id'"
        " AND table_schema = 'public'",
    )
    for (table,) in columns:
        left = count(server, f"SELECT count(*) FROM {table} WHERE organization_id = %s", demo)
        assert left == 0, table
