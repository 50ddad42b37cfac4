"""The form of a refund."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class RefundForm(forms.PaperForm):
    """Money that is given back."""

    once = django_forms.CharField(required=False, max_length=60, widget=django_forms.HiddenInput())
    amount = forms.number(_("Amount"), required=True)
    refunded_on = forms.day(_("Paid on"), required=True)
    method = forms.choice(_("Method"))
    reason = forms.text(
        _("Reason"),
        required=True,
        hint=_("Who approves it reads this."),
        limit=200,
    )
    reference = forms.text(_("Reference"), hint=_("What the bank line says."), limit=140)
