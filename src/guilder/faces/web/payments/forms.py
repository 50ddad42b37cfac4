"""The form of a payment."""

from typing import Any

from django import forms as django_forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms

# A change of these asks anew what is open and how the money falls on it.
ASKS: dict[str, Any] = {
    "hx-get": reverse_lazy("web:payment_new"),
    "hx-trigger": "change",
    "hx-include": "#payment",
    "hx-params": "not csrfmiddlewaretoken",
    "hx-target": "#open",
    "hx-swap": "morph",
}


class PaymentForm(forms.PaperForm):
    """Money that came in from a client."""

    once = django_forms.CharField(required=False, max_length=60, widget=django_forms.HiddenInput())
    client = django_forms.CharField(
        required=False, widget=django_forms.HiddenInput(attrs={"data-name": "client"})
    )
    client_name = forms.text(
        _("Client"), required=True, autocomplete="off", data_name="client_name"
    )
    amount = forms.number(_("Amount"), required=True, **ASKS)
    currency = forms.choice(_("Currency"), **{"data-name": "currency"}, **ASKS)
    received_on = forms.day(_("Received on"), required=True)
    method = forms.choice(_("Method"))
    reference = forms.text(_("Reference"), hint=_("What the bank line says."), limit=140)
