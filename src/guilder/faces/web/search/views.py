"""Search, and the palette's answers."""

from types import SimpleNamespace

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.registers.catalogue import queries as catalogue
from guilder.registers.parties import queries as parties

HITS = 6


@page("search", methods="GET")
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page that works without script."""
    return render(request, "search/list.html", found(request, visit))


@page("search", methods="GET")
def palette(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The palette's hits."""
    return render(request, "search/list.html#hits", found(request, visit))


def found(request: HttpRequest, visit: Visit) -> dict[str, object]:
    """Documents, clients and items that fit the words."""
    q = request.GET.get("q", "").strip()[:100]
    groups: list[SimpleNamespace] = []
    by = visit.by
    if q:
        with visit.reading():
            if by.may("invoice.view"):
                groups.append(documents(q, visit))
            if by.may("partner.view"):
                groups.append(clients(q, visit))
            if by.may("item.view"):
                groups.append(items(q, visit))
    return {"q": q, "groups": [group for group in groups if group.hits]}


def hit(row_id: object, url: str, icon: str, title: str, hint: str) -> SimpleNamespace:
    """One hit; amount and status where it has them."""
    return SimpleNamespace(
        id=row_id, url=url, icon=icon, title=title, hint=hint, amount=None, status=""
    )


def documents(q: str, visit: Visit) -> SimpleNamespace:
    """Invoices and their kin."""
    narrowed = InvoiceFilter(today=visit.today, q=q)
    hits = []
    for one in invoicing.list_invoices(narrowed, by=visit.by, limit=HITS):
        url = reverse("web:invoice", args=[one.id])
        made = hit(one.id, url, "invoice", one.number or one.draft_reference, one.partner_name)
        made.amount = one.money(one.gross_amount)
        made.status = one.word(on=visit.today)
        hits.append(made)
    return SimpleNamespace(label=_("Documents"), hits=hits)


def clients(q: str, visit: Visit) -> SimpleNamespace:
    """Clients."""
    rows = parties.list_partners(visit.by.organization_id, side="customer", q=q)
    hits = [
        hit(one.id, reverse("web:client", args=[one.id]), "clients", one.name, one.code)
        for one in rows.filter(archived_at=None).order_by(Lower("name"), "id")[:HITS]
    ]
    return SimpleNamespace(label=_("Clients"), hits=hits)


def items(q: str, visit: Visit) -> SimpleNamespace:
    """Items."""
    rows = catalogue.list_items(visit.by.organization_id, q=q).filter(archived_at=None)
    hits = [
        hit(one.id, reverse("web:item_edit", args=[one.id]), "item", one.name, one.code)
        for one in rows.order_by(Lower("name"), "id")[:HITS]
    ]
    return SimpleNamespace(label=_("Items"), hits=hits)
