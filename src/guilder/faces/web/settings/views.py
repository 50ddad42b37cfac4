"""Settings: the organization, taxes, mail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.settings.forms import MailForm, OrganizationForm, TaxCodeForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, Invalid, Unavailable
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles
from guilder.registers.tax import operations as tax
from guilder.registers.tax import queries as taxes
from guilder.registers.tax.models import TaxCode

SELLER = (
    "legal_name",
    "trading_name",
    "line1",
    "line2",
    "postal_code",
    "city",
    "country",
    "vat_id",
    "tax_number",
    "email",
    "phone",
    "website",
    "account_holder",
    "iban",
    "bic",
)
SENDER = ("sender_name", "sender_email", "reply_to", "host", "port", "security")
MAIL_KIND = "invoice"


@page("settings", "settings.view")
def organization(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who invoices: what the law wants on every document."""
    home = visit.organization
    with visit.reading():
        profile = profiles.seller_profile(home.id)
    initial: dict[str, Any] = {name: getattr(profile, name, "") for name in SELLER} | {
        "registration": profile.legal_registration if profile else "",
        "base_currency": home.base_currency,
        "time_zone": home.time_zone,
        "language": home.language,
    }
    form = OrganizationForm(
        request.POST or None,
        initial=initial,
        choices={
            "country": choices.countries(),
            "base_currency": choices.currencies(home.base_currency),
            "time_zone": with_own(choices.time_zones(), home.time_zone),
            "language": choices.languages(),
        },
    )
    form.fields["base_currency"].disabled = True
    if request.method != "POST" or not form.is_valid():
        return panel(request, visit, "settings", form=form, is_refused=bool(form.errors))
    try:
        save_organization(form.cleaned_data, visit, before=initial)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {"/legal_registration": "registration"})
        return panel(request, visit, "settings", form=form, is_refused=True)
    messages.success(request, _("The organization is saved."))
    return redirect("web:settings")


def with_own(pairs: choices.Pairs, own: str) -> choices.Pairs:
    """Choices that hold what is stored, whatever it is."""
    return pairs if own in dict(pairs) else [(own, own), *pairs]


def save_organization(given: dict[str, Any], visit: Visit, *, before: dict[str, Any]) -> None:
    """Profile and region in one transaction; the short name follows where it was the same."""
    data = {name: given[name] for name in SELLER}
    region = {"time_zone": given["time_zone"], "language": given["language"]}
    if visit.organization.name in {before["legal_name"], before["trading_name"]}:
        region["name"] = given["trading_name"] or given["legal_name"]
    with transaction(visit.by.organization_id):
        parties.set_seller_profile(
            by=visit.by, data=data | {"legal_registration": given["registration"]}
        )
        identity.update_organization(by=visit.by, data=region)


@page("settings", "tax.view")
def tax_codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tax codes with their dated rates; a new code, or another rate of one that is there."""
    form = TaxCodeForm(
        request.POST or None,
        initial={"category": "S", "valid_from": visit.today},
        choices={
            "category": [(code, f"{code}, {word}") for code, word in choices.CATEGORIES.items()]
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_tax_code(form.cleaned_data, visit)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {})
        else:
            messages.success(request, _("The tax code is saved."))
            return redirect("web:settings_taxes")
    with visit.reading():
        codes = [drawn(code) for code in taxes.list_tax_codes(visit.by.organization_id)]
    return panel(
        request,
        visit,
        "settings_taxes",
        edits="tax.edit",
        codes=codes,
        form=form,
        is_refused=bool(form.errors),
    )


def save_tax_code(given: dict[str, Any], visit: Visit) -> None:
    """A code that is there gets a rate from that day on; another one is made."""
    rate = {
        "percent": typed.number(given["percent"]) or None,
        "valid_from": given["valid_from"].isoformat(),
    }
    with transaction(visit.by.organization_id):
        codes = taxes.list_tax_codes(visit.by.organization_id)
        known = next((one for one in codes if one.code == given["code"]), None)
        if known:
            tax.add_rate(known.id, by=visit.by, data=rate)
            return
        words = {name: given[name] for name in ("code", "name", "category", "exemption_reason")}
        tax.create_tax_code(by=visit.by, data=words | (rate if rate["percent"] else {}))


def drawn(code: TaxCode) -> dict[str, Any]:
    """A tax code as the list draws it, the newest rate first."""
    rates = sorted(code.rates.all(), key=lambda rate: rate.valid_from, reverse=True)
    return {
        "code": code.code,
        "name": code.name,
        "category": code.category,
        "category_text": choices.CATEGORIES[code.category],
        "rates": [
            {
                "percent": rate.percent,
                "from": rate.valid_from,
                "to": rate.valid_to,
                "source": rate.source,
            }
            for rate in rates
        ],
        "exemption": code.exemption_reason,
        "active": code.is_active,
    }


@sensitive_post_parameters("password")
@page("settings", "settings.view")
def mail(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who mails come from, by which server, and what they say; a test to see that it works."""
    stored = mails.get_mail_settings(by=visit.by)
    subject, body = mails.words_of(
        visit.by.organization_id, kind=MAIL_KIND, language=visit.organization.language
    )
    form = MailForm(
        request.POST or None,
        initial={name: getattr(stored, name) for name in SENDER}
        | {"username": stored.user, "subject": subject, "body": body},
        choices={
            "security": [
                ("starttls", _("STARTTLS")),
                ("tls", _("TLS")),
                ("none", _("None, for a server on this machine")),
            ]
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_mail(form.cleaned_data, visit, words=(subject, body))
        except (Invalid, Conflict) as error:
            fields = {"/user": "username", "/text": "body"}
            typed.refuse(form, error, fields)
        else:
            messages.success(request, _("The mail settings are saved."))
            if request.POST.get("do") == "test":
                try_mail(request, visit)
            return redirect("web:settings_mail")
    words = [
        {"name": f"{{{{ {name} }}}}", "meaning": meaning}
        for name, meaning in mails.VOCABULARY.items()
    ]
    return panel(
        request, visit, "settings_mail", form=form, words=words, is_refused=bool(form.errors)
    )


def save_mail(given: dict[str, Any], visit: Visit, *, words: tuple[str, str]) -> None:
    """Server and words in one transaction; an empty password leaves the stored one."""
    data = {name: given[name] for name in SENDER} | {"user": given["username"]}
    if given["password"]:
        data["password"] = given["password"]
    text = given["body"].replace("\r\n", "\n").strip()
    with transaction(visit.by.organization_id):
        dispatch.set_mail_settings(by=visit.by, data=data)
        if (given["subject"], text) != (words[0].strip(), words[1].strip()):
            dispatch.set_template(
                by=visit.by,
                data={
                    "kind": MAIL_KIND,
                    "language": mail_language(visit),
                    "subject": given["subject"],
                    "text": text,
                },
            )


def mail_language(visit: Visit) -> str:
    """The organization's language as far as there are words in it."""
    return visit.organization.language.partition("-")[0]


def try_mail(request: HttpRequest, visit: Visit) -> None:
    """Send a mail to who asks, and say what the server said."""
    try:
        dispatch.send_test(by=visit.by, to=visit.email, at=visit.now)
    except (Invalid, Conflict, Unavailable) as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, _("A test is on its way to %(to)s.") % {"to": visit.email})
