"""Addresses of the item pages."""

from django.urls import path

from guilder.faces.web.catalogue import listing, views

urlpatterns = [
    path("items/", listing.items, name="items"),
    path("items/new/", views.item_new, name="item_new"),
    path("items/suggestions/", listing.suggestions, name="item_suggestions"),
    path("items/<uuid:item_id>/edit/", views.item_edit, name="item_edit"),
    path("items/<uuid:item_id>/archive/", views.item_archive, name="item_archive"),
]
