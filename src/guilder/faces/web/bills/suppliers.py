"""Suppliers: who they are, what is open with each, and their bills."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guilder.books.bills import queries
from guilder.books.bills.queries import BillFilter
from guilder.faces.web import timeline
from guilder.faces.web.bills.listing import row_of
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.flows.intake import queries as intake
from guilder.kernel.identifiers import format_iban
from guilder.kernel.money import Money
from guilder.registers.parties import queries as parties
from guilder.registers.parties.models import Partner

SHOWN = 50
LISTED = 200


@page("suppliers", "partner.view", methods="GET")
def suppliers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every supplier with what is open, narrowed by words."""
    sought = request.GET.get("q", "").strip()
    with visit.reading():
        rows = parties.list_partners(visit.by.organization_id, side="supplier", q=sought)
        found = list(rows.filter(archived_at=None).order_by("name", "id")[:LISTED])
        owed = queries.open_by_supplier([one.id for one in found], by=visit.by)
    shown = [
        SimpleNamespace(
            name=one.name,
            url=reverse("web:supplier", args=[one.id]),
            place=place_of(one),
            vat=vat_of(one),
            open=owed.get(one.id, []),
        )
        for one in found
    ]
    return render(
        request,
        "bills/suppliers.html",
        {"suppliers": shown, "q": sought, "is_cut": len(found) == LISTED},
    )


@page("suppliers", "partner.view", methods="GET")
def supplier(request: HttpRequest, visit: Visit, supplier_id: UUID) -> HttpResponse:
    """One supplier with its bills, what is open, and what came in."""
    with visit.reading():
        row = parties.get_partner(visit.by.organization_id, supplier_id, side="supplier")
        may_see = visit.by.may("bill.view")
        wanted = BillFilter(today=visit.today, supplier_id=row.id)
        bills = queries.list_bills(wanted, by=visit.by, limit=SHOWN) if may_see else []
        sums = queries.sums_of(wanted, by=visit.by) if may_see else []
        papers = waiting_of(row, visit) if may_see else []
        context = {
            "supplier": facts(row),
            "bills": [row_of(one, visit).cells for one in bills],
            "open": [Money(one.left, one.currency) for one in sums if one.left],
            "billed": [Money(one.payable, one.currency) for one in sums],
            "papers": papers,
            "timeline": timeline.of_rows(visit, [row.id]),
            "may": {"enter": visit.by.may("bill.edit")},
        }
    return render(request, "bills/supplier.html", context)


def waiting_of(row: Partner, visit: Visit) -> list[SimpleNamespace]:
    """Papers of this supplier that wait."""
    wanted = intake.DocumentFilter(state="waiting", supplier_id=row.id)
    return [
        SimpleNamespace(
            name=one.number or one.filename,
            url=reverse("web:document", args=[one.id]),
            at=one.received_at.astimezone(visit.zone).date(),
        )
        for one in intake.list_received(wanted, by=visit.by, limit=20)
    ]


def facts(row: Partner) -> SimpleNamespace:
    """Who the supplier is."""
    return SimpleNamespace(
        id=row.id,
        name=row.name,
        place=place_of(row),
        numbers=[one.value for one in row.tax_ids.all()],
        accounts=[
            format_iban(one.iban) if one.iban else one.account for one in row.bank_accounts.all()
        ],
        email=row.email,
        phone=row.phone,
    )


def place_of(row: Partner) -> str:
    """Where the supplier is."""
    found = next((one for one in row.addresses.all() if one.use == "billing"), None)
    if found is None:
        return ""
    return ", ".join(one for one in (found.line1, found.postal_code, found.city) if one)


def vat_of(row: Partner) -> str:
    """The supplier's VAT id."""
    return next((one.value for one in row.tax_ids.all() if one.scheme == "vat"), "")
