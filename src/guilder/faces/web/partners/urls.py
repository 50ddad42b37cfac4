"""Addresses of the client pages."""

from django.urls import path

from guilder.faces.web.partners import listing, views

urlpatterns = [
    path("clients/", listing.clients, name="clients"),
    path("clients/new/", views.client_new, name="client_new"),
    path("clients/suggestions/", listing.suggestions, name="client_suggestions"),
    path("clients/<uuid:client_id>/", views.client, name="client"),
    path("clients/<uuid:client_id>/edit/", views.client_edit, name="client_edit"),
    path("clients/<uuid:client_id>/archive/", views.client_archive, name="client_archive"),
]
