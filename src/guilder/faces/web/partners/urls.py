"""Addresses of the partners pages."""

urlpatterns: list = []
