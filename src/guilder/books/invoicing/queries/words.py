"""The one word for the state of some invoices, for lists that are not made here."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from guilder.books.invoicing.queries.narrowing import WORD
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties.queries import reach_of

WORDS = f"""
SELECT i.id, {WORD} FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.id = ANY(%(ids)s::uuid[])
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
"""  # noqa: S608  (own constants)


def words_of(ids: Sequence[UUID], *, by: Actor, today: date) -> dict[UUID, str]:
    """Id → word (DESIGN 4) of those that there are and that this actor may see."""
    by.require("invoice.view")
    values = {
        "organization": by.organization_id,
        "ids": list(ids),
        **reach_of(by),
        "today": today,
    }
    with transaction(by.organization_id):
        return dict(cursor().execute(WORDS, values, prepare=True).fetchall())
