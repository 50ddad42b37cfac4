"""The item list, and the options under a line's item field."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel import Locale
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web import choices, formats
from guilder.faces.web.addresses import address_of
from guilder.faces.web.catalogue import many
from guilder.faces.web.catalogue.values import general_prices
from guilder.faces.web.door import page
from guilder.faces.web.lists import paging
from guilder.faces.web.lists.filters import Choices
from guilder.faces.web.lists.state import State
from guilder.faces.web.lists.table import (
    BuiltIn,
    Cell,
    Column,
    Empty,
    Entry,
    Figures,
    Place,
    Row,
    Table,
)
from guilder.faces.web.shell import Visit
from guilder.faces.web.timeline import ENGLISH
from guilder.kernel.currencies import is_currency
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money
from guilder.registers.catalogue import queries
from guilder.registers.catalogue.models import Item
from guilder.registers.catalogue.queries import ItemForLine
from guilder.registers.catalogue.schemas import PriceOut, item_out
from guilder.registers.parties import queries as parties
from guilder.registers.tax import queries as taxes

OFFERED = 8


def kinds(visit: Visit) -> list[tuple[str, Any]]:
    """Kinds of items."""
    del visit
    return list(choices.ITEM_KINDS.items())


def tax_codes(visit: Visit) -> list[tuple[str, str]]:
    """The organization's tax codes."""
    return [(one.code, one.name) for one in taxes.list_tax_codes(visit.by.organization_id)]


TABLE = Table(
    kind="items",
    route="web:items",
    title=gettext_lazy("Items"),
    label=gettext_lazy("Item list"),
    caption=gettext_lazy("Items"),
    hint=gettext_lazy("Name or code"),
    nouns=lambda n, words: ngettext("%(n)s item", "%(n)s items", n) % {"n": words},
    none_match=gettext_lazy("No item matches"),
    columns=(
        Column(key="name", label=gettext_lazy("Name"), sort="name", slot=1, fixed=True),
        Column(key="code", label=gettext_lazy("Code"), slot=3),
        Column(key="kind", label=gettext_lazy("Kind")),
        Column(key="unit", label=gettext_lazy("Unit")),
        Column(key="tax", label=gettext_lazy("Tax"), slot=4),
        Column(key="description", label=gettext_lazy("Description"), shown=False),
        Column(key="price", label=gettext_lazy("Price"), end=True, slot=2),
    ),
    views=(
        BuiltIn(key="", label=gettext_lazy("All")),
        BuiltIn(key="archived", label=gettext_lazy("Archived"), query={"archived": "yes"}),
    ),
    sort="name",
    filters=(
        Choices("kind", gettext_lazy("Kind"), kinds),
        Choices("tax", gettext_lazy("Tax"), tax_codes),
    ),
    acts=many.ACTS,
    empty=Empty(
        icon="item",
        title=gettext_lazy("No items yet"),
        text=gettext_lazy(
            "Items are what you sell often: typed once, chosen on every invoice with price, unit"
            " and tax."
        ),
    ),
    create=(gettext_lazy("New item"), "web:item_new", "item.edit"),
    load=("web:items_import", "import.run"),
)


class Items:
    """Items as a list's source."""

    table = TABLE

    def narrowed(self, state: State, visit: Visit) -> QuerySet[Item]:
        """The items that a state finds; no order yet."""
        rows = queries.list_items(visit.by.organization_id, q=state.q)
        if state.ids:
            return rows.filter(id__in=state.ids)
        archived = bool(state.view.query.get("archived"))
        rows = rows.filter(archived_at__isnull=not archived).exclude(id__in=state.without)
        kind, tax = (one.read(state, visit) for one in self.table.filters)
        if kind:
            rows = rows.filter(kind__in=kind)
        return rows.filter(tax_code__code__in=tax) if tax else rows

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[Item]:
        """Items in an order, those beyond `after`."""
        place = paging.Place(after[0], after[1]) if after else None
        rows = self.narrowed(state, visit)
        return list(paging.by_name(rows, sort=sort, place=place, limit=limit))

    def key(self, record: Any, sort: str) -> Place:
        """(sort value, id)."""
        del sort
        return record.lower_name, record.id

    def draw(self, records: Sequence[Item], state: State, visit: Visit) -> list[Row]:
        """Items as rows."""
        del state
        home = visit.organization.base_currency
        may_edit = visit.by.may("item.edit")
        return [row_of(one, on=visit.today, currency=home, may_edit=may_edit) for one in records]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        with visit.reading():
            return [self.narrowed(one, visit)[: cap + 1].count() for one in states]

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """Count; prices do not add up."""
        with visit.reading():
            rows = self.narrowed(state, visit)
            count = rows.count() if cap is None else rows[: cap + 1].count()
        return Figures(count, whole=cap is None or count <= cap)

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        with visit.reading():
            rows = self.narrowed(state, visit).order_by("id").values_list("id", flat=True)
            return list(rows[:limit])


