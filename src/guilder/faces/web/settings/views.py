"""The settings pages: organization, documents, taxes, mail."""

import base64
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.invoices.listing import identity as id_of
from guilder.faces.web.settings.forms import (
    DocumentsForm,
    MailForm,
    OrganizationForm,
    SeriesForm,
    TaxCodeForm,
)
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.papers.rendering.look import logo_type
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering import queries as series_of
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles
from guilder.registers.tax import operations as taxes
from guilder.registers.tax import queries as codes_of

PROFILE = ("legal_name", "trading_name", "line1", "line2", "postal_code", "city", "country",
           "vat_id", "tax_number", "email", "phone", "website", "account_holder", "iban",
           "bic")  # fmt: skip
STYLES = {"meridian": "Meridian", "atlas": "Atlas", "plain": "Plain"}
PAPERS = {"a4": "A4", "letter": "US Letter"}
PERIODS = {"year": _("Every year"), "month": _("Every month"), "none": _("Never")}
SECURITIES = {"starttls": "STARTTLS", "tls": "TLS", "none": _("None")}
LOGO_BYTES = 1 << 20


def frame(visit: Visit, current: str) -> dict[str, Any]:
    """What every settings page gets."""
    tabs = (
        (_("Organization"), "web:settings"),
        (_("Documents"), "web:settings_documents"),
        (_("Taxes"), "web:settings_taxes"),
        (_("Mail"), "web:settings_mail"),
    )
    return {
        "title": next(label for label, route in tabs if route == current),
        "tabs": [
            SimpleNamespace(label=label, url=reverse(route), current=route == current, count="")
            for label, route in tabs
        ],
        "may": {"edit": visit.by.may("settings.edit")},
    }


def shown(
    request: HttpRequest, visit: Visit, current: str, template: str, words: dict[str, Any]
) -> HttpResponse:
    """A settings page; 422 when its form came back."""
    form = words.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, template, frame(visit, current) | words, status=status)


