"""How much of a quote's lines stands on invoices."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from guilder.books.invoicing.models import Invoice, InvoiceLine, QuoteLine
from guilder.kernel.actor import Actor


def take(quote_id: UUID, quantities: Mapping[int, Decimal], *, by: Actor) -> None:
    """Note that these quantities (by position) are on an invoice now."""
    for position, quantity in sorted(quantities.items()):
        QuoteLine.objects.of(by.organization_id).filter(
            quote_id=quote_id, position=position
        ).update(invoiced_quantity=F("invoiced_quantity") + quantity)


def give_back(row: Invoice, *, by: Actor) -> None:
    """The draft is thrown away: what it took of its quote may be invoiced again."""
    if row.quote_id is None:
        return
    lines = InvoiceLine.objects.of(by.organization_id).filter(
        invoice_id=row.id, source_position__isnull=False
    )
    for position, quantity in lines.values_list("source_position", "quantity"):
        take(row.quote_id, {position: -quantity}, by=by)
