"""Addresses of refunds."""

from django.urls import path

from guilder.faces.web.lists.answers import addresses
from guilder.faces.web.refunds import asking, views
from guilder.faces.web.refunds.listing import REFUNDS

ONE = "refunds/<uuid:refund_id>/"
urlpatterns = [
    *addresses(REFUNDS, "refunds/", section="refunds", permission="refund.view"),
    path("payments/<uuid:payment_id>/refund/", asking.refund_of_payment, name="refund_of_payment"),
    path(
        "invoices/<uuid:invoice_id>/refund/",
        asking.refund_of_credit_note,
        name="refund_of_credit_note",
    ),
    path(ONE, views.refund, name="refund"),
    path(f"{ONE}approve/", views.refund_approve, name="refund_approve"),
    path(f"{ONE}decline/", views.refund_decline, name="refund_decline"),
    path(f"{ONE}reverse/", views.refund_reverse, name="refund_reverse"),
]
