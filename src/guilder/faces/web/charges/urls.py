"""Addresses of charges, chargebacks and payouts."""

from django.urls import path

from guilder.faces.web.charges import client, views

ONE = "charges/<uuid:charge_id>/"
BACK = "chargebacks/<uuid:chargeback_id>/"
urlpatterns = [
    path("charges/", views.charges, name="charges"),
    path(ONE, views.charge, name="charge"),
    path(f"{ONE}check/", views.charge_check, name="charge_check"),
    path(f"{ONE}confirm/", views.charge_confirm, name="charge_confirm"),
    path("chargebacks/", views.chargebacks, name="chargebacks"),
    path(BACK, views.chargeback, name="chargeback"),
    path(f"{BACK}answer/", views.chargeback_answer, name="chargeback_answer"),
    path("clients/<uuid:client_id>/paying/", client.client_paying, name="client_paying"),
    path("clients/<uuid:client_id>/paying/link/", client.method_link, name="client_method_link"),
    path(
        "clients/<uuid:client_id>/paying/links/end/",
        client.method_links_end,
        name="client_method_links_end",
    ),
    path(
        "clients/<uuid:client_id>/paying/<uuid:saved_id>/collect/",
        client.saved_collect,
        name="saved_collect",
    ),
    path(
        "clients/<uuid:client_id>/paying/<uuid:saved_id>/end/", client.saved_end, name="saved_end"
    ),
    path("payouts/", views.payouts, name="payouts"),
]
