"""What all settings pages share: tabs, rights, the answer's status."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web.shell import Visit

PAGES = (
    ("settings", "settings.view"),
    ("settings_documents", "settings.view"),
    ("settings_taxes", "tax.view"),
    ("settings_mail", "settings.view"),
)


def panel(
    request: HttpRequest,
    visit: Visit,
    name: str,
    *,
    edits: str = "settings.edit",
    is_refused: bool = False,
    **words: Any,
) -> HttpResponse:
    """One page of the settings; `edits` is the right that shows the buttons."""
    labels = {
        "settings": _("Organization"),
        "settings_documents": _("Documents"),
        "settings_taxes": _("Taxes"),
        "settings_mail": _("Mail"),
    }
    tabs = [
        {"label": labels[route], "url": reverse(f"web:{route}"), "current": route == name}
        for route, permission in PAGES
        if visit.by.may(permission)
    ]
    template = name.removeprefix("settings_") if name != "settings" else "organization"
    around = {"tabs": tabs, "title": labels[name], "may": {"edit": visit.by.may(edits)}}
    status = 422 if is_refused else 200
    return render(request, f"settings/{template}.html", around | words, status=status)
