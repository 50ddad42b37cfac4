"""Addresses of the item pages."""

from django.urls import path

from guilder.faces.web.catalogue import listing, loading, many, views
from guilder.faces.web.lists.answers import addresses

urlpatterns = [
    *addresses(listing.ITEMS, "items/", section="items", permission="item.view"),
    path("items/import/", loading.items_import, name="items_import"),
    path("items/unarchive/<str:token>/", many.unarchive, name="items_unarchive"),
    path("items/new/", views.item_new, name="item_new"),
    path("items/suggestions/", listing.suggestions, name="item_suggestions"),
    path("items/<uuid:item_id>/edit/", views.item_edit, name="item_edit"),
    path("items/<uuid:item_id>/archive/", views.item_archive, name="item_archive"),
]
