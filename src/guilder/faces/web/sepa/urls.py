"""Addresses of mandates and payment orders."""

from django.urls import path

from guilder.faces.web.sepa import acts, mandates, views

ORDER = "payment-orders/<uuid:batch_id>/"
MANDATE = "mandates/<uuid:mandate_id>/"
urlpatterns = [
    path("payment-orders/", views.orders, name="sepa"),
    path("payment-orders/debit/", acts.debit_new, name="sepa_debit"),
    path("payment-orders/transfer/", acts.transfer_new, name="sepa_transfer"),
    path("payment-orders/answer/", acts.answer, name="sepa_answer"),
    path(ORDER, views.order, name="sepa_batch"),
    path(f"{ORDER}file/", views.file, name="sepa_file"),
    path(f"{ORDER}approve/", acts.approve, name="sepa_approve"),
    path(f"{ORDER}close/", acts.close, name="sepa_close"),
    path(f"{ORDER}hand-over/", acts.hand_over, name="sepa_hand_over"),
    path(f"{ORDER}cancel/", acts.cancel, name="sepa_cancel"),
    path(f"{ORDER}redate/", acts.redate, name="sepa_redate"),
    path(f"{ORDER}drop/<uuid:order_id>/", acts.drop, name="sepa_drop"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/new/", mandates.mandate_new, name="mandate_new"),
    path("mandates/settings/", mandates.settings, name="mandate_settings"),
    path(MANDATE, mandates.mandate, name="mandate"),
    path(f"{MANDATE}edit/", mandates.mandate_edit, name="mandate_edit"),
    path(f"{MANDATE}paper/", mandates.mandate_paper, name="mandate_paper"),
    path(f"{MANDATE}end/", mandates.mandate_end, name="mandate_end"),
]
