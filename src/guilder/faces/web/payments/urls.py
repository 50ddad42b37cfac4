"""Addresses of payments."""

from django.urls import path

from guilder.faces.web.lists.answers import addresses
from guilder.faces.web.payments import applying, quick, recording, views
from guilder.faces.web.payments.listing import PAYMENTS

ONE = "payments/<uuid:payment_id>/"
urlpatterns = [
    *addresses(PAYMENTS, "payments/", section="payments", permission="payment.view"),
    path("payments/new/", recording.payment_new, name="payment_new"),
    path("payments/quick/<uuid:invoice_id>/", quick.payment_quick, name="payment_quick"),
    path(ONE, views.payment, name="payment"),
    path(f"{ONE}apply/", applying.payment_apply, name="payment_apply"),
    path(
        f"{ONE}take-off/<uuid:allocation_id>/", applying.payment_take_off, name="payment_take_off"
    ),
    path(f"{ONE}reverse/", views.payment_reverse, name="payment_reverse"),
    path(f"{ONE}undo/", views.payment_undo, name="payment_undo"),
    path(f"{ONE}receipt/", views.payment_receipt, name="payment_receipt"),
    path(f"{ONE}receipt/send/", views.payment_receipt_send, name="payment_receipt_send"),
]
