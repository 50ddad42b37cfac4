"""The design page: every component in each of its states. For development; 404 elsewhere."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guilder.faces.web import answers, forms
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import STATUSES
from guilder.kernel.money import Money

TONES = ("", "green", "amber", "red", "blue", "violet")
AMOUNTS = (
    Money.of("60959.98", "EUR"),
    Money.of("-1487.50", "EUR"),
    Money.of("24310.00", "SEK"),
    Money.of("1234567", "JPY"),
    Money.of("12.345", "KWD"),
    None,
)


class SampleForm(forms.PaperForm):
    """A field of each kind."""

    name = forms.text("Name", required=True, hint="As it stands on documents.")
    email = forms.email("E-mail", placeholder="name@firm.example")
    amount = forms.number("Amount")
    due_on = forms.day("Due date", hint="Takes 20.11., 20 nov, today, +30, eom, fri.")
    country = forms.choice("Country")
    notes = forms.long_text("Notes")
    agreed = forms.tick("Send a copy to me")


Page = Callable[..., HttpResponse]


def for_development(view: Page) -> Page:
    """Nothing is here where the design page is off."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DESIGN_PAGE:
            raise Http404
        return view(request, *args, **kwargs)

    return opened


def sample_form(data: Any = None, **options: Any) -> SampleForm:
    """The form with what its selects offer."""
    countries = [("DE", "Germany"), ("FI", "Finland")]
    return SampleForm(data, choices={"country": countries}, **options)


@for_development
@page("design")
def design(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page. What its forms post goes nowhere."""
    typed = {"name": "", "due_on": "32.13.", "country": "DE"}
    bad = sample_form(typed, auto_id="bad_%s")
    bad.is_valid()
    words = {
        "tones": TONES,
        "statuses": list(STATUSES),
        "amounts": AMOUNTS,
        "money": AMOUNTS[0],
        "good": sample_form(initial={"due_on": visit.today, "name": "Northlight Studio"}),
        "bad": bad,
        "problems": [{"anchor": "lines-1-price", "text": "Enter a price, for example 1,250.00."}],
        "today": visit.today,
        **lists(visit.now),
    }
    return render(request, "frame/design.html", words)


def lists(now: datetime) -> dict[str, Any]:
    """Sample rows for the components that draw lists."""
    some = SimpleNamespace
    return {
        "tabs": [
            some(label="All", url="#tabs", current=True, count="1,284"),
            some(label="Overdue", url="#tabs", current=False, count="6"),
        ],
        "choices": [
            some(label="Month", url="#seg", current=False),
            some(label="12 months", url="#seg", current=True),
            some(label="Year", url="#seg", current=False),
        ],
        "ages": [
            {"tone": "age-0", "start": 0, "size": 54},
            {"tone": "age-1", "start": 54, "size": 38},
            {"tone": "age-4", "start": 92, "size": 8},
        ],
        "steps": [
            some(label="Your company", hint="Name and address", url="#", action="Fill", done=True),
            some(label="First invoice", hint="Three minutes", url="#", action="Write", done=False),
        ],
        "entries": [
            {
                "icon": "eye", "tone": "blue", "text": "Öresund Ports AB viewed", "url": "#",
                "link": "INV-2026-00183", "at": now - timedelta(minutes=5), "at_text": "5 min ago",
            },
            {
                "icon": "check", "tone": "green", "text": "€7,714.05 received", "url": "",
                "link": "", "at": now - timedelta(hours=2), "at_text": "2 h ago",
            },
        ],
        "changes": [
            some(label="Due date", before="20 Nov 2026", after="20 Dec 2026", changed=True),
            some(label="Currency", before="EUR", after="EUR", changed=False),
        ],
    }  # fmt: skip


@for_development
@page("design", methods="POST")
def act(request: HttpRequest, _visit: Visit) -> HttpResponse:
    """An act that can be taken back."""
    return answers.done(
        request,
        to=reverse("web:design"),
        text="Sent to lena.oeztuerk@alpengluehn.example.",
        undo=reverse("web:design_undo"),
        refresh=False,
    )


@for_development
@page("design", methods="POST")
def undo(request: HttpRequest, _visit: Visit) -> HttpResponse:
    """The act taken back."""
    return answers.done(request, to=reverse("web:design"), text="Not sent.", refresh=False)


@for_development
@page("design")
def sheet(request: HttpRequest, _visit: Visit) -> HttpResponse:
    """A small form in place: refused without a name."""
    form = sample_form(request.POST if request.method == "POST" else None, auto_id="sheet_%s")
    if request.method == "POST" and form.is_valid():
        return answers.done(request, to=reverse("web:design"), text="Saved.")
    name = "frame/sheet.html" if answers.in_sheet(request) else "frame/sheet_page.html"
    return render(request, name, {"form": form}, status=422 if form.errors else 200)


@for_development
@page("design", methods="GET")
def breaks(_request: HttpRequest, _visit: Visit) -> HttpResponse:
    """A page that breaks, to look at what people see then."""
    raise RuntimeError("This page breaks on purpose.")
