"""Settings of mail: sender, server, returned mail; and what mails say."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import choices, formats, typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.settings.forms import MailForm, WordsForm
from guilder.faces.web.settings.frame import again, clash_of, panel
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid, Stale, Unavailable
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails

STORED = (
    "sender_name", "sender_email", "reply_to", "copy_to", "host", "port", "security", "imap_host",
    "imap_port", "imap_security", "imap_user", "imap_folder",
)  # fmt: skip
SECRETS = ("password", "imap_password")


@sensitive_post_parameters("password", "imap_password")
@page("settings", "settings.view")
def mail(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who mails come from and by which server; a test to see that it works."""
    record = mails.get_mail_settings(by=visit.by)
    stored = {name: getattr(record, name) for name in STORED}
    stored |= {"username": record.user, "version": str(record.version)}
    form = mail_form(stored, request.POST or None)
    words: dict[str, Any] = {"server": record.server, "record": record}
    if request.method != "POST" or not form.is_valid():
        return panel(
            request, visit, "settings_mail", form=form, is_refused=bool(form.errors), **words
        )
    try:
        save_mail(form.cleaned_data, visit)
    except Stale:
        clash = clash_of(form, stored)
        form = mail_form(stored, again(request, stored))
        return panel(request, visit, "settings_mail", form=form, clash=clash, **words)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {"/user": "username"})
        return panel(request, visit, "settings_mail", form=form, is_refused=True, **words)
    messages.success(request, _("The mail settings are saved."))
    if request.POST.get("do") == "test":
        try_mail(request, visit)
    return redirect("web:settings_mail")


def mail_form(stored: dict[str, Any], post: Any = None) -> MailForm:
    """The form over what is stored; passwords never leave the house."""
    securities = [
        ("starttls", _("STARTTLS")),
        ("tls", _("TLS")),
        ("none", _("None, for a server on this machine")),
    ]
    return MailForm(
        post, initial=stored, choices={"security": securities, "imap_security": securities}
    )


def save_mail(given: dict[str, Any], visit: Visit) -> None:
    """An empty password leaves the stored one."""
    data = {name: given[name] for name in STORED} | {"user": given["username"]}
    data |= {name: given[name] for name in SECRETS if given[name]}
    version = typed.version(given["version"])
    dispatch.set_mail_settings(by=visit.by, data=data, version=version)


def try_mail(request: HttpRequest, visit: Visit) -> None:
    """Send a mail to who asks, and say what the server said."""
    try:
        dispatch.send_test(by=visit.by, to=visit.email, at=visit.now)
    except (Invalid, Conflict, Unavailable) as error:
        messages.error(request, said(error.detail))
    else:
        messages.success(request, _("A test is on its way to %(to)s.") % {"to": visit.email})


