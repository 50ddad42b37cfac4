"""The form of an item."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class ItemForm(forms.PaperForm):
    """Something that is sold, with its price."""

    name = forms.text(_("Name"), required=True, autocomplete="off")
    code = forms.text(_("Code"), limit=60, autocomplete="off", hint=_("Such as an article number."))
    kind = forms.choice(_("Kind"))
    description = forms.long_text(_("Description"), hint=_("Stands under the name on documents."))
    unit = forms.choice(_("Unit"))
    unit_price = forms.number(_("Price"))
    currency = forms.choice(_("Currency"))
    tax = forms.choice(_("Tax"), required=False)
    tax_inclusive = forms.tick(_("The price includes tax"))
    version = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
