"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guilder.faces.rest.urls")),
    path("", include("guilder.faces.web.urls")),
]
