"""An item between its form and the room: what fields show, what a change sends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from guilder.faces.web import typed
from guilder.registers.catalogue.models import Item
from guilder.registers.catalogue.schemas import PriceOut, item_out

OWN = ("name", "kind", "description", "unit")
FIELDS = {"/prices": "unit_price", "/prices/0/currency": "currency"}


def general_prices(prices: list[PriceOut], *, on: date) -> list[PriceOut]:
    """What one unit costs anybody on a day: one price a currency, the latest to begin."""
    day = on.isoformat()
    found: dict[str, PriceOut] = {}
    for price in sorted(prices, key=lambda one: one.valid_from or ""):
        is_general = not price.price_list and price.from_quantity == "0"
        holds = (price.valid_from or day) <= day <= (price.valid_to or day)
        if is_general and holds:
            found[price.currency] = price
    return [found[code] for code in sorted(found)]


def main_price(item: Item | None, *, currency: str, on: date) -> PriceOut | None:
    """The price that the form shows: the general one, in the organization's currency if it can."""
    if item is None:
        return None
    prices = general_prices(item_out(item).prices, on=on)
    return next((one for one in prices if one.currency == currency), next(iter(prices), None))


def initial_of(item: Item, *, currency: str, on: date) -> dict[str, Any]:
    """What the form of an existing item begins with."""
    out = item_out(item)
    price = main_price(item, currency=currency, on=on)
    return {
        **{name: getattr(out, name) for name in OWN},
        "code": out.code,
        "tax": out.tax or "",
        "unit_price": price.amount if price else "",
        "currency": price.currency if price else currency,
        "tax_inclusive": bool(price and price.tax_inclusive),
        "version": out.etag,
    }


def data_of(
    given: Mapping[str, Any], item: Item | None, *, currency: str, on: date
) -> dict[str, Any]:
    """The raw values for the room; prices that the form does not show are sent as they stand."""
    data: dict[str, Any] = {name: given[name] for name in OWN} | {"tax": given["tax"]}
    if given["code"]:
        data["code"] = given["code"]
    shown = main_price(item, currency=currency, on=on)
    others = [one for one in item_out(item).prices if one != shown] if item else []
    prices = [wire_of(one) for one in others]
    if amount := typed.number(given["unit_price"]):
        main = wire_of(shown) if shown else {}
        main |= {
            "amount": amount,
            "currency": given["currency"],
            "tax_inclusive": given["tax_inclusive"],
        }
        prices.insert(0, main)
    return data | {"prices": prices}


def wire_of(price: PriceOut) -> dict[str, Any]:
    """A price as it was read, to be sent back."""
    return {name: getattr(price, name) for name in price.__struct_fields__}
