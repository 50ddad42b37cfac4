"""How much of a quote's lines stands on invoices."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import F

from guilder.books.invoicing import calc
from guilder.books.invoicing.calc import CreditRequest, LineLeft
from guilder.books.invoicing.models import Invoice, InvoiceLine, QuoteLine
from guilder.books.invoicing.queries.quotes import QuoteRecord
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Kind, Totals
from guilder.kernel.money import WIDE, Money
from guilder.kernel.totals import calculate


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


def part_of(document: Document, wanted: Mapping[int, Decimal], record: QuoteRecord) -> Document:
    """The quote's paper with the wanted lines only, its allowances in proportion, calculated."""
    lines = tuple(
        replace(
            calc.credit_line(
                document.lines[index],
                request=CreditRequest(index, quantity),
                left=LineLeft(
                    record.quantities[index][0], cast("Money", document.lines[index].net).minor
                ),
            ),
            id=str(place),
            net=None,
        )
        for place, (index, quantity) in enumerate(wanted.items(), start=1)
    )
    bare = calculate(replace(document, lines=lines, allowances=(), charges=()))
    whole = cast("Totals", document.totals).line_net.minor
    part = cast("Totals", bare.totals).line_net.minor
    ratio = Decimal(1) if part == whole or not whole else WIDE.divide(Decimal(part), Decimal(whole))
    return calculate(
        replace(
            document,
            kind=Kind.INVOICE,
            lines=lines,
            allowances=calc.without_amounts(document.allowances, ratio),
            charges=calc.without_amounts(document.charges, ratio),
        )
    )
