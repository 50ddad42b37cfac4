"""The forms of the settings pages."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import forms


class Versioned(forms.PaperForm):
    """A form that knows from which version it was drawn."""

    version = django_forms.CharField(required=False, widget=django_forms.HiddenInput)


class OrganizationForm(Versioned):
    """Who invoices: what the law wants on every document."""

    legal_name = forms.text(
        _("Legal name"),
        required=True,
        autocomplete="organization",
        hint=_("The seller on every document from the next one on."),
    )
    trading_name = forms.text(_("Trading name"), hint=_("Stands on top where you have one."))
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
    legal_information = forms.text(
        _("More that the law wants"),
        limit=400,
        hint=_("Managing directors, share capital: at the foot of every document."),
    )
    contact_name = forms.text(_("Contact person"), autocomplete="name")
    email = forms.email(_("E-mail"), autocomplete="email")
    phone = forms.text(_("Phone"), autocomplete="tel", limit=40)
    website = forms.text(_("Website"), autocomplete="url")
    base_currency = forms.choice(
        _("Base currency"), required=False, hint=_("The books are kept in it; it stays.")
    )
    time_zone = forms.choice(_("Time zone"), hint=_("Says what today is."))
    language = forms.choice(
        _("Language of documents"), hint=_("Where nothing else was agreed with a client.")
    )
    tax_rounding = forms.choice(
        _("Tax is rounded"), hint=_("Holds for new documents; issued ones keep their own.")
    )


class LookForm(Versioned):
    """How documents look, and what stands on each."""

    style = forms.choice(_("Design"))
    color = forms.text(
        _("Brand colour"),
        limit=7,
        hint=_("Such as #0f5a48. White text must be readable on it, else the text turns dark."),
    )
    accent = forms.text(_("Second colour"), limit=7, hint=_("Used sparingly, for small marks."))
    logo = django_forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or SVG, up to 1 MB.")
    )
    remove_logo = forms.tick(_("Remove the logo"))
    paper = forms.choice(_("Paper size"))
    payment_code = forms.tick(
        _("Print a payment code"), hint=_("Banking apps read it; needs an IBAN and euros.")
    )
    header = forms.text(_("Header line"))
    intro = forms.long_text(_("Opening text"), hint=_("Stands before the lines of every document."))
    closing = forms.long_text(
        _("Closing text"), hint=_("Stands under the totals of every document.")
    )
    footer = forms.text(_("Footer line"), limit=400)
    net_days = forms.number(_("Payment terms"), hint=_("Days, where nothing else was agreed."))


class SeriesForm(Versioned):
    """One run of gapless numbers."""

    pattern = forms.text(_("Pattern"), required=True, limit=60)
    period = forms.choice(_("Starts again"))
    next_number = forms.number(_("Next number"), hint=_("Only before the first number is given."))


class NewSeriesForm(forms.PaperForm):
    """A further run of numbers, for a branch or a fresh start."""

    kind = forms.choice(_("For"))
    code = forms.text(_("Code"), required=True, limit=40, hint=_("Short, such as INV-B."))
    pattern = forms.text(
        _("Pattern"), required=True, limit=60, hint=_("Such as B-{year}-{counter:05d}.")
    )
    period = forms.choice(_("Starts again"))
    start_at = forms.number(_("First number"))
    is_default = forms.tick(
        _("Use it from now on"), hint=_("The series used so far rests; its numbers stay.")
    )


class TaxCodeForm(forms.PaperForm):
    """A tax code of the organization's own, or another rate of one that is there."""

    code = forms.text(_("Code"), required=True, limit=40)
    name = forms.text(_("Name"), required=True)
    category = forms.choice(_("Category"))
    percent = forms.number(_("Rate, percent"))
    valid_from = forms.day(_("Valid from"), required=True)
    source = forms.text(_("Source"), hint=_("The law or notice that says so, for later."))
    exemption_reason = forms.text(_("Why no tax is charged"), limit=400)


class WordsForm(Versioned):
    """What a mail of one kind says in one language."""

    subject = forms.text(_("Subject"), limit=300)
    body = forms.long_text(_("Text"), rows=12, limit=20_000)


class MailForm(Versioned):
    """Who mails come from, by which server, and where returned ones arrive."""

    sender_name = forms.text(_("Sender name"), hint=_("Empty: your organization's name."))
    sender_email = forms.email(_("Sender address"))
    reply_to = forms.email(_("Answers go to"))
    copy_to = forms.email(_("A copy of everything goes to"))
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
    imap_host = forms.text(
        _("IMAP server"), hint=_("Returned mail is looked for here, every five minutes.")
    )
    imap_port = forms.number(_("IMAP port"))
    imap_security = forms.choice(_("IMAP security"))
    imap_user = forms.text(_("IMAP user name"), autocomplete="off")
    imap_password = forms.secret(
        _("IMAP password"),
        required=False,
        hint=_("Left empty, the stored one stays."),
        autocomplete="new-password",
    )
    imap_folder = forms.text(_("Folder"))


class AccountForm(Versioned):
    """An account of the chart."""

    code = forms.text(_("Account code"), required=True, limit=20)
    name = forms.text(_("Account name"), required=True, limit=120)
    kind = forms.choice(_("Kind"))
    role = forms.choice(
        _("What is booked there"),
        required=False,
        hint=_("By the program itself; one account each."),
    )
    is_active = forms.tick(_("In use"))


class RateForm(forms.PaperForm):
    """One exchange rate."""

    base = forms.choice(_("One unit of"))
    rate = forms.number(_("costs"), required=True)
    quote = forms.choice(_("of"))
    on = forms.day(_("On"), required=True)
    source = forms.text(_("Source"), limit=80, hint=_("Such as your bank or customs office."))


