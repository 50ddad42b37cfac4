"""The public shape of an item."""

import msgspec

from guilder.registers.catalogue.models import Item


class PriceOut(msgspec.Struct):
    """What one unit costs (decimal strings) in a currency, list, from a quantity, on some days."""

    currency: str
    amount: str
    price_list: str
    from_quantity: str
    tax_inclusive: bool
    valid_from: str | None
    valid_to: str | None


class ItemOut(msgspec.Struct):
    """An item with its prices; `tax` is the code, null where it follows from the supply."""

    id: str
    kind: str
    code: str
    name: str
    description: str
    unit: str
    tax: str | None
    standard_id: str
    standard_scheme: str
    is_sold: bool
    is_bought: bool
    prices: list[PriceOut]
    custom_fields: dict[str, str]
    is_archived: bool
    created_at: str
    updated_at: str
    etag: str


def item_out(item: Item) -> ItemOut:
    """The public shape; give the item with prices and tax code fetched (queries.get_item)."""
    return ItemOut(
        id=str(item.id),
        kind=item.kind,
        code=item.code,
        name=item.name,
        description=item.description,
        unit=item.unit,
        tax=item.tax_code.code if item.tax_code else None,
        standard_id=item.standard_id,
        standard_scheme=item.standard_scheme,
        is_sold=item.is_sold,
        is_bought=item.is_bought,
        prices=[
            PriceOut(
                currency=price.currency,
                amount=f"{price.amount.normalize():f}",
                price_list=price.price_list,
                from_quantity=f"{price.from_quantity.normalize():f}",
                tax_inclusive=price.tax_inclusive,
                valid_from=price.valid_from.isoformat() if price.valid_from else None,
                valid_to=price.valid_to.isoformat() if price.valid_to else None,
            )
            for price in item.prices.all()
        ],
        custom_fields=item.custom_fields,
        is_archived=item.archived_at is not None,
        created_at=item.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        updated_at=item.updated_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        etag=str(item.version),
    )
