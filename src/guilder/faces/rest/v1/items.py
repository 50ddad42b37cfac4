"""/items/: what is sold or bought."""

from typing import Any

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Code, Currency, Day, ItemKind, Name, Unit
from guilder.registers.catalogue import operations, queries
from guilder.registers.catalogue.schemas import ItemOut, item_out

LISTING = Listing(
    shape=ItemOut,
    filters={
        "name": Filter("name", "text", ("", "contains")),
        "code": Filter("code"),
        "kind": Filter("kind"),
        "is_sold": Filter("is_sold", "flag", ("",)),
        "is_bought": Filter("is_bought", "flag", ("",)),
        "archived_at": Filter("archived_at", "instant", ("isnull", "gte", "lte")),
        "created_at": Filter("created_at", "instant", ("gte", "lte")),
    },
    sorts={"created_at": "created_at", "updated_at": "updated_at", "name": "name", "code": "code"},
    searches=True,
)


class PriceIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A price; `amount` and `from_quantity` are decimal strings."""

    currency: Currency
    amount: Amount
    price_list: str = ""
    from_quantity: Amount = "0"
    tax_inclusive: bool = False
    valid_from: Day | None = None
    valid_to: Day | None = None


class ItemIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An item; a name is enough."""

    name: Name
    kind: ItemKind = "service"
    code: Code | msgspec.UnsetType = msgspec.UNSET
    description: str = ""
    unit: Unit = "C62"
    tax: str = ""
    standard_id: str = ""
    standard_scheme: str = ""
    is_sold: bool = True
    is_bought: bool = False
    prices: list[PriceIn] = []
    custom_fields: dict[str, str | None] = {}


class ItemPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes; prices are replaced whole."""

    name: Name | msgspec.UnsetType = msgspec.UNSET
    kind: ItemKind = "service"
    code: Code | msgspec.UnsetType = msgspec.UNSET
    description: str = ""
    unit: Unit = "C62"
    tax: str = ""
    standard_id: str = ""
    standard_scheme: str = ""
    is_sold: bool = True
    is_bought: bool = False
    prices: list[PriceIn] = []
    custom_fields: dict[str, str | None] = {}


EXAMPLE = {
    "name": "Design day",
    "unit": "DAY",
    "prices": [{"currency": "EUR", "amount": "880.00"}],
}


@route("GET", "items/", permission="item.view", answer=ItemOut, listing=LISTING)
def list_items(call: Call) -> Any:
    """List items"""
    query = read_query(call.request.GET, listing=LISTING)
    rows = queries.list_items(call.by.organization_id, q=query.q)
    return page_of(rows, query, listing=LISTING, shape=item_out)


@route("POST", "items/", permission="item.edit", body=ItemIn, answer=ItemOut, example=EXAMPLE)
def create_item(call: Call) -> ItemOut:
    """Enter an item"""
    return item_out(operations.create_item(by=call.by, data=call.body, at=call.at))


@route("GET", "items/{id}/", permission="item.view", answer=ItemOut)
def read_item(call: Call) -> ItemOut:
    """Read an item"""
    return item_out(queries.get_item(call.by.organization_id, call.id))


@route("PATCH", "items/{id}/", permission="item.edit", body=ItemPatch, answer=ItemOut)
def update_item(call: Call) -> ItemOut:
    """Change an item"""
    item = operations.update_item(
        call.id, by=call.by, data=call.body, at=call.at, version=call.version
    )
    return item_out(item)


@route("POST", "items/{id}/archive/", permission="item.edit", answer=ItemOut)
def archive_item(call: Call) -> ItemOut:
    """Put an item away"""
    operations.archive_item(call.id, by=call.by, at=call.at, version=call.version)
    return item_out(queries.get_item(call.by.organization_id, call.id))


@route("POST", "items/{id}/restore/", permission="item.edit", answer=ItemOut)
def restore_item(call: Call) -> ItemOut:
    """Bring an item back"""
    operations.restore_item(call.id, by=call.by, at=call.at, version=call.version)
    return item_out(queries.get_item(call.by.organization_id, call.id))


@route("DELETE", "items/{id}/", permission="item.delete", answer=None)
def delete_item(call: Call) -> None:
    """Delete an unused item"""
    operations.delete_item(call.id, by=call.by, version=call.version)
