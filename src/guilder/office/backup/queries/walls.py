"""What the database's own catalogue says: rights, guards, row level security, references."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from psycopg import sql

from guilder.foundation.tenancy.operations import is_organization_table
from guilder.office.backup.calc import Breach

RIGHTS = (
    "INV-N6",
    "The app's role has no right to change what is written for good, and its guards stand",
)
REFERENCES = "INV-T1", "Every reference stays in its organization and leads to a row"
SECURITY = "INV-T2", "Row level security is on and forced on every organization's table"
# The rooms whose rows are evidence: there a trigger stands behind the missing right.
GUARDED = {"invoicing", "ledger", "payments", "numbering", "audit", "events"}
CHANGES = ("UPDATE", "DELETE", "TRUNCATE")
FORBIDDEN = """
SELECT t.name, p.name FROM unnest(%(tables)s::text[], %(rights)s::text[]) AS t(name, forbidden)
JOIN LATERAL (SELECT t.forbidden AS name) p ON true
WHERE has_table_privilege(%(role)s, quote_ident(t.name), p.name)
"""
ASLEEP = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND NOT t.tgisinternal AND t.tgenabled NOT IN ('O', 'A')
ORDER BY 1, 2
"""
UNGUARDED = """
SELECT name FROM unnest(%(tables)s::text[]) AS name
WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(quote_ident(name))
  AND NOT t.tgisinternal AND (t.tgtype & 2) <> 0 AND (t.tgtype & 8) <> 0)
"""
OPEN = """
SELECT t.name, CASE WHEN c.oid IS NULL THEN 'is missing'
  WHEN NOT c.relrowsecurity THEN 'has no row level security'
  WHEN NOT c.relforcerowsecurity THEN 'does not force row level security'
  ELSE 'has no policy' END
FROM unnest(%(tables)s::text[]) AS t(name)
LEFT JOIN pg_class c ON c.oid = to_regclass(quote_ident(t.name))
WHERE c.oid IS NULL OR NOT c.relrowsecurity OR NOT c.relforcerowsecurity
  OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
  OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
    AND pg_get_expr(p.polqual, p.polrelid) NOT LIKE '%%guilder_organization()%%')
"""
FREE = """
SELECT rolname, CASE WHEN rolsuper THEN 'is a superuser' ELSE 'bypasses row level security' END
FROM pg_roles WHERE rolname = %(role)s AND (rolsuper OR rolbypassrls)
"""
# Each foreign key of an organization's table: constraint, child, its columns, parent, its columns.
KEYS = """
SELECT k.conname, child.relname,
  (SELECT array_agg(a.attname ORDER BY x.n) FROM unnest(k.conkey) WITH ORDINALITY x(number, n)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.number),
  parent.relname,
  (SELECT array_agg(a.attname ORDER BY x.n) FROM unnest(k.confkey) WITH ORDINALITY x(number, n)
   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.number)
FROM pg_constraint k
JOIN pg_class child ON child.oid = k.conrelid
JOIN pg_class parent ON parent.oid = k.confrelid
JOIN pg_namespace n ON n.oid = child.relnamespace
WHERE k.contype = 'f' AND n.nspname = 'public' AND child.relname = ANY(%(tables)s::text[])
ORDER BY child.relname, k.conname
"""


def organization_tables() -> list[Any]:
    """The models whose rows belong to one organization each."""
    return [model for model in apps.get_models() if is_organization_table(model)]


def prove_rights(connection: psycopg.Connection[Any], *, role: str) -> tuple[int, list[Breach]]:
    """No right to change what `app_may` does not name, no guard asleep or gone."""
    tables, rights = [], []
    for model in organization_tables():
        for right in CHANGES:
            if right not in model.app_may:
                tables.append(model._meta.db_table)
                rights.append(right)
    values = {"tables": tables, "rights": rights, "role": role}
    found = [
        f"{role} may {right} {table}"
        for table, right in connection.execute(FORBIDDEN, values).fetchall()
    ]
    found += [
        f"the guard {trigger} of {table} is switched off"
        for table, trigger in connection.execute(ASLEEP).fetchall()
    ]
    for_good = [
        model._meta.db_table
        for model in organization_tables()
        if model._meta.app_label in GUARDED and is_for_good(model.app_may)
    ]
    found += [
        f"{table} has no guard against deleting"
        for (table,) in connection.execute(UNGUARDED, {"tables": for_good}).fetchall()
    ]
    return len(tables), [Breach(RIGHTS[0], None, None, fault) for fault in found]


def is_for_good(app_may: tuple[str, ...]) -> bool:
    """Whether rows of such a table are only ever added."""
    return "DELETE" not in app_may and "UPDATE" not in app_may


def prove_security(connection: psycopg.Connection[Any], *, role: str) -> tuple[int, list[Breach]]:
    """The wall stands around every table, and the app's role is bound by it."""
    tables = [model._meta.db_table for model in organization_tables()]
    found = [
        *connection.execute(OPEN, {"tables": tables}).fetchall(),
        *connection.execute(FREE, {"role": role}).fetchall(),
    ]
    return len(tables), [
        Breach(SECURITY[0], None, None, f"{name} {fault}") for name, fault in found
    ]


def prove_references(
    connection: psycopg.Connection[Any], *, organization_id: UUID | None
) -> tuple[int, list[Breach]]:
    """Rows whose reference leads nowhere, or into another organization."""
    tables = [model._meta.db_table for model in organization_tables()]
    keys = connection.execute(KEYS, {"tables": tables}).fetchall()
    found = [
        breach
        for key in keys
        for breach in orphans(connection, key, organization_id=organization_id)
    ]
    return len(keys), found


def orphans(
    connection: psycopg.Connection[Any], key: tuple[Any, ...], *, organization_id: UUID | None
) -> Iterator[Breach]:
    """The rows that one foreign key should have refused."""
    name, child, columns, parent, targets = key
    matches = sql.SQL(" AND ").join(
        sql.SQL("p.{} = c.{}").format(sql.Identifier(target), sql.Identifier(column))
        for target, column in zip(targets, columns, strict=True)
    )
    given = sql.SQL(" AND ").join(
        sql.SQL("c.{} IS NOT NULL").format(sql.Identifier(column)) for column in columns
    )
    statement = sql.SQL(
        "SELECT c.organization_id, c.id FROM {child} c WHERE {given} AND (%(organization)s::uuid"
        " IS NULL OR c.organization_id = %(organization)s::uuid) AND NOT EXISTS"
        " (SELECT FROM {parent} p WHERE {matches}) ORDER BY 1, 2"
    ).format(
        child=sql.Identifier(child), parent=sql.Identifier(parent), given=given, matches=matches
    )
    for organization, row_id in connection.execute(
        statement, {"organization": organization_id}
    ).fetchall():
        yield Breach(REFERENCES[0], organization, row_id, f"{child} ({name}) leads nowhere")
