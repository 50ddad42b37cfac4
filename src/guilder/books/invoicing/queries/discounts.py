"""Reading discounts for early payment: what is offered, what was taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from guilder.books.invoicing import discounting, paper
from guilder.books.invoicing.discounting import DiscountOffer
from guilder.books.invoicing.models import Discount, DiscountPolicy
from guilder.books.invoicing.queries.reads import get_invoice
from guilder.books.invoicing.queries.records import InvoiceRecord
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import NotFound

PAPERS = """
SELECT invoice_id, document FROM invoicing_issueddocument
WHERE organization_id = %(organization)s::uuid AND invoice_id = ANY(%(ids)s::uuid[])
  AND position('"early_discounts"'::bytea IN document) > 0
"""


class NoSuchDiscount(NotFound):
    """No discount of that id in this organization."""

    code = "discount.not_found"


@dataclass(frozen=True, slots=True)
class DiscountRecord:
    """A discount that was taken; amounts in minor units of the invoice's currency."""

    id: UUID
    invoice_id: UUID
    payment_id: UUID
    amount: int
    currency: str
    net_amount: int
    tax_amount: int
    until: date
    taken_on: date
    is_granted: bool
    reason: str
    is_active: bool
    reversed_on: date | None
    created_at: datetime


def papers_of(ids: Sequence[UUID], *, by: Actor) -> dict[UUID, Document]:
    """The frozen papers of those that offer something for paying early."""
    values = {"organization": by.organization_id, "ids": list(ids)}
    rows = cursor(binary=True).execute(PAPERS, values, prepare=True).fetchall()
    found = {row[0]: paper.document_of(row[1]) for row in rows}
    return {one: document for one, document in found.items() if document.early_discounts}


def offers_for(record: InvoiceRecord, *, by: Actor) -> tuple[DiscountOffer, ...]:
    """What an issued invoice offers for paying early, over or not, the earliest first."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        found = papers_of([record.id], by=by).get(record.id)
    return discounting.offers_of(found, payable=record.payable_amount) if found else ()


def offer_now(record: InvoiceRecord, *, by: Actor, today: date) -> DiscountOffer | None:
    """The best offer that paying today still gets; None once something was paid or credited."""
    if record.status != "issued" or record.open_amount != record.payable_amount:
        return None
    good = [one for one in offers_for(record, by=by) if today <= one.until]
    return max(good, key=lambda one: one.saved.minor, default=None)


def grantable(record: InvoiceRecord, *, by: Actor) -> DiscountOffer | None:
    """The offer by which a person may settle what a payment has left open."""
    if not record.open_amount or not record.allocated_amount:
        return None
    room = discount_policy(by=by)[1]
    left = record.money(record.open_amount).amount
    good = [one for one in offers_for(record, by=by) if left <= one.saved.amount + room]
    return min(good, key=lambda one: one.saved.minor, default=None)


def discount_policy(*, by: Actor) -> tuple[int, Decimal, int]:
    """Days of grace, tolerance in major units, and the version of that wish."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        row = DiscountPolicy.objects.of(by.organization_id).first()
    return (0, Decimal(0), 0) if row is None else (row.grace_days, row.tolerance, row.version)


def get_discount(discount_id: UUID, *, by: Actor) -> DiscountRecord:
    """One discount; NoSuchDiscount."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = Discount.objects.of(by.organization_id).select_related("invoice")
        row = rows.filter(id=discount_id).first()
        if row is None:
            raise NoSuchDiscount("There is no such discount.")
        get_invoice(row.invoice_id, by=by)  # whoever asks must see it
        return record_of(row)


def discounts_of(invoice_id: UUID, *, by: Actor) -> list[DiscountRecord]:
    """Discounts of an invoice, reversed ones too, oldest first; NoSuchInvoice."""
    with transaction(by.organization_id):
        get_invoice(invoice_id, by=by)
        rows = Discount.objects.of(by.organization_id).select_related("invoice")
        return [record_of(one) for one in rows.filter(invoice_id=invoice_id).order_by("id")]


def record_of(row: Discount) -> DiscountRecord:
    """A row as it is read."""
    return DiscountRecord(
        id=row.id,
        invoice_id=row.invoice_id,
        payment_id=row.payment_id,
        amount=row.amount,
        currency=row.invoice.currency,
        net_amount=sum(one["net"] for one in row.parts),
        tax_amount=sum(one["tax"] for one in row.parts),
        until=row.until,
        taken_on=row.taken_on,
        is_granted=row.is_granted,
        reason=row.reason,
        is_active=row.is_active,
        reversed_on=row.reversed_on,
        created_at=row.created_at,
    )
