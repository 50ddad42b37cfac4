"""The client list, and the options under a client field."""

import json
from types import SimpleNamespace
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.invoicing import queries as invoicing
from guilder.books.payments import queries as payments
from guilder.faces.web import lists
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.registers.parties import queries
from guilder.registers.parties.models import Partner

OFFERED = 8


@page("clients", "partner.view", methods="GET")
def clients(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Clients by name, with what each owes."""
    view, q = request.GET.get("view", ""), request.GET.get("q", "").strip()[:100]
    sort = "-name" if request.GET.get("sort") == "-name" else "name"
    place = lists.place_of(request, sort=sort)
    with visit.reading():
        rows = lists.by_name(narrowed(view, q, visit), sort=sort, place=place)
        found = list(rows.prefetch_related(None).prefetch_related("addresses"))
        shown = lists.paged(found, place, sort=sort, key=lambda one: (one.lower_name, one.id))
        drawn = drawn_of(shown.rows, visit)
    words = {
        "views": lists.views(
            request,
            [("", _("All")), ("owing", _("Owing")), ("archived", _("Archived"))],
            counts={},
        ),
        "filter": {"q": q, "active": bool(q or view)},
        "hidden": {name: request.GET[name] for name in ("view", "sort") if request.GET.get(name)},
        "rows": drawn,
        "columns": lists.columns(request, sort, {"name": "name"}),
        "pager": lists.pager(request, shown),
        "announce": ngettext("%(n)s client", "%(n)s clients", len(drawn)) % {"n": len(drawn)},
        "may": {"create": visit.by.may("partner.edit")},
    }
    return render(request, lists.template_of(request, "partners/list.html"), words)


def narrowed(view: str, q: str, visit: Visit) -> QuerySet[Partner]:
    """The clients of a saved view that match the words."""
    rows = queries.list_partners(visit.by.organization_id, side="customer", q=q)
    if view == "archived":
        return rows.exclude(archived_at=None)
    if view == "owing":
        return rows.filter(id__in=invoicing.owing(by=visit.by))
    return rows.filter(archived_at=None)


def drawn_of(rows: list[Any], visit: Visit) -> list[SimpleNamespace]:
    """Clients as the list draws them."""
    ids = [one.id for one in rows]
    by = visit.by
    owed = invoicing.balances(ids, by=by, today=visit.today) if by.may("invoice.view") else {}
    paid = payments.last_paid(ids, by=by) if by.may("payment.view") else {}
    return [
        SimpleNamespace(
            id=one.id,
            url=reverse("web:client", args=[one.id]),
            name=one.name,
            code=one.code,
            city=city_of(one),
            email=one.email,
            open=[balance.open for balance in owed.get(one.id, ())],
            overdue=next((each.overdue for each in owed.get(one.id, ()) if each.overdue), None),
            last_paid_on=paid.get(one.id),
            archived=one.archived_at is not None,
        )
        for one in rows
    ]


def city_of(partner: Partner) -> str:
    """The city of the billing address."""
    return next((one.city for one in partner.addresses.all() if one.use == "billing"), "")


@page("", "partner.view", methods="GET")
def suggestions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Clients whose name, number or address begins like what is typed; and a new one."""
    q = request.GET.get("q", "").strip()[:200]
    with visit.reading():
        rows = queries.list_partners(visit.by.organization_id, side="customer", q=q)
        rows = rows.filter(archived_at=None).prefetch_related(None).prefetch_related("addresses")
        found = list(first_ones(rows, q)[:OFFERED])
    is_known = any(one.name.casefold() == q.casefold() for one in found)
    may_create = visit.by.may("partner.edit") and not request.GET.get("known")
    new_name = q if q and may_create and not is_known else ""
    words = {
        "clients": [
            {
                "id": one.id,
                "name": one.name,
                "hint": " · ".join(part for part in (one.code, city_of(one)) if part),
                "fill": json.dumps({"client": str(one.id), "client_name": one.name}),
            }
            for one in found
        ],
        "new_name": new_name,
        "new_fill": json.dumps({"client": "", "client_name": new_name}),
    }
    return render(request, "partners/suggestions.html", words)


def first_ones(rows: QuerySet[Partner], q: str) -> QuerySet[Partner]:
    """What begins with the words before what only holds them; the newest where none are typed."""
    if not q:
        return rows.order_by("-created_at", "-id")
    rank = Case(When(name__istartswith=q, then=Value(0)), default=Value(1))
    return rows.order_by(rank, Lower("name"), "id")
