"""Options under the client and item fields: recent first, with prices; and a client made in
place."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.faces.web import choices
from guilder.faces.web.catalogue.listing import (
    OFFERED,
    first_ones,
    price_list_of,
    price_words,
)
from guilder.faces.web.door import page, sentences
from guilder.faces.web.drafting import cards, numbers, periods
from guilder.faces.web.shell import Visit
from guilder.kernel.currencies import is_currency, minor_digits
from guilder.kernel.errors import GuilderError, Invalid
from guilder.registers.catalogue import queries as catalogue
from guilder.registers.catalogue.models import Item
from guilder.registers.catalogue.queries import ItemForLine


@page("invoices", "partner.edit", methods="POST")
def client_in_place(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Enter a client by name alone; one of that very name is taken as it is."""
    name = request.POST.get("name", "").strip()[:200]
    try:
        if not name:
            raise Invalid(_("Enter a name."))
        made = cards.entered_client(name, request.POST.get("email", "").strip(), visit)
    except GuilderError as error:
        return JsonResponse({"text": sentences(error)[0]}, status=422)
    own = next((one for one in made.partnerships.all() if one.side == "customer"), None)
    return JsonResponse(
        {
            "id": str(made.id),
            "name": made.name,
            "email": cards.email_of(made),
            "currency": own.currency if own else "",
            "text": _("%(name)s is entered.") % {"name": made.name},
        }
    )


@page("invoices", "item.view", methods="GET")
def items(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Items that are sold: their price for this client and currency, and what was charged last."""
    q = request.GET.get("q", "").strip()[:200]
    currency = request.GET.get("currency", "")
    currency = currency if is_currency(currency) else visit.organization.base_currency
    client = request.GET.get("client", "")
    of = visit.by.organization_id
    with visit.reading():
        rows = catalogue.list_items(of, q=q).filter(archived_at=None, is_sold=True)
        found = list(first_ones(rows, q)[:OFFERED])
        priced = catalogue.items_for_lines(
            of,
            [(one.id, Decimal(1)) for one in found],
            currency=currency,
            price_list=price_list_of(client, visit),
            on=visit.today,
        )
        before = last_prices(client, found, currency, visit)
    options = [option(one, priced[one.id], before.get(one.id), currency) for one in found]
    return render(request, "invoices/items.html", {"items": options})


def last_prices(client: str, found: list[Item], currency: str, visit: Visit) -> dict[UUID, Any]:
    """What this client was charged for some items before."""
    if not visit.by.may("invoice.view"):
        return {}
    try:
        chosen = UUID(client)
    except ValueError:
        return {}
    ids = [one.id for one in found]
    return invoicing.last_prices(chosen, ids, by=visit.by, currency=currency)


def option(item: Item, priced: ItemForLine, before: Any, currency: str) -> dict[str, Any]:
    """One option. A price that includes tax stays with the item: the line takes it from there."""
    price = priced.price
    shown = price if price is not None and not priced.tax_inclusive else None
    words = ""
    if before is not None and before.amount != price:
        words = _("%(price)s on %(day)s") % {
            "price": price_words(before.amount.normalize(), currency),
            "day": periods.shown(before.on),
        }
    places = minor_digits(currency)
    return {
        "name": item.name,
        "hint": " · ".join(part for part in (item.code, choices.unit_name(item.unit)) if part),
        "price_text": price_words(price.normalize(), currency) if price is not None else "",
        "last_text": words,
        "fill": json.dumps(
            {
                "item": str(item.id),
                "name": item.name,
                "description": item.description,
                "unit": item.unit,
                "unit_price": numbers.shown(f"{shown.normalize():f}", places=places)
                if shown is not None
                else "",
                "tax": item.tax_code.code if item.tax_code else "",
            }
        ),
    }
