"""Addresses of the search and its palette."""

from django.urls import path

from guilder.faces.web.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/palette/", views.palette, name="palette"),
]
