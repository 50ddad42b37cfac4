"""The parts of many partners, from addresses to agreements, in one statement."""

from collections.abc import Sequence
from types import SimpleNamespace
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.registers.parties.models import Partner

# Name of the parts on a partner → their table.
TABLES = {
    "addresses": "parties_partneraddress",
    "contacts": "parties_partnercontact",
    "tax_ids": "parties_partnertaxid",
    "bank_accounts": "parties_partnerbankaccount",
    "partnerships": "parties_partnership",
}
ONE = """(SELECT jsonb_agg(to_jsonb(x) ORDER BY x.id) FROM {table} x
    WHERE x.organization_id = %(organization)s AND x.partner_id = p.id) AS {name}"""
COLUMNS = ", ".join(ONE.format(name=name, table=table) for name, table in TABLES.items())
PARTS = f"SELECT p.id, {COLUMNS} FROM unnest(%(partners)s::uuid[]) AS p(id)"  # noqa: S608


def add_parts(partners: Sequence[Partner], *, organization_id: UUID) -> None:
    """Put the parts beside partners that were read bare, for `schemas.partner_out`; they can be
    read, not changed. One prepared statement."""
    if not partners:
        return
    values = {"organization": organization_id, "partners": [one.id for one in partners]}
    rows = cursor(binary=True).execute(PARTS, values, prepare=True).fetchall()
    found = {row[0]: row[1:] for row in rows}
    for partner in partners:
        partner._prefetched_objects_cache = {  # type: ignore[attr-defined]
            name: [SimpleNamespace(**part) for part in parts or ()]
            for name, parts in zip(TABLES, found[partner.id], strict=True)
        }
