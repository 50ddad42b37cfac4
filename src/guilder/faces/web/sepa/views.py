"""Payment orders: the list, one of them, its file."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guilder.books.sepa import queries
from guilder.faces.web import timeline
from guilder.faces.web.charges.views import after_of
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.sepa import words
from guilder.faces.web.shell import Visit


@page("sepa", "sepa.view", methods="GET")
def orders(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Payment orders, the newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in {"debit", "transfer"} else ""
    found = queries.list_batches(
        by=visit.by, kind=kind, limit=words.SIZE + 1, after=after_of(request)
    )
    around = {
        "rows": [words.order_row(one) for one in found[: words.SIZE]],
        "older": older_of(found, f"&kind={kind}" if kind else ""),
        "is_first": "after" not in request.GET,
        "tabs": words.tabs("sepa"),
        "kinds": kinds(kind),
        "may_edit": visit.by.may("sepa.edit"),
    }
    return render(request, "sepa/orders.html", around)


def older_of(found: list[Any], kept: str = "") -> str:
    """Where the next page is, if there is one."""
    return f"?after={found[words.SIZE - 1].id}{kept}" if len(found) > words.SIZE else ""


def kinds(kind: str) -> list[dict[str, Any]]:
    """The views of the list."""
    found = [("", _("All")), ("debit", _("Direct debits")), ("transfer", _("Transfers"))]
    return [
        {"label": label, "url": f"?kind={code}" if code else "?", "current": code == kind}
        for code, label in found
    ]


@page("sepa", "sepa.view", methods="GET")
def order(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """One payment order with all that is in it."""
    return order_page(request, visit, batch_id)


def order_page(
    request: HttpRequest, visit: Visit, batch_id: UUID, *, fault: str = "", status: int = 200
) -> HttpResponse:
    """The page of a payment order, with what an act was refused for."""
    with visit.reading():
        row = queries.get_batch(batch_id, by=visit.by)
        items = queries.items_of(batch_id, by=visit.by)
        around = {
            "order": words.order_facts(row, visit),
            "rows": [words.item_row(one) for one in items],
            "timeline": timeline.of_rows(visit, [row.id], kind=""),
            "ask": request.GET.get("ask", ""),
            "fault": said(fault),
        }
    return render(request, "sepa/order.html", around, status=status)


@page("sepa", "sepa.view", methods="GET")
def file(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """The file for the bank."""
    version = request.GET.get("version", "")
    name, data = queries.file_of(batch_id, by=visit.by, version=version)
    return HttpResponse(
        data,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
