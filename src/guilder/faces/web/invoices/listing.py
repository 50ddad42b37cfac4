"""The invoice list."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.books.invoicing.queries.lists import SORTS, sort_value
from guilder.faces.web import formats, lists
from guilder.faces.web.door import page
from guilder.faces.web.invoices.rows import RECEIVABLE, row_of
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import STATUSES
from guilder.faces.web.timeline import ENGLISH
from guilder.kernel.money import Money, add_up
from guilder.registers.parties import queries as parties

WORDS = ("draft", "issued", "sent", "viewed", "partially_paid", "paid", "overdue", "disputed",
         "credited", "written_off")  # fmt: skip
VIEWS: dict[str, dict[str, Any]] = {
    "": {},
    "drafts": {"words": ("draft",)},
    "open": {"is_open": True, "kinds": RECEIVABLE},
    "overdue": {"words": ("overdue",)},
    "paid": {"words": ("paid",)},
}
COUNTED = ("drafts", "open", "overdue")


@page("invoices", "invoice.view", methods="GET")
def invoices(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Invoices and their kin, newest first."""
    asked = asked_of(request)
    sort = sort_of(request)
    place = lists.place_of(request, sort=sort)
    back = place is not None and place.back
    with visit.reading():
        found = queries.list_invoices(
            narrowed(asked, visit),
            by=visit.by,
            sort=lists.turned(sort) if back else sort,
            limit=lists.PAGE + 1,
            after=(place.value, place.row_id) if place else None,
        )
        counts = {
            name: queries.count_invoices(
                InvoiceFilter(today=visit.today, **VIEWS[name]), by=visit.by
            )
            for name in COUNTED
        }
        chips = chips_of(request, asked, visit)
    shown = lists.paged(found, place, sort=sort, key=lambda one: sort_value(one, sort))
    rows = [row_of(one, by=visit.by, today=visit.today) for one in shown.rows]
    words = {
        "views": lists.views(request, view_labels(), counts=counts),
        "filter": filter_of(asked, chips),
        "hidden": {
            name: request.GET[name] for name in ("view", "sort", "client") if request.GET.get(name)
        },
        "rows": rows,
        "columns": lists.columns(
            request,
            sort,
            {"number": "number", "issued": "issued_on", "due": "due_on", "total": "gross"},
        ),
        "sums": sums(
            [
                one.money(one.open_amount)
                for one in shown.rows
                if one.open_amount and one.kind in RECEIVABLE
            ]
        ),
        "pager": lists.pager(request, shown),
        "announce": ngettext("%(n)s invoice", "%(n)s invoices", len(rows)) % {"n": len(rows)},
        "may": {"create": visit.by.may("invoice.create")},
    }
    return render(request, lists.template_of(request, "invoices/list.html"), words)


def view_labels() -> list[tuple[str, str]]:
    """The saved views."""
    return [
        ("", _("All")),
        ("drafts", _("Drafts")),
        ("open", _("Awaiting payment")),
        ("overdue", _("Overdue")),
        ("paid", _("Paid")),
    ]


def asked_of(request: HttpRequest) -> SimpleNamespace:
    """What the address narrows by; what cannot be read narrows nothing."""
    get = request.GET
    return SimpleNamespace(
        view=get.get("view", "") if get.get("view", "") in VIEWS else "",
        q=get.get("q", "").strip()[:100],
        status=get.get("status", "") if get.get("status", "") in WORDS else "",
        issued_from=day(get.get("from", "")),
        issued_to=day(get.get("to", "")),
        client=identity(get.get("client", "")),
    )


def day(text: str) -> date | None:
    """An ISO day, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def identity(text: str) -> UUID | None:
    """An id, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def sort_of(request: HttpRequest) -> str:
    """The order that the address asks for; newest first by default."""
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in SORTS else "-created_at"


def narrowed(asked: SimpleNamespace, visit: Visit) -> InvoiceFilter:
    """The room's filter."""
    given = dict(VIEWS[asked.view])
    if asked.status:
        given["words"] = (asked.status,)
    return InvoiceFilter(
        today=visit.today,
        q=asked.q,
        issued_from=asked.issued_from,
        issued_to=asked.issued_to,
        partner_id=asked.client,
        **given,
    )


def filter_of(asked: SimpleNamespace, chips: list[SimpleNamespace]) -> dict[str, Any]:
    """What the filter form shows."""
    return {
        "q": asked.q,
        "chips": chips,
        "statuses": [(code, STATUSES[code].label) for code in WORDS],
        "status": asked.status,
        "from": asked.issued_from.isoformat() if asked.issued_from else "",
        "to": asked.issued_to.isoformat() if asked.issued_to else "",
        "active": bool(asked.q or chips or asked.view),
    }


def chips_of(request: HttpRequest, asked: SimpleNamespace, visit: Visit) -> list[SimpleNamespace]:
    """The filters that are on, each with the address without it."""
    on: list[tuple[str, str, tuple[str, ...]]] = []
    if asked.client:
        partner = parties.get_partner(visit.by.organization_id, asked.client, side="customer")
        on.append((_("Client"), partner.name, ("client",)))
    if asked.status:
        on.append((_("Status"), str(STATUSES[asked.status].label), ("status",)))
    first, last = (
        formats.day(one, ENGLISH) if one else "" for one in (asked.issued_from, asked.issued_to)
    )
    if first and last:
        on.append((_("Issued"), f"{first} – {last}", ("from", "to")))
    elif first:
        on.append((_("Issued"), _("from %(day)s") % {"day": first}, ("from",)))
    elif last:
        on.append((_("Issued"), _("until %(day)s") % {"day": last}, ("to",)))
    return [
        SimpleNamespace(
            label=label,
            value=value,
            url=lists.address(request, **dict.fromkeys((*names, "cursor"), "")),
        )
        for label, value, names in on
    ]


def sums(amounts: list[Money]) -> list[Money]:
    """The sum of each currency."""
    codes = sorted({one.currency for one in amounts})
    return [add_up(one for one in amounts if one.currency == code) for code in codes]
