"""The item list, and the options under a line's item field."""

import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from babel import Locale
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import choices, formats, lists
from guilder.faces.web.catalogue.values import general_prices
from guilder.faces.web.door import page
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

OFFERED = 8


@page("items", "item.view", methods="GET")
def items(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Items by name."""
    view, q = request.GET.get("view", ""), request.GET.get("q", "").strip()[:100]
    sort = "-name" if request.GET.get("sort") == "-name" else "name"
    place = lists.place_of(request, sort=sort)
    with visit.reading():
        rows = queries.list_items(visit.by.organization_id, q=q)
        rows = rows.filter(archived_at__isnull=view != "archived")
        found = list(lists.by_name(rows, sort=sort, place=place))
    shown = lists.paged(found, place, sort=sort, key=lambda one: (one.lower_name, one.id))
    may_edit, home = visit.by.may("item.edit"), visit.organization.base_currency
    drawn = [row_of(one, on=visit.today, currency=home, may_edit=may_edit) for one in shown.rows]
    words = {
        "views": lists.views(request, [("", _("All")), ("archived", _("Archived"))], counts={}),
        "filter": {"q": q, "active": bool(q or view)},
        "hidden": {name: request.GET[name] for name in ("view", "sort") if request.GET.get(name)},
        "rows": drawn,
        "columns": lists.columns(request, sort, {"name": "name"}),
        "pager": lists.pager(request, shown),
        "announce": ngettext("%(n)s item", "%(n)s items", len(drawn)) % {"n": len(drawn)},
        "may": {"create": may_edit},
    }
    return render(request, lists.template_of(request, "catalogue/list.html"), words)


def row_of(item: Item, *, on: date, currency: str, may_edit: bool) -> SimpleNamespace:
    """One item as the list draws it."""
    prices = general_prices(item_out(item).prices, on=on)
    prices.sort(key=lambda one: one.currency != currency)
    first = prices[0] if prices else None
    money = exact(Decimal(first.amount), first.currency) if first else None
    is_alone = money is not None and len(prices) == 1
    return SimpleNamespace(
        id=item.id,
        url=reverse("web:item_edit", args=[item.id]) if may_edit else "",
        name=item.name,
        code=item.code,
        kind=choices.ITEM_KINDS.get(item.kind, item.kind),
        unit=choices.unit_name(item.unit),
        tax=item.tax_code.name if item.tax_code else "",
        prices=[money] if is_alone else [],
        price_text=first_of(prices) if first and not is_alone else "",
        archived=item.archived_at is not None,
    )


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
