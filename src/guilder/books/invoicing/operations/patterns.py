"""Documents as patterns for others: what a draft like one is made from, and trying one out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import paper, queries
from guilder.books.invoicing.building import InvalidDraft, build
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.writes import amounts
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor

# What belongs to one document only.
OWN = (
    "prepaid", "rounding_amount", "cash_rounding", "deducts", "due_on", "period", "delivery",
    "preceding", "payment", "tax_point_on", "tax_currency", "tax_rate_to_tax_currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """What a draft would come to, in minor units of `currency`."""

    partner_id: UUID
    currency: str
    net_amount: int
    gross_amount: int


def pattern_of(invoice_id: UUID, *, by: Actor) -> dict[str, Any]:
    """The raw values of a draft like an old invoice or draft: same client, lines and terms, today's
    prices as they stood, no dates of its own. Raises NoSuchInvoice, InvalidDraft."""
    source = queries.get_invoice(invoice_id, by=by)
    if source.kind == "credit_note":
        raise InvalidDraft("A credit note is not copied. Credit the invoice again.")
    wire = paper.wire_of(
        canonical.from_dict(source.paper),
        items={i: str(item) for i, item in enumerate(source.items) if item is not None},
        chosen={i: not reason for i, reason in enumerate(source.tax_reasons)},
    )
    for name in OWN:
        wire.pop(name, None)
    wire["client"] = str(source.partner_id)
    if source.terms:
        wire["terms"] = source.terms
    return wire


def try_draft(*, by: Actor, data: Mapping[str, Any], at: datetime) -> Tried:
    """What a draft of these raw values would come to; nothing is stored. Raises InvalidDraft with
    every fault, as making it would."""
    by.require("invoice.create")
    with transaction(by.organization_id):
        built = build(data, lookup=Lookup(by.organization_id), at=at)
        found = amounts(built.document)
        return Tried(
            partner_id=built.context.partner_id,
            currency=built.document.currency,
            net_amount=found["net"],
            gross_amount=found["gross"],
        )
