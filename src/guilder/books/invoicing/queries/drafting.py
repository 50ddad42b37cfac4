"""What an editor asks for: raw values of quotes, deposits to take off, what was charged before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing import paper
from guilder.books.invoicing.models import Deduction, Invoice
from guilder.books.invoicing.queries.quotes import QuoteRecord
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of, seen_by

LAST_PRICES = """
SELECT DISTINCT ON (l.item_id) l.item_id, l.unit_price, i.issued_on
FROM invoicing_invoice i
JOIN invoicing_invoiceline l ON l.organization_id = i.organization_id AND l.invoice_id = i.id
WHERE i.organization_id = %(organization)s AND i.partner_id = %(client)s
  AND i.currency = %(currency)s AND i.status = 'issued' AND i.kind = 'invoice'
  AND l.item_id = ANY(%(items)s::uuid[])
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
ORDER BY l.item_id, i.issued_on DESC, i.id DESC
"""


@dataclass(frozen=True, slots=True)
class LastPrice:
    """What a client was charged for an item the last time, in the document's currency."""

    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Deposit:
    """An issued deposit invoice that a final invoice may take off."""

    id: UUID
    number: str
    issued_on: date
    gross: Money
    is_taken: bool  # by the very draft that was asked for


def quote_values(record: QuoteRecord) -> dict[str, Any]:
    """The raw values that would make a quote again, as create_quote takes them: for its editor."""
    wire = paper.wire_of(
        canonical.from_dict(record.paper),
        items={i: str(item) for i, item in enumerate(record.items) if item is not None},
        chosen={},
    )
    wire.pop("kind", None)
    wire["client"] = str(record.partner_id)
    wire["terms"] = record.terms or {}
    if record.valid_until is not None:
        wire["valid_until"] = record.valid_until.isoformat()
    return wire


def last_prices(
    client_id: UUID, item_ids: Sequence[UUID], *, by: Actor, currency: str
) -> dict[UUID, LastPrice]:
    """What this client paid for each of some items the last time; items never sold are absent."""
    by.require("invoice.view")
    if not item_ids:
        return {}
    given = {
        "organization": by.organization_id,
        "client": client_id,
        "currency": currency,
        "items": list(item_ids),
        **reach_of(by),
    }
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(LAST_PRICES, given, prepare=True).fetchall()
    return {row[0]: LastPrice(row[1], row[2]) for row in rows}


def deposits_for(
    client_id: UUID, *, by: Actor, currency: str, draft_id: UUID | None = None
) -> list[Deposit]:
    """The client's issued deposits that no other invoice takes off, oldest first."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = Invoice.objects.of(by.organization_id).filter(
            seen_by(by),
            partner_id=client_id,
            kind="deposit",
            status="issued",
            currency=currency,
            credited_amount=0,
            written_off_amount=0,
        )
        found = list(rows.order_by("issued_on", "id")[:50])
        taken = dict(
            Deduction.objects.of(by.organization_id)
            .filter(deposit_id__in=[one.id for one in found])
            .values_list("deposit_id", "final_id")
        )
    return [
        Deposit(
            one.id,
            one.number or "",
            one.issued_on,
            Money(one.gross_amount, one.currency),
            taken.get(one.id) == draft_id and draft_id is not None,
        )
        for one in found
        if one.issued_on is not None and taken.get(one.id) in (None, draft_id)
    ]
