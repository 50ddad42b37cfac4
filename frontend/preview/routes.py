"""The addresses of the preview: every URL name that the templates use, and the samples."""

# Sample data reads as tables, one record a line.
# ruff: noqa: E501, ARG001
# fmt: off

import json
from datetime import date
from decimal import Decimal
from functools import cache
from types import SimpleNamespace

import samples
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from guilder.kernel.document import Address, Document, Item, Kind, Line, Party, Price, Tax
from guilder.papers.rendering.printing import render_png

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "Guilder", "version": "1", "description": "Sample."},
    "paths": {"/api/v1/invoices/": {"get": {"tags": ["invoices"], "summary": "List invoices", "responses": {"200": {"description": "A page."}}}}},
}


class Policy:
    """The policy of guilder.faces.web.security."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response


def page(request, name):
    """One sample page; ?toast=… adds a message."""
    try:
        template, section, context = samples.pages()[name]
    except KeyError:
        raise Http404 from None
    messages = []
    if text := request.GET.get("toast"):
        messages.append(type("Message", (), {"level": 25, "__str__": lambda _self: text})())
    shared = {"shell": samples.shell(section), "messages": messages}
    return render(request, template, {**shared, **context})


def figures(request):
    """The answer of the editor's figures, as htmx gets it."""
    return render(request, "invoices/edit.html#figures", {**samples.EDITOR, "fragment": True})


def suggestions(request, kind):
    """Options under a text field."""
    if kind == "items":
        fill = json.dumps({"item": "1", "name": "Senior lighting designer", "unit": "HUR", "quantity": "1", "unit_price": "128.00", "tax": "standard"})
        found = [SimpleNamespace(id="1", name="Senior lighting designer", hint="per hour", price_text="€128.00", fill=fill)]
        return render(request, "catalogue/suggestions.html", {"items": found})
    fill = json.dumps({"client": "1", "client_name": "Hotel Alpenglühn AG"})
    found = [SimpleNamespace(id="1", name="Hotel Alpenglühn AG", hint="C-10427 · München", fill=fill)]
    return render(request, "partners/suggestions.html", {"clients": found, "new_name": request.GET.get("q"), "new_fill": "{}"})


def palette(request):
    """The palette's answers."""
    return render(request, "search/list.html#hits", samples.SEARCH)


def nothing(request, **_):
    """Where a form would go."""
    return HttpResponse("""<link rel="icon" href="data:,">ok""")


@cache
def paper():
    """A page of a real paper, set when it is first asked for."""
    line = Line(id="1", item=Item(name="Lighting concept and 3D study"), quantity=Decimal(1), unit="C62", price=Price(amount=Decimal("6480.00")), tax=Tax(category="S", rate=Decimal(19)))
    seller = Party(name="Northlight Studio GmbH", vat_id="DE123456788", address=Address(line1="Speicherstrasse 14", postal_code="20457", city="Hamburg", country="DE"))
    buyer = Party(name="Baltic Timber OÜ", address=Address(line1="Sadama 5", postal_code="10111", city="Tallinn", country="EE"))
    document = Document(kind=Kind.INVOICE, currency="EUR", seller=seller, buyer=buyer, lines=(line,), number="INV-2026-00181", issued_on=date(2026, 11, 12), due_on=date(2026, 11, 26), language="en")
    return render_png(document, ppi=96)


def sample(request, name):
    """A page of paper, an API document."""
    return JsonResponse(SPEC) if name.endswith("json") else HttpResponse(paper(), content_type="image/png")


NAMES = {
    "overview": "home/", "search": "search/", "switch_organization": "switch/", "sign_out": "sign-out/",
    "invoices": "invoices/", "invoice_new": "invoices/new/", "clients": "clients/", "client_new": "clients/new/",
    "items": "items/", "item_new": "items/new/", "payments": "payments/", "payment_new": "payments/new/",
    "help": "help/", "session_extend": "session/extend/", "session_again": "session/again/",
    "outbox": "outbox/", "settings": "settings/", "setup": "setup/",
    **{f"invoice_{verb}": f"invoices/<str:id>/{verb}/" for verb in ("edit", "issue", "send", "credit", "duplicate", "delete", "pdf")},
    "client_edit": "clients/<str:id>/edit/", "client_archive": "clients/<str:id>/archive/",
    "item_archive": "items/<str:id>/archive/", "payment_reverse": "payments/<str:id>/reverse/", "outbox_retry": "outbox/<str:id>/retry/",
}
web = [
    path("invoices/figures/", figures, name="invoice_figures"),
    path("clients/suggestions/", suggestions, {"kind": "clients"}, name="client_suggestions"),
    path("items/suggestions/", suggestions, {"kind": "items"}, name="item_suggestions"),
    path("search/palette/", palette, name="palette"),
    *(path(route, nothing, name=name) for name, route in NAMES.items()),
]
urlpatterns = [
    path("p/<str:name>/", page),
    path("sample/<str:name>", sample),
    path("", include((web, "web"))),
]
