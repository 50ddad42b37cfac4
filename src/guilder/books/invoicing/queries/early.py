"""What open invoices offer for paying early, many at once, for who judges money that came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guilder.books.invoicing import discounting, paper
from guilder.foundation.tenancy.hot import array, cursor
from guilder.kernel.document import Document

# Of those of which nothing is paid or credited yet: of no other is a discount taken by itself.
OFFERING = """
SELECT i.id, d.document, i.payable_amount FROM invoicing_invoice i
JOIN invoicing_issueddocument d ON d.organization_id = i.organization_id AND d.invoice_id = i.id
WHERE i.organization_id = %(organization)s::uuid AND i.id = ANY(%(ids)s::uuid[])
  AND i.open_amount = i.payable_amount AND position('"early_discounts"'::bytea IN d.document) > 0
"""
STRICTNESS = """
SELECT grace_days, tolerance FROM invoicing_discountpolicy
WHERE organization_id = %(organization)s::uuid
"""


@dataclass(frozen=True, slots=True)
class EarlyOffer:
    """`percent` off within `days`: paying on or before `until` saves `saved` minor units."""

    until: date
    saved: int
    percent: Decimal
    days: int


def early_offers(
    ids: Sequence[UUID], *, organization_id: UUID
) -> dict[UUID, tuple[EarlyOffer, ...]]:
    """Invoice → its offers, the earliest first; in the open transaction."""
    values = {"organization": organization_id, "ids": array(ids, "uuid")}
    rows = cursor(binary=True).execute(OFFERING, values, prepare=True).fetchall()
    found = {
        invoice_id: named(paper.document_of(content), payable=payable)
        for invoice_id, content, payable in rows
    }
    return {invoice_id: offers for invoice_id, offers in found.items() if offers}


def named(document: Document, *, payable: int) -> tuple[EarlyOffer, ...]:
    """The offers of a document, each with the words of its terms."""
    offers = discounting.offers_of(document, payable=payable)
    days = {one.days: one.percent for one in document.early_discounts}
    issued_on = document.issued_on
    return tuple(
        EarlyOffer(one.until, one.saved.minor, days[length], length)
        for one in offers
        if issued_on is not None and (length := (one.until - issued_on).days) in days
    )


def discount_strictness(*, organization_id: UUID) -> tuple[int, Decimal]:
    """Days of grace, and how much more than the discount may be missing, in major units; in the
    open transaction."""
    values = {"organization": organization_id}
    row = cursor(binary=True).execute(STRICTNESS, values, prepare=True).fetchone()
    return (row[0], row[1]) if row else (0, Decimal(0))
