"""The wall between organizations, looked at from the database."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import Error

from guilder.foundation.tenancy.models import OrganizationModel
from guilder.foundation.tenancy.operations import constraint_name, references
from guilder.foundation.tenancy.roles import role_faults
from tests.database import TestServer

TABLES = [model for model in apps.get_models() if issubclass(model, OrganizationModel)]


def rows(statement: str, *parameters: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def test_the_app_role_owns_nothing_and_is_bound(db: TestServer) -> None:
    connection.ensure_connection()

    assert role_faults(connection) == ""


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_each_table_is_behind_the_wall(db: TestServer, model: type[OrganizationModel]) -> None:
    table = model._meta.db_table

    assert rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", table
    ) == [(True, True)]
    assert rows(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype = 'p'",
        table,
    ) == [("PRIMARY KEY (organization_id, id)",)]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_each_reference_stays_inside_the_organization(
    db: TestServer, model: type[OrganizationModel]
) -> None:
    table = model._meta.db_table
    known = {
        name
        for (name,) in rows(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            table,
        )
    }

    for field in references(model):
        assert constraint_name(table, field.name) in known


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_each_unique_rule_begins_with_the_organization(
    db: TestServer, model: type[OrganizationModel]
) -> None:
    found = rows(
        "SELECT indexrelid::regclass::text, (SELECT attname FROM pg_attribute "
        "WHERE attrelid = indrelid AND attnum = indkey[0]) FROM pg_index "
        "WHERE indrelid = %s::regclass AND indisunique",
        model._meta.db_table,
    )

    assert {first for _, first in found} == {"organization_id"}


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_without_an_organization_there_are_no_rows(
    db: TestServer, model: type[OrganizationModel]
) -> None:
    assert rows(f'SELECT count(*) FROM "{model._meta.db_table}"') == [(0,)]


def test_the_app_role_cannot_take_the_wall_down(db: TestServer) -> None:
    for statement in (
        "ALTER TABLE parties_partner DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE parties_partner NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY organization_only ON parties_partner",
        "SET ROLE guilder",
        "SET SESSION AUTHORIZATION guilder",
        "TRUNCATE parties_partner",
    ):
        with pytest.raises(Error):
            rows(statement)
