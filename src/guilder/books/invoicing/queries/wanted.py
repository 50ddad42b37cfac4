"""What a client wants of the papers that it gets."""

from uuid import UUID

from guilder.books.invoicing.queries.records import NoSuchInvoice
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties.queries import reach_of

WANTED = """
SELECT CASE i.status WHEN 'draft' THEN a.delivery_format END FROM invoicing_invoice i
LEFT JOIN parties_partnership a ON a.organization_id = i.organization_id
  AND a.partner_id = i.partner_id AND a.side = 'customer'
WHERE i.organization_id = %(organization)s::uuid AND i.id = %(id)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
"""


def format_wanted(invoice_id: UUID, *, by: Actor) -> str:
    """The format in which the client of a draft wants it; "pdf" for a plain PDF, and for what is
    no draft. One statement, for it is asked before every issue. Raises NoSuchInvoice."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, "id": invoice_id, **reach_of(by)}
    with transaction(by.organization_id):
        row = cursor().execute(WANTED, values, prepare=True).fetchone()
    if row is None:
        raise NoSuchInvoice("There is no such invoice.")
    return row[0] or "pdf"
