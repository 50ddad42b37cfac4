"""Addresses of quotes."""

from django.urls import path

from guilder.faces.web.lists.answers import addresses
from guilder.faces.web.quotes import acts, listing, page

ONE = "quotes/<uuid:quote_id>/"
urlpatterns = [
    *addresses(listing.QUOTES, "quotes/", section="quotes", permission="quote.view"),
    path("quotes/new/", acts.quote_new, name="quote_new"),
    path("quotes/figures/", acts.quote_figures, name="quote_figures"),
    path("quotes/autosave/", acts.quote_autosave, name="quote_autosave"),
    path("quotes/draft.pdf", acts.quote_draft_pdf, name="quote_draft_pdf"),
    path(ONE, page.quote, name="quote"),
    path(f"{ONE}edit/", acts.quote_edit, name="quote_edit"),
    path(f"{ONE}review/", acts.quote_review, name="quote_review"),
    path(f"{ONE}send/", acts.quote_send, name="quote_send"),
    path(f"{ONE}accept/", acts.quote_accept, name="quote_accept"),
    path(f"{ONE}decline/", acts.quote_decline, name="quote_decline"),
    path(f"{ONE}invoice/", acts.quote_invoice, name="quote_invoice"),
    path(f"{ONE}duplicate/", acts.quote_duplicate, name="quote_duplicate"),
    path(f"{ONE}delete/", acts.quote_delete, name="quote_delete"),
    path(f"{ONE}pdf/", page.quote_pdf, name="quote_pdf"),
    path(f"{ONE}pages/<int:number>.png", page.quote_page, name="quote_page"),
]
