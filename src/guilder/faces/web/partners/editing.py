"""Entering a client, and changing who they are and what was agreed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import answers, choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.partners import values
from guilder.faces.web.partners.forms import ClientForm
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.registers.parties import operations, queries
from guilder.registers.parties.models import Partner

SIDE = "customer"


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
        "tax_treatment": "automatic",
        "delivery_channel": "mail",
        "delivery_format": "pdf",
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
    answers.say(request, _("%(name)s is entered.") % {"name": made.name})
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
    answers.say(request, _("The changes are saved."))
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
            "tax_treatment": choices.pairs(values.TREATMENTS),
            "delivery_channel": choices.pairs(values.CHANNELS),
            "delivery_format": choices.pairs(values.FORMATS),
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
