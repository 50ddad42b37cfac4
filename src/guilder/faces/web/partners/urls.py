"""Addresses of the client pages."""

from django.urls import path

from guilder.faces.web.lists.answers import addresses
from guilder.faces.web.partners import listing, loading, many, views

urlpatterns = [
    *addresses(listing.CLIENTS, "clients/", section="clients", permission="partner.view"),
    path("clients/import/", loading.clients_import, name="clients_import"),
    path("clients/unarchive/<str:token>/", many.unarchive, name="clients_unarchive"),
    path("clients/new/", views.client_new, name="client_new"),
    path("clients/suggestions/", listing.suggestions, name="client_suggestions"),
    path("clients/<uuid:client_id>/", views.client, name="client"),
    path("clients/<uuid:client_id>/edit/", views.client_edit, name="client_edit"),
    path("clients/<uuid:client_id>/archive/", views.client_archive, name="client_archive"),
]
