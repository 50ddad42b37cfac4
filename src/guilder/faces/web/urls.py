"""Addresses of the pages: each area brings its own."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

AREAS = (
    "session",
    "overview",
    "invoices",
    "partners",
    "catalogue",
    "payments",
    "settings",
    "outbox",
    "search",
)

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", RedirectView.as_view(url="/static/guilder/mark.svg")),
    *(
        path("", include(f"guilder.faces.web.{area}.urls"))
        for area in AREAS
        if find_spec(f"guilder.faces.web.{area}")
        and find_spec(f"guilder.faces.web.{area}.urls")
    ),
]
