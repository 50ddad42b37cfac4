"""A further organization: its own legal data, numbers and brand, beside those that one has."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations as invoicing
from guilder.faces.web import answers, languages, typed
from guilder.faces.web.door import page
from guilder.faces.web.session import beginning
from guilder.faces.web.session.forms import CompanyForm
from guilder.faces.web.shell import Visit, address_of, choose_organization, request_id_of
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import Organization
from guilder.kernel.errors import Conflict, Invalid


@page("")
def organization_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for name and country; everything else begins as the country has it."""
    identity.require_founder(request.user.pk)  # type: ignore[arg-type]
    form = CompanyForm(
        request.POST or None,
        choices={"country": beginning.countries()},
        initial={"country": visit.organization.country},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = found(request, form.cleaned_data)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/name": "company"})
        else:
            choose_organization(request, made.id)
            answers.say(request, _("%(who)s is ready.") % {"who": made.name})
            return redirect("web:overview")  # its checklist says what comes next
    country = form.data.get("country") or form.initial["country"]
    if country not in dict(beginning.countries()):
        country = visit.organization.country
    told = beginning.beginning_of(country, spoken=languages.of_browser(request))
    words = {
        "form": form,
        "given": dict(beginning.told(told, on=datetime.now(UTC).date())),
        "here": visit.organization.name,
    }
    return render(request, "session/found.html", words, status=422 if form.errors else 200)


def found(request: HttpRequest, given: dict[str, str]) -> Organization:
    """The organization with open books, belonging to who founded it."""
    user: Any = request.user
    begun = beginning.beginning_of(
        given["country"],
        spoken=languages.of_browser(request),
        time_zone=request.POST.get("time_zone", ""),
    )
    made = identity.found_organization(
        user.pk,
        name=given["company"],
        country=begun.country,
        base_currency=begun.currency,
        time_zone=begun.time_zone,
        language=begun.language,
    )
    actor = identities.actor_for(
        user.pk,
        made.id,
        source="web",
        request_id=request_id_of(request),
        address=address_of(request),
    )
    invoicing.open_books(by=actor)
    return made
