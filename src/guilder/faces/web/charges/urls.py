"""Addresses of charges, chargebacks and payouts."""

from django.urls import path

from guilder.faces.web.charges import views

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
    path("payouts/", views.payouts, name="payouts"),
]