@page("settings", "settings.view")
def organization(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who invoices."""
    with visit.reading():
        profile = profiles.seller_profile(visit.by.organization_id)
    own = visit.organization
    initial = {
        **{name: getattr(profile, name) for name in PROFILE if profile},
        "registration": profile.legal_registration if profile else "",
        "base_currency": own.base_currency,
        "time_zone": own.time_zone,
        "language": own.language,
    }
    form = OrganizationForm(
        request.POST or None,
        initial=initial,
        choices={
            "country": choices.countries(),
            "base_currency": choices.currencies(own.base_currency),
            "time_zone": zones(own.time_zone),
            "language": choices.languages(),
        },
    )
    form.fields["base_currency"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            store_organization(form.cleaned_data, visit)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/legal_registration": "registration"})
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("web:settings")
    return shown(request, visit, "web:settings", "settings/organization.html", {"form": form})


def zones(current: str) -> choices.Pairs:
    """The time zones, with the present one even where it has no place."""
    found = choices.time_zones()
    return found if current in dict(found) else [(current, current), *found]


def store_organization(given: dict[str, Any], visit: Visit) -> None:
    """Profile and region, both or neither."""
    with visit.reading():
        parties.set_seller_profile(
            by=visit.by,
            data={name: given[name] for name in PROFILE}
            | {"legal_registration": given["registration"]},
        )
        region = {"time_zone": given["time_zone"], "language": given["language"]}
        identity.update_organization(by=visit.by, data={**region, "name": visit.organization.name})


@page("settings", "settings.view")
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How documents look, and how they are numbered."""
    if request.method == "POST" and request.POST.get("what") == "series":
        return numbered(request, visit)
    with visit.reading():
        look = looks.look_of(by=visit.by)
        profile = profiles.seller_profile(visit.by.organization_id)
    terms = profile.terms if profile else {}
    initial = {
        **{name: getattr(look, name) for name in ("style", "paper", "header", "footer", "closing")},
        "accent": look.color,
        "net_days": terms.get("due", {}).get("days", 0),
    }
    form = DocumentsForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        choices={"style": choices.pairs(STYLES), "paper": choices.pairs(PAPERS)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            store_look(form.cleaned_data, visit)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/color": "accent", "/terms": "net_days"})
        else:
            messages.success(request, _("Documents look like this from now on."))
            return redirect("web:settings_documents")
    words = {
        "form": form,
        "logo_url": data_url(look.logo),
        "styles": [
            SimpleNamespace(
                value=value, label=label, image_url="", checked=value == form["style"].value()
            )
            for value, label in STYLES.items()
        ],
        "series": series(visit),
    }
    return shown(request, visit, "web:settings_documents", "settings/documents.html", words)


def data_url(logo: bytes) -> str:
    """The logo inside the page."""
    if not logo:
        return ""
    ending = {"jpg": "jpeg", "svg": "svg+xml"}.get(logo_type(logo), logo_type(logo))
    return f"data:image/{ending};base64,{base64.b64encode(logo).decode()}"


def store_look(given: dict[str, Any], visit: Visit) -> None:
    """Design, texts, logo and usual terms."""
    data = {name: given[name] for name in ("style", "paper", "header", "footer", "closing")}
    days = typed.number(given["net_days"]) or "0"
    upload = given["logo"]
    with visit.reading():
        rendering.set_style(by=visit.by, data={**data, "color": given["accent"]})
        parties.set_seller_profile(by=visit.by, data={"terms": {"due": {"days": days}}})
        if upload is not None:
            logo = upload.read(LOGO_BYTES + 1)
            rendering.set_logo(by=visit.by, data=logo, filename=upload.name)
        elif given["remove_logo"]:
            rendering.set_logo(by=visit.by, data=b"", filename="")


def series(visit: Visit) -> list[SimpleNamespace]:
    """Every series with its form and what comes next."""
    made = []
    of = visit.by.organization_id
    with visit.reading():
        for one in series_of.list_series(of):
            following = series_of.next_number(of, one, on=visit.today)
            form = SeriesForm(
                prefix=f"s{one.id.hex}",
                auto_id=f"id_s{one.id.hex}_%s",
                choices={"period": choices.pairs(PERIODS)},
                initial={
                    "pattern": one.pattern,
                    "period": one.period,
                    "next_number": one.start_at,
                },
            )
            first = series_of.first_number(one, on=visit.today)
            made.append(
                SimpleNamespace(
                    id=one.id,
                    kind=choices.KINDS.get(one.kind, one.kind),
                    form=form,
                    example=following,
                    last_number="",
                    locked=following != first,
                )
            )
    return made


def numbered(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Change one series."""
    chosen = id_of(request.POST.get("series", "")) or UUID(int=0)
    prefix = f"s{chosen.hex}"
    data: dict[str, Any] = {
        name: request.POST[f"{prefix}-{name}"].strip()
        for name in ("pattern", "period")
        if f"{prefix}-{name}" in request.POST
    }
    begin = typed.number(request.POST.get(f"{prefix}-next_number", ""))
    if begin:
        data["start_at"] = begin
    try:
        numbering.update_series(chosen, by=visit.by, data=data)
    except (Invalid, Conflict) as error:
        for problem in error.problems or (error,):
            messages.error(request, problem.detail)
    else:
        messages.success(request, _("The series is saved."))
    return redirect("web:settings_documents")


@page("settings", "settings.view")
def tax_codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tax codes with their dated rates; a new code, or a new rate of one."""
    form = TaxCodeForm(
        request.POST or None,
        initial={"valid_from": visit.today, "category": "S"},
        choices={
            "category": [(key, f"{key} · {word}") for key, word in choices.CATEGORIES.items()]
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            store_tax(form.cleaned_data, visit)
        except GuilderError as error:
            typed.refuse(form, error, {})
        else:
            messages.success(request, _("The tax code is saved."))
            return redirect("web:settings_taxes")
    with visit.reading():
        found = codes_of.list_tax_codes(visit.by.organization_id)
    words = {"form": form, "codes": [code_row(one) for one in found]}
    return shown(request, visit, "web:settings_taxes", "settings/taxes.html", words)


def code_row(code: Any) -> dict[str, Any]:
    """One code as the table draws it."""
    rates = sorted(code.rates.all(), key=lambda rate: rate.valid_from, reverse=True)
    return {
        "code": code.code,
        "name": code.name,
        "category": code.category,
        "category_text": choices.CATEGORIES.get(code.category, ""),
        "exemption": code.exemption_reason,
        "active": code.is_active,
        "rates": [
            {
                "percent": rate.percent,
                "from": rate.valid_from,
                "to": rate.valid_to,
                "source": rate.source,
            }
            for rate in rates[:2]
        ],
    }


def store_tax(given: dict[str, Any], visit: Visit) -> None:
    """A new code; one that exists gets another rate."""
    percent = typed.number(given["percent"])
    data: dict[str, Any] = {
        **{name: given[name] for name in ("code", "name", "category", "exemption_reason")},
        "valid_from": given["valid_from"].isoformat(),
    }
    if percent:
        data["percent"] = percent
    with visit.reading():
        known = {one.code: one for one in codes_of.list_tax_codes(visit.by.organization_id)}
        if given["code"] in known:
            taxes.add_rate(known[given["code"]].id, by=visit.by, data=data)
        else:
            taxes.create_tax_code(by=visit.by, data=data)


@page("settings", "settings.view")
def mail(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who mails come from, by which server, and what they say."""
    own = visit.organization.language
    with visit.reading():
        chosen = mails.get_mail_settings(by=visit.by)
        subject, text = mails.words_of(visit.by.organization_id, kind="invoice", language=own)
    initial = {
        **{name: getattr(chosen, name) for name in
           ("sender_name", "sender_email", "reply_to", "host", "port", "security")},
        "username": chosen.user,
        "subject": subject,
        "body": text,
    }  # fmt: skip
    form = MailForm(
        request.POST or None,
        initial=initial,
        choices={"security": choices.pairs(SECURITIES)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            store_mail(form.cleaned_data, visit, words=(subject, text))
            if request.POST.get("do") == "test":
                dispatch.send_test(by=visit.by, to=visit.email, at=visit.now)
        except GuilderError as error:
            typed.refuse(form, error, {"/user": "username", "/text": "body"})
        else:
            messages.success(request, mail_words(request, visit))
            return redirect("web:settings_mail")
    words = {
        "form": form,
        "words": [
            {"name": "{{ " + name + " }}", "meaning": meaning}
            for name, meaning in mails.placeholders()
        ],
        "outbox_url": reverse("web:outbox"),
    }
    return shown(request, visit, "web:settings_mail", "settings/mail.html", words)


def mail_words(request: HttpRequest, visit: Visit) -> str:
    """What was done."""
    if request.POST.get("do") == "test":
        return _("A test went to %(to)s.") % {"to": visit.email}
    return _("The mail settings are saved.")


def store_mail(given: dict[str, Any], visit: Visit, *, words: tuple[str, str]) -> None:
    """Server and sender; the words only where they were changed."""
    data = {
        **{name: given[name] for name in
           ("sender_name", "sender_email", "reply_to", "host", "security")},
        "port": given["port"] or "587",
        "user": given["username"],
    }  # fmt: skip
    if given["password"]:
        data["password"] = given["password"]
    typed_words = (given["subject"], given["body"].replace("\r\n", "\n").strip())
    with visit.reading():
        dispatch.set_mail_settings(by=visit.by, data=data)
        if typed_words != (words[0], words[1].strip()):
            dispatch.set_template(
                by=visit.by,
                data={
                    "kind": "invoice",
                    "language": visit.organization.language,
                    "subject": typed_words[0],
                    "text": typed_words[1],
                },
            )
