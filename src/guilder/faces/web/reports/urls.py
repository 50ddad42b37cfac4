"""Addresses of the reports."""

from django.urls import path

from guilder.faces.web.reports import closing, outgoing, views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/close/", closing.close, name="report_close"),
    path("reports/close/<uuid:period_id>/reopen/", closing.reopen, name="report_reopen"),
    path("reports/accountant/", outgoing.accountant, name="report_accountant"),
    path("reports/accountant/journal/", outgoing.journal, name="report_journal"),
    path("reports/<slug:name>/", views.report, name="report"),
    path("reports/<slug:name>/documents/", views.report_documents, name="report_documents"),
]