@page("settings", "settings.view")
def words(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What mails say: a kind in a language, with the mail that comes of it beside."""
    kind, language = asked_words(request, visit)
    subject, body = mails.words_of(visit.by.organization_id, kind=kind, language=language)
    own = {(one.kind, one.language): one for one in mails.list_templates(by=visit.by)}
    form = WordsForm(
        request.POST or None, initial={"subject": subject, "body": body.strip(), "version": ""}
    )
    if request.method == "POST" and form.is_valid():
        try:
            if form.has_changed():
                save_words(form.cleaned_data, visit, kind=kind, language=language)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/text": "body", "": "body"})
        else:
            messages.success(request, _("The words are saved."))
            return redirect(f"{reverse('web:settings_words')}?kind={kind}&language={language}")
    return panel(
        request,
        visit,
        "settings_words",
        form=form,
        kind=kind,
        language=language,
        kinds=kind_tabs(kind, language),
        languages=[(code, name, (kind, code) in own) for code, name in choices.languages()],
        is_own=(kind, language) in own,
        vocabulary=[
            {"name": f"{{{{ {name} }}}}", "meaning": said(meaning)}
            for name, meaning in mails.placeholders()
        ],
        preview=previewed(form["subject"].value(), form["body"].value(), visit, language=language),
        is_refused=bool(form.errors),
    )


@page("settings", "settings.view", methods="POST")
def words_preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The mail that comes of what is typed; nothing is stored."""
    _kind, language = asked_words(request, visit)
    found = previewed(
        request.POST.get("subject", ""), request.POST.get("body", ""), visit, language=language
    )
    return render(request, "settings/words.html#preview", {"preview": found})


@page("settings", "settings.edit", methods="POST")
def words_reset(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Our own words again."""
    kind, language = asked_words(request, visit)
    data = {"kind": kind, "language": language, "subject": "", "text": ""}
    dispatch.set_template(by=visit.by, data=data)
    messages.success(request, _("Our words are back."))
    return redirect(f"{reverse('web:settings_words')}?kind={kind}&language={language}")


def asked_words(request: HttpRequest, visit: Visit) -> tuple[str, str]:
    """(kind, language) of the address or the form; the invoice in the organization's language."""
    kinds = mails.template_kinds()
    spoken = dict(choices.languages())
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    language = request.POST.get("language") or request.GET.get("language", "")
    usual = visit.organization.language.partition("-")[0]
    return (
        kind if kind in kinds else kinds[0],
        language if language in spoken else usual if usual in spoken else "en",
    )


def kind_tabs(kind: str, language: str) -> list[dict[str, Any]]:
    """The kinds of mail side by side."""
    labels = {
        "invoice": _("Invoice"),
        "credit_note": _("Credit note"),
        "quote": _("Quote"),
        "statement": _("Statement"),
        "receipt": _("Receipt"),
        "reminder_notice": _("Notice before the due date"),
        "reminder_reminder": _("Reminder"),
        "reminder_demand": _("Demand for payment"),
        "reminder_final": _("Final demand"),
    }
    return [
        {
            "label": labels.get(one, one.replace("_", " ").capitalize()),
            "url": f"{reverse('web:settings_words')}?kind={one}&language={language}",
            "current": one == kind,
        }
        for one in mails.template_kinds()
    ]


def save_words(given: dict[str, Any], visit: Visit, *, kind: str, language: str) -> None:
    """The organization's own words; an empty text brings ours back."""
    text = given["body"].replace("\r\n", "\n").strip()
    data = {"kind": kind, "language": language, "subject": given["subject"], "text": text}
    dispatch.set_template(by=visit.by, data=data)


def previewed(subject: str, body: str, visit: Visit, *, language: str) -> dict[str, str]:
    """The mail over sample values, or what is wrong with the words."""
    locale = formats.locale_of(language)
    values = {
        "client.name": _("Sample Client Ltd"),
        "client.contact": _("Ms Sample"),
        "document.kind": str(choices.KINDS["invoice"]),
        "document.number": "INV-2026-00042",
        "document.issued_on": formats.day(visit.today, locale),
        "document.due_on": formats.day(visit.today, locale),
        "document.total": formats.money(Money.of("1190.00", "EUR"), locale),
        "document.due": formats.money(Money.of("1190.00", "EUR"), locale),
        "document.period": formats.day(visit.today, locale),
        "document.pay_link": "https://…/pay/…",
        "reminder.list": "INV-2026-00042 · 1,190.00 EUR",
        "reminder.interest": formats.money(Money.of("11.72", "EUR"), locale),
        "reminder.costs": formats.money(Money.of("40.00", "EUR"), locale),
        "organization.name": visit.organization.name,
        "organization.email": visit.email,
        "organization.phone": "",
        "sender.name": visit.by.name,
        "message": "",
    }
    try:
        told, text = mails.filled(subject or "", body or "", values=values)
    except Invalid as error:
        return {"subject": "", "text": "", "problem": said(error.detail)}
    return {"subject": told, "text": text, "problem": ""}
