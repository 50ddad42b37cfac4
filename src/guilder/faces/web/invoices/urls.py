"""Addresses of invoices."""

from django.urls import path

from guilder.faces.web.drafting import suggesting
from guilder.faces.web.invoices import editor, listing, many, review
from guilder.faces.web.lists.answers import addresses

urlpatterns = [
    *addresses(listing.INVOICES, "invoices/", section="invoices", permission="invoice.view"),
    *addresses(listing.CREDIT_NOTES, "credit-notes/", section="credits", permission="invoice.view"),
    path("invoices/unsend/<str:mails>/", many.unsend, name="invoices_unsend"),
    path("invoices/new/", editor.invoice_new, name="invoice_new"),
    path("invoices/figures/", editor.invoice_figures, name="invoice_figures"),
    path("invoices/autosave/", editor.invoice_autosave, name="invoice_autosave"),
    path("invoices/draft.pdf", editor.invoice_draft_pdf, name="invoice_draft_pdf"),
    path("invoices/editor/client/", suggesting.client_in_place, name="editor_client"),
    path("invoices/editor/items/", suggesting.items, name="editor_items"),
    path("invoices/<uuid:invoice_id>/review/", review.invoice_review, name="invoice_review"),
    path("invoices/<uuid:invoice_id>/edit/", editor.invoice_edit, name="invoice_edit"),
]
