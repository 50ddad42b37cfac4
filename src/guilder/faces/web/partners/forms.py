"""The form of a client."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class ClientForm(forms.PaperForm):
    """A partner as customer: who, where, tax, and what was agreed."""

    kind = forms.choice(_("Kind"))
    name = forms.text(_("Name"), required=True, autocomplete="off")
    email = forms.email(_("E-mail for invoices"), autocomplete="off")
    phone = forms.text(_("Phone"), autocomplete="off")
    website = forms.text(_("Website"), autocomplete="off")
    trading_name = forms.text(_("Trading name"), autocomplete="off")
    legal_registration = forms.text(_("Registration number"), autocomplete="off", limit=80)
    contact = forms.text(_("Contact person"), autocomplete="off")
    code = forms.text(_("Client number"), hint=_("Left empty, the next one is taken."), limit=40)
    line1 = forms.text(_("Street and number"), autocomplete="off")
    line2 = forms.text(_("Address, second line"), autocomplete="off")
    postal_code = forms.text(_("Postal code"), autocomplete="off", limit=20)
    city = forms.text(_("City"), autocomplete="off")
    region = forms.text(_("Region"), autocomplete="off")
    country = forms.choice(_("Country"))
    vat_id = forms.text(_("VAT ID"), autocomplete="off", limit=40)
    tax_number = forms.text(_("Tax number"), autocomplete="off", limit=40)
    currency = forms.choice(_("Currency"))
    language = forms.choice(_("Language of documents"))
    net_days = forms.number(_("Payment terms"), hint=_("Days after the issue date."))
    end_of_month = forms.tick(_("Due at the end of that month"))
    discount_percent = forms.number(
        _("Early payment"), hint=_("What paying early takes off, in percent.")
    )
    discount_days = forms.number(_("Within"), hint=_("Days after the issue date."))
    tax_treatment = forms.choice(_("Tax treatment"), required=False)
    price_list = forms.text(_("Price list"), limit=40)
    delivery_channel = forms.choice(_("Documents go by"), required=False)
    delivery_format = forms.choice(_("Format"), required=False)
    buyer_reference = forms.text(
        _("Buyer reference"), hint=_("Their order desk's code, such as a Leitweg-ID.")
    )
    notes = forms.long_text(_("Notes"), hint=_("Only your team sees them."))
    version = django_forms.CharField(required=False, widget=django_forms.HiddenInput)


class GuestForm(forms.PaperForm):
    """Whom of a client one asks in."""

    email = forms.email(_("E-mail"), required=True, autocomplete="off")
    name = forms.text(_("Name"), autocomplete="off")
