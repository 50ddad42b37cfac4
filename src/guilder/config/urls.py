"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guilder.faces.rest.urls")),
    path("", include("guilder.faces.web.urls")),
]

handler404 = "guilder.faces.web.errors.missing"
handler500 = "guilder.faces.web.errors.crashed"
