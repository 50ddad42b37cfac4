"""Addresses of recurring invoices."""

from django.urls import path

from guilder.faces.web.lists.answers import addresses
from guilder.faces.web.recurring import views
from guilder.faces.web.recurring.listing import RECURRING

ONE = "recurring/<uuid:recurring_id>/"
urlpatterns = [
    *addresses(RECURRING, "recurring/", section="recurring", permission="invoice.view"),
    path("invoices/<uuid:invoice_id>/repeat/", views.invoice_repeat, name="invoice_repeat"),
    path(ONE, views.recurring_one, name="recurring_one"),
    path(f"{ONE}edit/", views.recurring_edit, name="recurring_edit"),
    path(f"{ONE}pause/", views.recurring_pause, name="recurring_pause"),
    path(f"{ONE}resume/", views.recurring_resume, name="recurring_resume"),
    path(f"{ONE}end/", views.recurring_end, name="recurring_end"),
]
