"""Addresses of the audit trail's pages."""

from django.urls import path

from guilder.faces.web.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/check/", views.audit_check, name="audit_check"),
    path("audit/verifier/", views.audit_verifier, name="audit_verifier"),
    path("audit/export/<slug:form>/", views.audit_export, name="audit_export"),
    path("audit/<uuid:entry_id>/", views.audit_entry, name="audit_entry"),
]
