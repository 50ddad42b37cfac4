"""The form of a payment."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class PaymentForm(forms.PaperForm):
    """Money that came in from a client."""

    client = django_forms.CharField(
        required=False, widget=django_forms.HiddenInput(attrs={"data-name": "client"})
    )
    client_name = forms.text(
        _("Client"), required=True, autocomplete="off", data_name="client_name"
    )
    amount = forms.number(_("Amount"), required=True)
    currency = forms.choice(_("Currency"))
    received_on = forms.day(_("Received on"), required=True)
    method = forms.choice(_("Method"))
    reference = forms.text(_("Reference"), hint=_("What the bank line says."))
