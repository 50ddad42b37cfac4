"""Who made which papers, for doors that tell people of their own only."""

from collections.abc import Iterable
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction

OWNERS = """
SELECT id, created_by_id FROM invoicing_invoice
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[])
UNION ALL
SELECT id, created_by_id FROM invoicing_quote
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[])
"""


def owners_of(organization_id: UUID, paper_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Paper (invoice, its kin, or quote) → the user who made it; what is gone is absent."""
    values = {"organization": organization_id, "ids": list(paper_ids)}
    with transaction(organization_id):
        return dict(cursor().execute(OWNERS, values, prepare=True).fetchall())
