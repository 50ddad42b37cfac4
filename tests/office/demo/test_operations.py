"""The demo: made whole through the rooms, its books hold, and it can be deleted whole; others not."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests import make
from tests.database import TestServer


@pytest.fixture
def demo(db: TestServer) -> Iterator[tuple[UUID, int]]:
    """(organization, steps told) of a demo as of make.NOW; it is gone afterwards."""
    from guilder.office.demo import operations as demos

    seen: list[int] = []
    organization = demos.make_demo(at=make.NOW, progress=lambda: seen.append(1))
    yield organization, len(seen)
    demos.delete_demo()


def rows_of(organization: UUID) -> dict[str, int]:
    """Table → rows of the organization, of every table that has any."""
    from django.db import connections

    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.demo import queries

    with transaction(organization), connections["default"].cursor() as cursor:
        found = {}
        for table, column in queries.tables_of_organizations():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [organization])
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


def test_a_demo_is_whole_its_books_hold_and_it_can_be_deleted_whole(demo):
    from guilder.books.invoicing import queries as invoicing
    from guilder.foundation.identity import queries as identities
    from guilder.office.backup import queries as backup
    from guilder.office.demo import cast, queries
    from guilder.office.demo import operations as demos

    organization, told = demo
    assert told == demos.steps()
    assert queries.demo_organization() == organization
    by = identities.actor_for(
        identities.user_by_email(cast.EMAIL).id, organization, source="system"
    )
    found = invoicing.list_invoices(invoicing.InvoiceFilter(today=make.TODAY), by=by, limit=500)
    words = {one.word(on=make.TODAY) for one in found}
    assert {"draft", "sent", "overdue", "partially_paid", "paid", "disputed"} <= words
    assert not [one for one in found if one.issued_on and one.issued_on > make.TODAY]
    broken = [one for one in backup.verify(organization_id=organization) if not one.holds]
    assert not broken
    with pytest.raises(demos.DemoIsThere):
        demos.make_demo(at=make.NOW)

    assert demos.delete_demo()

    assert rows_of(organization) == {}
    assert queries.demo_organization() is None
    assert not demos.delete_demo()
