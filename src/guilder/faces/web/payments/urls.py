"""Addresses of payments."""

from django.urls import path

from guilder.faces.web.payments import recording, views

urlpatterns = [
    path("payments/", views.payments, name="payments"),
    path("payments/new/", recording.payment_new, name="payment_new"),
    path("payments/<uuid:payment_id>/", views.payment, name="payment"),
    path("payments/<uuid:payment_id>/reverse/", views.payment_reverse, name="payment_reverse"),
]
