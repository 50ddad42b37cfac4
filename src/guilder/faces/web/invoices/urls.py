"""Addresses of invoices."""

from django.urls import path

from guilder.faces.web.invoices import detail, editor, listing, many
from guilder.faces.web.lists.answers import addresses

urlpatterns = [
    *addresses(listing.INVOICES, "invoices/", section="invoices", permission="invoice.view"),
    *addresses(
        listing.CREDIT_NOTES, "credit-notes/", section="credit_notes", permission="invoice.view"
    ),
    path("invoices/unsend/<str:mails>/", many.unsend, name="invoices_unsend"),
    path("invoices/new/", editor.invoice_new, name="invoice_new"),
    path("invoices/figures/", editor.invoice_figures, name="invoice_figures"),
    path("invoices/<uuid:invoice_id>/", detail.invoice, name="invoice"),
    path("invoices/<uuid:invoice_id>/edit/", editor.invoice_edit, name="invoice_edit"),
    path("invoices/<uuid:invoice_id>/pdf/", detail.invoice_pdf, name="invoice_pdf"),
    path(
        "invoices/<uuid:invoice_id>/pages/<int:number>.png",
        detail.invoice_page,
        name="invoice_page",
    ),
    path("invoices/<uuid:invoice_id>/issue/", detail.invoice_issue, name="invoice_issue"),
    path("invoices/<uuid:invoice_id>/send/", detail.invoice_send, name="invoice_send"),
    path("invoices/<uuid:invoice_id>/credit/", detail.invoice_credit, name="invoice_credit"),
    path(
        "invoices/<uuid:invoice_id>/duplicate/",
        detail.invoice_duplicate,
        name="invoice_duplicate",
    ),
    path("invoices/<uuid:invoice_id>/delete/", detail.invoice_delete, name="invoice_delete"),
]
