"""The form of a bill that is entered by hand."""

from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class BillForm(forms.PaperForm):
    """What stands on a supplier's bill."""

    supplier = forms.choice(_("Supplier"))
    kind = forms.choice(_("Kind"))
    number = forms.text(_("Number"), required=True, limit=120, hint=_("The supplier's own."))
    issued_on = forms.day(_("Date"), required=True)
    due_on = forms.day(_("Due"), hint=_("Leave it empty for what you agreed on."))
    currency = forms.choice(_("Currency"))
    iban = forms.text(_("Pay to account"), limit=60)
    remittance = forms.text(_("Reference for the transfer"), limit=140)
    order_reference = forms.text(_("Order"), limit=120)
    notes = forms.text(_("Notes"), limit=4000)
