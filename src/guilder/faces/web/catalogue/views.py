"""Item pages: editor and archive."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import choices, typed
from guilder.faces.web.catalogue import values
from guilder.faces.web.catalogue.forms import ItemForm
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.registers.catalogue import operations, queries
from guilder.registers.catalogue.models import Item
from guilder.registers.tax import queries as taxes


@page("items", "item.edit")
def item_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Enter an item."""
    currency = visit.organization.base_currency
    form = form_of(request, visit, {"kind": "service", "unit": "C62", "currency": currency}, None)
    if request.method != "POST" or not form.is_valid():
        return editor(request, form, None)
    data = values.data_of(form.cleaned_data, None, currency=currency, on=visit.today)
    try:
        made = operations.create_item(by=visit.by, data=data, at=visit.now)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, values.FIELDS)
        return editor(request, form, None)
    messages.success(request, _("%(name)s is entered.") % {"name": made.name})
    return redirect("web:items")


@page("items", "item.edit")
def item_edit(request: HttpRequest, visit: Visit, item_id: UUID) -> HttpResponse:
    """Change an item; documents that were issued keep what they say."""
    currency, today = visit.organization.base_currency, visit.today
    with visit.reading():
        item = queries.get_item(visit.by.organization_id, item_id)
    initial = values.initial_of(item, currency=currency, on=today)
    form = form_of(request, visit, initial, item)
    if request.method != "POST" or not form.is_valid():
        return editor(request, form, item)
    try:
        operations.update_item(
            item_id,
            by=visit.by,
            data=values.data_of(form.cleaned_data, item, currency=currency, on=today),
            at=visit.now,
            version=typed.version(form.cleaned_data["version"]),
        )
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, values.FIELDS)
        return editor(request, form, item)
    messages.success(request, _("The changes are saved."))
    return redirect("web:items")


def form_of(
    request: HttpRequest, visit: Visit, initial: dict[str, Any], item: Item | None
) -> ItemForm:
    """The form with its choices, filled from what was sent."""
    return ItemForm(
        request.POST or None,
        initial=initial,
        choices={
            "kind": choices.pairs(choices.ITEM_KINDS),
            "unit": choices.units([item.unit] if item else []),
            "currency": choices.currencies(visit.organization.base_currency),
            "tax": tax_choices(visit, item),
        },
    )


def tax_choices(visit: Visit, item: Item | None) -> choices.Pairs:
    """The tax codes by name and rate; first, that the tax follows the client."""
    with visit.reading():
        codes = taxes.list_tax_codes(visit.by.organization_id)
    names = {code.code: code.name for code in codes}
    pairs = [("", _("Follows the client"))]
    for code, rate in choices.taxes(codes, on=visit.today):
        pairs.append((code, names[code] if rate == names[code] else f"{names[code]}, {rate}"))
    if item and item.tax_code and item.tax_code.code not in dict(pairs):
        pairs.append((item.tax_code.code, item.tax_code.name))
    return pairs


def editor(request: HttpRequest, form: ItemForm, item: Item | None) -> HttpResponse:
    """The editor's page; 422 where something is wrong."""
    words = {
        "form": form,
        "title": item.name if item else _("New item"),
        "back": {"url": reverse("web:items"), "label": _("Items")},
        "item_id": item.id if item else None,
        "archived": bool(item and item.archived_at),
        "may": {"archive": True},
    }
    return render(request, "catalogue/edit.html", words, status=422 if form.errors else 200)


@page("items", "item.edit", methods="POST")
def item_archive(request: HttpRequest, visit: Visit, item_id: UUID) -> HttpResponse:
    """Put an item away, or bring it back."""
    puts_away = bool(request.POST.get("archived"))
    act = operations.archive_item if puts_away else operations.restore_item
    with visit.reading():
        act(item_id, by=visit.by, at=visit.now)
    messages.success(request, _("The item is archived.") if puts_away else _("The item is back."))
    return redirect("web:items")
