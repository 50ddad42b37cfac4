"""Addresses of the client pages."""

from django.urls import path

from guilder.faces.web.lists.answers import addresses
from guilder.faces.web.partners import (
    editing,
    erasing,
    guests,
    listing,
    loading,
    many,
    parts,
    statements,
    vat,
    views,
)

urlpatterns = [
    *addresses(listing.CLIENTS, "clients/", section="clients", permission="partner.view"),
    path("clients/import/", loading.clients_import, name="clients_import"),
    path("clients/unarchive/<str:token>/", many.unarchive, name="clients_unarchive"),
    path("clients/new/", editing.client_new, name="client_new"),
    path("clients/suggestions/", listing.suggestions, name="client_suggestions"),
    path("clients/<uuid:client_id>/", views.client, name="client"),
    path("clients/<uuid:client_id>/edit/", editing.client_edit, name="client_edit"),
    path("clients/<uuid:client_id>/archive/", views.client_archive, name="client_archive"),
    path("clients/<uuid:client_id>/erase/", erasing.client_erase, name="client_erase"),
    path("clients/<uuid:client_id>/restore/", views.client_restore, name="client_restore"),
    path(
        "clients/<uuid:client_id>/<str:name>/<str:place>/edit/",
        parts.client_part,
        name="client_part",
    ),
    path("clients/<uuid:client_id>/vat-check/", vat.client_vat_check, name="client_vat_check"),
    path("clients/<uuid:client_id>/portal/", guests.guest_invite, name="guest_invite"),
    path(
        "clients/<uuid:client_id>/portal/<uuid:user_id>/remove/",
        guests.guest_remove,
        name="guest_remove",
    ),
    path(
        "clients/<uuid:client_id>/portal/<uuid:invitation_id>/again/",
        guests.guest_again,
        name="guest_again",
    ),
    path(
        "clients/<uuid:client_id>/portal/<uuid:invitation_id>/withdraw/",
        guests.guest_withdraw,
        name="guest_withdraw",
    ),
    path(
        "clients/<uuid:client_id>/statement.pdf",
        statements.client_statement,
        name="client_statement",
    ),
    path(
        "clients/<uuid:client_id>/statement.csv",
        statements.client_statement_csv,
        name="client_statement_csv",
    ),
    path(
        "clients/<uuid:client_id>/statement/send/",
        statements.client_statement_send,
        name="client_statement_send",
    ),
]
