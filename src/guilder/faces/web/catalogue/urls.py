"""Addresses of the catalogue pages."""

urlpatterns: list = []
