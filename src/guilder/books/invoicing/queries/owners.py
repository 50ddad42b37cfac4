"""Whose which papers are, for doors that tell people only of what they see."""

from collections.abc import Iterable
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction

OWNERS = """
SELECT id, created_by_id, partner_id FROM invoicing_invoice
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[])
UNION ALL
SELECT id, created_by_id, partner_id FROM invoicing_quote
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[])
"""


def owners_of(organization_id: UUID, paper_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Paper (invoice, its kin, or quote) → its client and who made it; what is gone is absent."""
    values = {"organization": organization_id, "ids": list(paper_ids)}
    with transaction(organization_id):
        rows = cursor().execute(OWNERS, values, prepare=True).fetchall()
    return {row[0]: frozenset(one for one in row[1:] if one) for row in rows}
