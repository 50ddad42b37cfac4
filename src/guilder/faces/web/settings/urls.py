"""Addresses of the settings pages."""

from django.urls import path

from guilder.faces.web.settings import documents, views

urlpatterns = [
    path("settings/", views.organization, name="settings"),
    path("settings/documents/", documents.documents, name="settings_documents"),
    path("settings/taxes/", views.tax_codes, name="settings_taxes"),
    path("settings/mail/", views.mail, name="settings_mail"),
]
