"""Client pages: page, editor, archive."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.books.payments import queries as payments
from guilder.faces.web import choices, timeline, typed
from guilder.faces.web.door import page
from guilder.faces.web.invoices.rows import row_of
from guilder.faces.web.partners import values
from guilder.faces.web.partners.forms import ClientForm
from guilder.faces.web.shell import Visit, initials
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money
from guilder.registers.parties import operations, queries
from guilder.registers.parties.models import Partner
from guilder.registers.parties.schemas import partner_out

SIDE = "customer"
SHOWN = 10


@page("clients", "partner.view", methods="GET")
def client(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """One client: what they owe, their documents and payments, who they are."""
    by = visit.by
    with visit.reading():
        partner = queries.get_partner(by.organization_id, client_id, side=SIDE)
        profile = queries.seller_profile(by.organization_id)
        words = {
            "client": about(partner, profile.terms if profile else {}, visit),
            "figures": figures_of(client_id, visit),
            "documents": documents_of(client_id, visit),
            "documents_url": f"{reverse('web:invoices')}?client={client_id}",
            "payments": payments_of(client_id, visit),
            "timeline": timeline.of_row(visit, client_id),
            "may": {
                "edit": by.may("partner.edit"),
                "archive": by.may("partner.edit"),
                "create_invoice": by.may("invoice.create") and partner.archived_at is None,
            },
        }
    return render(request, "partners/detail.html", words)


def about(partner: Partner, usual: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """The client's own words."""
    out = partner_out(partner, side=SIDE)
    vat = next((one for one in out.tax_ids if one.scheme == "vat"), None)
    return {
        "id": out.id,
        "name": out.name,
        "code": out.code,
        "archived": out.is_archived,
        "email": out.email,
        "phone": out.phone,
        "website": out.website,
        "vat_id": vat.value if vat else "",
        "vat_valid": bool(vat and vat.is_valid),
        "tax_number": values.number_of(out, "tax"),
        "address_lines": address_lines(out.address),
        "contacts": [
            {
                "name": one.name or one.email,
                "role": one.role,
                "email": one.email if one.name else "",
                "phone": one.phone,
                "initials": initials(one.name or one.email),
            }
            for one in values.ranked(out)
        ],
        "terms_text": values.terms_words(out.terms, usual),
        "currency": out.currency,
        "language": choices.language_name(out.language or visit.organization.language),
        "notes": out.notes,
    }


def address_lines(address: Any) -> list[str]:
    """An address as lines."""
    if address is None:
        return []
    town = f"{address.postal_code} {address.city}".strip()
    country = choices.country_name(address.country)
    parts = (address.line1, address.line2, address.line3, town, address.region, country)
    return [part for part in parts if part]


def figures_of(client_id: UUID, visit: Visit) -> dict[str, list[Money]]:
    """What is open, late, and in credit."""
    by = visit.by
    owed = (
        invoicing.balances([client_id], by=by, today=visit.today).get(client_id, [])
        if by.may("invoice.view")
        else []
    )
    return {
        "open": [one.open for one in owed],
        "overdue": [one.overdue for one in owed if one.overdue],
        "credit": payments.open_credit(by=by, partner_id=client_id)
        if by.may("payment.view")
        else [],
    }


def documents_of(client_id: UUID, visit: Visit) -> list[Any]:
    """The newest documents, for who may see them."""
    if not visit.by.may("invoice.view"):
        return []
    narrowed = InvoiceFilter(today=visit.today, partner_id=client_id)
    found = invoicing.list_invoices(narrowed, by=visit.by, limit=SHOWN)
    return [row_of(one, by=visit.by, today=visit.today) for one in found]


def payments_of(client_id: UUID, visit: Visit) -> list[dict[str, Any]]:
    """The newest payments, for who may see them."""
    if not visit.by.may("payment.view"):
        return []
    return [
        {
            "url": reverse("web:payment", args=[one.id]),
            "on": one.received_on,
            "method": choices.METHODS.get(one.method, one.method),
            "amount": Money(one.amount, one.currency),
        }
        for one in payments.list_payments(by=visit.by, partner_id=client_id, limit=SHOWN)
    ]


@page("clients", "partner.edit")
def client_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Enter a client; the organization's own country, currency and language to begin with."""
    home = visit.organization
    initial = {
        "kind": "company",
        "name": request.GET.get("name", "")[:200],
        "country": home.country,
        "currency": home.base_currency,
        "language": home.language,
    }
    form = form_of(request, visit, initial)
    if request.method != "POST" or not form.is_valid():
        return editor(request, form, None)
    data, fields = values.data_of(form.cleaned_data, None)
    try:
        made = operations.create_partner(by=visit.by, side=SIDE, data=data, at=visit.now)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, fields)
        return editor(request, form, None)
    messages.success(request, _("%(name)s is entered.") % {"name": made.name})
    return redirect("web:client", made.id)


@page("clients", "partner.edit")
def client_edit(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Change a client; documents that were issued keep what they say."""
    with visit.reading():
        partner = queries.get_partner(visit.by.organization_id, client_id, side=SIDE)
        initial = values.initial_of(partner, language=visit.organization.language)
    form = form_of(request, visit, initial)
    if request.method != "POST" or not form.is_valid():
        return editor(request, form, partner)
    with visit.reading():
        data, fields = values.data_of(form.cleaned_data, partner)
    try:
        operations.update_partner(
            client_id,
            by=visit.by,
            side=SIDE,
            data=data,
            at=visit.now,
            version=typed.version(form.cleaned_data["version"]),
        )
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, fields)
        return editor(request, form, partner)
    messages.success(request, _("The changes are saved."))
    return redirect("web:client", client_id)


def form_of(request: HttpRequest, visit: Visit, initial: dict[str, Any]) -> ClientForm:
    """The form with its choices, filled from what was sent."""
    return ClientForm(
        request.POST or None,
        initial=initial,
        choices={
            "kind": choices.pairs(choices.PARTNER_KINDS),
            "country": choices.countries(),
            "currency": choices.currencies(visit.organization.base_currency),
            "language": choices.languages(),
        },
    )


def editor(request: HttpRequest, form: ClientForm, partner: Partner | None) -> HttpResponse:
    """The editor's page; 422 where something is wrong."""
    back = (
        {"url": reverse("web:client", args=[partner.id]), "label": partner.name}
        if partner
        else {"url": reverse("web:clients"), "label": _("Clients")}
    )
    words = {"form": form, "title": _("Edit") if partner else _("New client"), "back": back}
    return render(request, "partners/edit.html", words, status=422 if form.errors else 200)


@page("clients", "partner.edit", methods="POST")
def client_archive(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Put a client away, or bring them back."""
    with visit.reading():
        queries.get_partner(visit.by.organization_id, client_id, side=SIDE)
    puts_away = bool(request.POST.get("archived"))
    act = operations.archive_partner if puts_away else operations.restore_partner
    act(client_id, by=visit.by, at=visit.now)
    messages.success(
        request, _("The client is archived.") if puts_away else _("The client is back.")
    )
    return redirect("web:client", client_id)