ITEMS = Items()


def row_of(item: Item, *, on: date, currency: str, may_edit: bool) -> Row:
    """One item with a cell for every column."""
    url = address_of("web:item_edit", item.id) if may_edit else ""
    name = Cell("link", item.name, url=url, plain=item.name)
    return Row(
        id=item.id,
        url=url,
        name=item.name,
        cells={
            "name": name if url else Cell("text", item.name, tone="strong"),
            "code": Cell(
                "text", item.code, tone="muted", note="archived" if item.archived_at else ""
            ),
            "kind": Cell("text", choices.ITEM_KINDS.get(item.kind, item.kind), tone="soft"),
            "unit": Cell("text", choices.unit_name(item.unit), tone="soft"),
            "tax": Cell("text", item.tax_code.name if item.tax_code else "", tone="soft"),
            "description": Cell("text", item.description, tone="muted"),
            "price": price_cell(item, on=on, currency=currency),
        },
        menu=[Entry(_("Edit"), url, "edit", "E")] if url else [],
    )


def price_cell(item: Item, *, on: date, currency: str) -> Cell:
    """Its price in the home currency first; an export gets all of them."""
    prices = general_prices(item_out(item).prices, on=on)
    prices.sort(key=lambda one: one.currency != currency)
    plain = "; ".join(f"{Decimal(one.amount):f} {one.currency}" for one in prices)
    return Cell("number", first_of(prices) if prices else "", tone="strong", plain=plain)


def first_of(prices: list[PriceOut]) -> str:
    """The first price, and how many there are in other currencies."""
    words = price_words(Decimal(prices[0].amount), prices[0].currency)
    more = len(prices) - 1
    return _("%(price)s, %(n)s more") % {"price": words, "n": more} if more else words


def exact(amount: Decimal, currency: str) -> Money | None:
    """A price as money; None where it has more decimals than the currency."""
    try:
        return Money.of(amount, currency)
    except ValueError:
        return None


def price_words(amount: Decimal, currency: str, locale: Locale = ENGLISH) -> str:
    """A price with all its decimals: €120.00, EUR 0.0042."""
    money = exact(amount, currency)
    return formats.money(money, locale) if money else f"{currency} {formats.number(amount, locale)}"


@page("", "item.view", methods="GET")
def suggestions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Items that are sold, with the price for this client and currency."""
    q = request.GET.get("q", "").strip()[:200]
    currency = request.GET.get("currency", "")
    currency = currency if is_currency(currency) else visit.organization.base_currency
    organization = visit.by.organization_id
    with visit.reading():
        rows = queries.list_items(organization, q=q).filter(archived_at=None, is_sold=True)
        found = list(first_ones(rows, q)[:OFFERED])
        priced = queries.items_for_lines(
            organization,
            [(one.id, Decimal(1)) for one in found],
            currency=currency,
            price_list=price_list_of(request.GET.get("client", ""), visit),
            on=visit.today,
        )
    words = {"items": [option(one, priced[one.id], currency) for one in found]}
    return render(request, "catalogue/suggestions.html", words)


def first_ones(rows: QuerySet[Item], q: str) -> QuerySet[Item]:
    """What begins with the words before what only holds them; the newest where none are typed."""
    if not q:
        return rows.order_by("-created_at", "-id")
    rank = Case(When(name__istartswith=q, then=Value(0)), default=Value(1))
    return rows.order_by(rank, Lower("name"), "id")


def price_list_of(client: str, visit: Visit) -> str:
    """The price list agreed with a client; the general one for nobody in particular."""
    try:
        partner = parties.get_partner(visit.by.organization_id, UUID(client), side="customer")
    except (ValueError, NotFound):
        return ""
    return next(
        (one.price_list for one in partner.partnerships.all() if one.side == "customer"), ""
    )


def option(item: Item, priced: ItemForLine, currency: str) -> dict[str, Any]:
    """One option. A price that includes tax stays with the item: the line takes it from there."""
    price = priced.price
    is_net = price is not None and not priced.tax_inclusive
    return {
        "id": item.id,
        "name": item.name,
        "hint": " · ".join(part for part in (item.code, choices.unit_name(item.unit)) if part),
        "price_text": price_words(price.normalize(), currency) if price is not None else "",
        "fill": json.dumps(
            {
                "item": str(item.id),
                "name": item.name,
                "description": item.description,
                "quantity": "1",
                "unit": item.unit,
                "unit_price": f"{price.normalize():f}" if is_net and price is not None else "",
                "tax": item.tax_code.code if item.tax_code else "",
            }
        ),
    }
