"""The forms of the settings pages."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class OrganizationForm(forms.PaperForm):
    """Who invoices: what the law wants on every document."""

    legal_name = forms.text(_("Legal name"), required=True, autocomplete="organization")
    trading_name = forms.text(_("Trading name"))
    line1 = forms.text(_("Street and number"), autocomplete="address-line1")
    line2 = forms.text(_("Address, second line"), autocomplete="address-line2")
    postal_code = forms.text(_("Postal code"), autocomplete="postal-code", limit=20)
    city = forms.text(_("City"), autocomplete="address-level2")
    country = forms.choice(_("Country"))
    vat_id = forms.text(_("VAT ID"), limit=40)
    tax_number = forms.text(_("Tax number"), limit=40)
    registration = forms.text(
        _("Register entry"), hint=_("Court and number, such as Amtsgericht Hamburg HRB 99 120.")
    )
    email = forms.email(_("E-mail"), autocomplete="email")
    phone = forms.text(_("Phone"), autocomplete="tel")
    website = forms.text(_("Website"), autocomplete="url")
    account_holder = forms.text(_("Account holder"))
    iban = forms.text(_("IBAN"), limit=42)
    bic = forms.text(_("BIC"), limit=11)
    base_currency = forms.choice(
        _("Base currency"), required=False, hint=_("The books are kept in it; it stays.")
    )
    time_zone = forms.choice(_("Time zone"), hint=_("Says what today is."))
    language = forms.choice(_("Language of documents"))


class DocumentsForm(forms.PaperForm):
    """How documents look, what stands on each, and how they are numbered."""

    style = forms.choice(_("Design"))
    accent = forms.text(
        _("Brand colour"),
        limit=7,
        hint=_("Such as #0f5a48. White text must be readable on it, else the text turns dark."),
    )
    logo = django_forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or SVG, up to 1 MB.")
    )
    remove_logo = forms.tick(_("Remove the logo"))
    paper = forms.choice(_("Paper size"))
    header = forms.text(_("Header line"))
    footer = forms.text(_("Footer line"))
    closing = forms.long_text(
        _("Closing text"), hint=_("Stands under the totals of every invoice.")
    )
    net_days = forms.number(_("Payment terms"), hint=_("Days, where nothing else was agreed."))


class SeriesForm(forms.PaperForm):
    """One run of gapless numbers."""

    pattern = forms.text(_("Pattern"), required=True, limit=60)
    period = forms.choice(_("Starts again"))
    next_number = forms.number(_("Next number"), hint=_("Only before the first number is given."))


class TaxCodeForm(forms.PaperForm):
    """A tax code of the organization's own."""

    code = forms.text(_("Code"), required=True, limit=40)
    name = forms.text(_("Name"), required=True)
    category = forms.choice(_("Category"))
    percent = forms.number(_("Rate, percent"))
    valid_from = forms.day(_("Valid from"), required=True)
    exemption_reason = forms.text(_("Why no tax is charged"))


class MailForm(forms.PaperForm):
    """Who mails come from, by which server, and what they say."""

    sender_name = forms.text(_("Sender name"))
    sender_email = forms.email(_("Sender address"))
    reply_to = forms.email(_("Answers go to"))
    host = forms.text(_("SMTP server"), hint=_("Empty: the installation's own server sends."))
    port = forms.number(_("Port"))
    security = forms.choice(_("Security"))
    username = forms.text(_("User name"), autocomplete="off")
    password = forms.secret(
        _("Password"),
        required=False,
        hint=_("Left empty, the stored one stays."),
        autocomplete="new-password",
    )
    subject = forms.text(_("Subject"))
    body = forms.long_text(_("Text"), rows=8)
