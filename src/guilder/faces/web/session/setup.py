"""The first start in three short steps: who you are, your company, and what to look at first."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters

from guilder.books.invoicing import operations as invoicing
from guilder.faces.web import answers, languages, typed
from guilder.faces.web.door import outside, page
from guilder.faces.web.session import beginning
from guilder.faces.web.session.entering import awaits_company, enter
from guilder.faces.web.session.forms import CompanyForm, PersonForm
from guilder.faces.web.shell import Visit, address_of, choose_organization, request_id_of
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import Organization
from guilder.kernel.errors import GuilderError
from guilder.office.demo import operations as demo
from guilder.office.demo import queries as demos

STEPS = 3


@sensitive_post_parameters("password")
@outside
def setup(request: HttpRequest) -> HttpResponse:
    """Step 1: the first person, an operator of the installation."""
    if identities.is_set_up():
        return redirect("web:setup_company" if awaits_company(request) else "web:sign_in")
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return step(request, 1, "session/setup.html", {"form": form})
    given = form.cleaned_data
    try:
        user = identity.create_first_user(
            email=given["email"],
            password=given["password"],
            name=given["name"],
            language=get_language() or "",  # theirs; the organization's is its country's
        )
    except identity.AlreadySetUp:
        return redirect("web:sign_in")
    except GuilderError as error:
        typed.refuse(form, error, {"/email": "email", "/password": "password"})
        return step(request, 1, "session/setup.html", {"form": form})
    enter(request, user, method="password")
    return redirect("web:setup_company")


@outside
def company(request: HttpRequest) -> HttpResponse:
    """Step 2: the organization; everything else by its country's defaults."""
    if not awaits_company(request):
        return redirect("web:overview" if request.user.is_authenticated else "web:sign_in")
    zone = request.POST.get("time_zone", "")
    form = CompanyForm(
        request.POST or None,
        choices={"country": beginning.countries()},
        initial={"country": beginning.country_of(request, time_zone=zone)},
    )
    if request.method != "POST" or not form.is_valid():
        country = form.data.get("country") or form.initial["country"]
        words = {"form": form, "given": given_words(request, country)}
        return step(request, 2, "session/company.html", words)
    try:
        organization = begin(request, form.cleaned_data)
    except GuilderError as error:
        typed.refuse(form, error, {"/name": "company"})
        words = {"form": form, "given": given_words(request, form.cleaned_data["country"])}
        return step(request, 2, "session/company.html", words)
    choose_organization(request, organization.id)
    return redirect("web:setup_start")


@outside
def given(request: HttpRequest) -> HttpResponse:
    """What a country gives, while one chooses."""
    country = request.GET.get("country", "")
    if country not in dict(beginning.countries()):
        country = beginning.FALLBACK_COUNTRY
    words = {"given": given_words(request, country)}
    return render(request, "session/company.html#given", words)


@page("", "settings.edit")
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Step 3: write the first invoice, or look around in the demo first."""
    if request.method != "POST":
        return step(request, 3, "session/start.html", {})
    if request.POST.get("do") != "demo":
        return redirect("web:invoice_new")
    demo.ask_for_demo(by=visit.by)
    return redirect("web:setup_demo")


@page("", methods="GET")
def look_around(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Waits until the demo is there; the page asks again by itself."""
    shown = demos.shown_demo(visit.by.user_id) if visit.by.user_id else None
    asks_again = answers.swaps(request)
    if shown is None:
        return HttpResponse(status=204) if asks_again else render(request, "session/demo.html")
    choose_organization(request, shown)
    if asks_again:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("web:overview")})
    return redirect("web:overview")


def step(request: HttpRequest, number: int, template: str, words: dict[str, Any]) -> HttpResponse:
    """One of the steps, with where one is."""
    form = words.get("form")
    status = 422 if form is not None and form.errors else 200
    has_demo = number == 1 and demos.demo_organization() is not None
    told = {"step": number, "steps": STEPS, "has_demo": has_demo, **words}
    return render(request, template, told, status=status)


def given_words(request: HttpRequest, country: str) -> dict[str, str]:
    """What the country gives, by name."""
    found = beginning.beginning_of(country, spoken=languages.of_browser(request))
    return dict(beginning.told(found, on=datetime.now(UTC).date()))


def begin(request: HttpRequest, given: dict[str, str]) -> Organization:
    """The organization with open books, belonging to who set it up."""
    user: Any = request.user
    found = beginning.beginning_of(
        given["country"],
        spoken=languages.of_browser(request),
        time_zone=request.POST.get("time_zone", ""),
    )
    organization = identity.create_first_organization(
        user.pk,
        name=given["company"],
        country=found.country,
        base_currency=found.currency,
        time_zone=found.time_zone,
        language=found.language,
    )
    actor = identities.actor_for(
        user.pk,
        organization.id,
        source="web",
        request_id=request_id_of(request),
        address=address_of(request),
    )
    invoicing.open_books(by=actor)
    return organization
