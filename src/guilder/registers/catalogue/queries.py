"""Reading items, and what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.errors import NotFound
from guilder.registers.catalogue.models import Item

# The best price: of the list asked for before the general one, of the highest quantity step
# reached, of the latest start.
FOR_LINES = """
SELECT i.id, i.kind, i.code, i.name, i.description, i.unit, i.tax_code_id, i.standard_id,
  i.standard_scheme, r.amount, r.tax_inclusive
FROM catalogue_item i
JOIN unnest(%(items)s::uuid[], %(quantities)s::numeric[]) AS wanted (id, quantity)
  ON wanted.id = i.id
LEFT JOIN LATERAL (
  SELECT amount, tax_inclusive FROM catalogue_price p
  WHERE p.organization_id = i.organization_id AND p.item_id = i.id
    AND p.currency = %(currency)s AND p.price_list IN ('', %(price_list)s)
    AND p.from_quantity <= abs(wanted.quantity)
    AND (p.valid_from IS NULL OR p.valid_from <= %(on)s)
    AND (p.valid_to IS NULL OR p.valid_to >= %(on)s)
  ORDER BY p.price_list = %(price_list)s DESC, p.from_quantity DESC, p.valid_from DESC NULLS LAST
  LIMIT 1
) r ON true
WHERE i.organization_id = %(organization)s
"""


class NoSuchItem(NotFound):
    """No item of that id in this organization."""

    code = "item.not_found"


@dataclass(frozen=True, slots=True)
class ItemForLine:
    """What a document line takes from an item; no price where none fits."""

    id: UUID
    kind: str
    code: str
    name: str
    description: str
    unit: str
    tax_code_id: UUID | None
    standard_id: str
    standard_scheme: str
    price: Decimal | None
    tax_inclusive: bool | None


def items_for_lines(
    organization_id: UUID,
    wanted: Iterable[tuple[UUID, Decimal]],
    *,
    currency: str,
    price_list: str,
    on: date,
) -> dict[UUID, ItemForLine]:
    """The items of some lines with the price of their quantity, in one statement.

    `wanted` are (item id, quantity); ids that do not exist are absent from the answer. An item
    wanted twice gets the price of its larger quantity.
    """
    quantities: dict[UUID, Decimal] = {}
    for item_id, quantity in wanted:
        quantities[item_id] = max(abs(quantity), quantities.get(item_id, Decimal(0)))
    if not quantities:
        return {}
    rows = cursor(binary=True).execute(
        FOR_LINES,
        {
            "organization": organization_id,
            "items": list(quantities),
            "quantities": list(quantities.values()),
            "currency": currency,
            "price_list": price_list,
            "on": on,
        },
        prepare=True,
    )
    return {row[0]: ItemForLine(*row) for row in rows}


def get_item(organization_id: UUID, item_id: UUID) -> Item:
    """One item with its prices; NoSuchItem."""
    found = list_items(organization_id).filter(id=item_id).first()
    if found is None:
        raise NoSuchItem("There is no such item.")
    return found


def list_items(organization_id: UUID, *, q: str = "") -> QuerySet[Item]:
    """Items with prices and tax code, narrowed by words in name or code; no order yet."""
    rows = Item.objects.of(organization_id).select_related("tax_code").prefetch_related("prices")
    for word in q.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word))
    return rows