class RatesFileForm(forms.PaperForm):
    """The European Central Bank's file."""

    file = django_forms.FileField(
        label=_("ECB file"), help_text=_("XML, CSV or ZIP, as the ECB offers it.")
    )


class BankForm(forms.PaperForm):
    """An account that clients pay to."""

    label = forms.text(_("What you call it"), required=True, limit=80)
    holder = forms.text(_("Account holder"), hint=_("Empty: your legal name."))
    iban = forms.text(_("IBAN"), required=True, limit=42, spellcheck="false")
    bic = forms.text(_("BIC"), limit=11, spellcheck="false")
    is_shown = forms.tick(_("Print it on documents"), hint=_("The one printed so far rests."))


REFERENCES = [
    ("", _("The document's number")),
    ("RF", _("RF reference (ISO 11649)")),
    ("OGM", _("Belgium: structured communication")),
    ("FI", _("Finland: reference number")),
    ("KID", _("Norway: KID")),
    ("QRR", _("Switzerland: QR reference")),
]


class ReferenceForm(Versioned):
    """What clients quote when they pay."""

    reference_scheme = forms.choice(
        _("Payment reference"),
        required=False,
        hint=_("Made of the number, with check digits that catch a slip of the pen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference_scheme"].choices = REFERENCES  # type: ignore[attr-defined]


class ImportForm(forms.PaperForm):
    """Papers from another program."""

    file = django_forms.FileField(
        label=_("File"), help_text=_("CSV, JSON, UBL, CII, Factur-X or XRechnung, up to 10 MB.")
    )


class HistoryForm(forms.PaperForm):
    """What to know of papers that an earlier system issued."""

    file = django_forms.CharField(widget=django_forms.HiddenInput)
    on = forms.day(
        _("Day of the change"),
        required=True,
        hint=_("What is unpaid is booked on this day, against the opening account."),
    )
    open = forms.choice(_("What is unpaid of them"))
    listed = django_forms.FileField(
        label=_("List of what is unpaid"),
        required=False,
        help_text=_("CSV with two columns: number and amount. Papers that it leaves out are paid."),
    )


class OpeningForm(forms.PaperForm):
    """What the accounts stood at in an earlier system."""

    opened_on = forms.day(_("Day of the change"), required=True)
    balances = django_forms.FileField(
        label=_("Balances"),
        help_text=_("CSV with two columns: account and balance. Credit balances stand with minus."),
    )


class ProfileForm(Versioned):
    """Who somebody is, and how they want to read."""

    name = forms.text(_("Name"), required=True, autocomplete="name")
    phone = forms.text(_("Phone"), limit=40, autocomplete="tel")
    picture = django_forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("PNG or JPEG, up to 5 MB. It is cut square."),
    )
    remove_picture = forms.tick(_("Remove the picture"))
    language = forms.choice(_("Language"), required=False)
    formats = forms.choice(_("Figures and dates"), required=False)
    time_zone = forms.choice(
        _("Time zone"), required=False, hint=_("For times; what today is, the organization says.")
    )


class PasswordForm(forms.PaperForm):
    """A new password for oneself."""

    current = forms.secret(_("Current password"), autocomplete="current-password")
    password = forms.secret(_("New password"), autocomplete="new-password")

    def __init__(self, *args: Any, has_password: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["current"]


class AppForm(forms.PaperForm):
    """The first code of an authenticator app."""

    code = forms.text(
        _("Code that the app shows"),
        required=True,
        limit=10,
        autocomplete="one-time-code",
        inputmode="numeric",
    )


class InviteForm(forms.PaperForm):
    """Somebody who is asked in by mail."""

    email = forms.email(_("Mail address"), required=True, autocomplete="off")
    name = forms.text(_("Name"), autocomplete="off")
    role = forms.choice(_("Role"))


class MemberForm(forms.PaperForm):
    """What a member may, whose team they are in, and up to how much they approve."""

    role = forms.choice(_("Role"))
    lead = forms.choice(_("In the team of"), required=False)
    limit = forms.number(_("Approves up to"), hint=_("Empty: without a limit."))


class NewRoleForm(forms.PaperForm):
    """A role of the organization's own, begun as one of the six."""

    name = forms.text(_("Name"), required=True, limit=40, hint=_("Such as Billing assistant."))
    based_on = forms.choice(_("Begins as"))


class RoleForm(Versioned):
    """What a role is called, and which rows it sees."""

    name = forms.text(_("Name"), required=True, limit=40)
    row_rule = forms.choice(_("Sees"))


class ApprovalForm(Versioned):
    """From which amount on somebody must agree before a document is issued."""

    is_active = forms.tick(_("Ask for an approval before issue"))
    amount = forms.number(_("Above"), hint=_("What is not above it is issued without asking."))
    refunds_above = forms.number(
        _("Refunds above"), hint=_("Somebody else must approve these. Empty: none.")
    )
    grace_days = forms.number(
        _("Days of grace"), hint=_("So late a payment still keeps its early payment discount.")
    )
    tolerance = forms.number(
        _("Tolerance"), hint=_("By so much more than the discount a payment may be short.")
    )
    sealed_uploads = forms.tick(
        _("Managers open uploaded documents by signed links only"),
        hint=_("A link is for one person and valid for five minutes."),
    )


class TaxOfficeForm(forms.PaperForm):
    """Whether what is issued is recorded and coded for the tax office."""

    is_on = forms.tick(_("Print the tax office's code on what is issued"))
    producer = forms.text(
        _("Producer of the program"),
        hint=_("Who answers for it. Empty: your organization."),
        limit=120,
    )
    producer_nif = forms.text(_("NIF of the producer"), limit=20)
