"""Addresses of the overview."""

from django.urls import path

from guilder.faces.web.overview import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("overview/export/", views.export, name="overview_export"),
    path("overview/skip/<slug:name>/", views.skip, name="overview_skip"),
]
