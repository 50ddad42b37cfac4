"""What all settings pages share: topics, rights, who changed what, and two people at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.faces.web import formats
from guilder.faces.web.forms import PaperForm
from guilder.faces.web.shell import Visit
from guilder.foundation.audit import queries as audit

STALE = 412


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the settings. `words` are found by the search besides its label; `actions` are
    the audit entries that say when it was changed last."""

    route: str
    label: str | Promise
    icon: str
    words: str | Promise
    template: str
    permission: str = "settings.view"
    edits: str = "settings.edit"
    actions: tuple[str, ...] = ()
    of_installation: bool = False  # for operators only
    countries: tuple[str, ...] = ()  # of organizations that it concerns; none: of all


TOPICS: tuple[tuple[str | Promise, tuple[Topic, ...]], ...] = (
    (
        gettext_lazy("You"),
        (
            Topic(
                "profile",
                gettext_lazy("My profile"),
                "user",
                gettext_lazy("name phone language time zone picture password theme keys density"),
                "profile",
                permission="",
                edits="",
            ),
            Topic(
                "profile_security",
                gettext_lazy("Sign-in and security"),
                "lock",
                gettext_lazy("password passkey authenticator recovery codes sessions sign out SSO"),
                "security",
                permission="",
                edits="",
            ),
        ),
    ),
    (
        gettext_lazy("Organization"),
        (
            Topic(
                "settings",
                gettext_lazy("Organization"),
                "building",
                gettext_lazy("legal name address VAT ID tax number register contact region zone"),
                "organization",
                actions=("seller.update", "organization.update"),
            ),
            Topic(
                "settings_bank",
                gettext_lazy("Bank accounts"),
                "bank",
                gettext_lazy("IBAN BIC holder payment code direct debit creditor"),
                "bank",
                actions=("seller_account.save", "seller_account.show", "seller_account.remove"),
            ),
        ),
    ),
    (
        gettext_lazy("People"),
        (
            Topic(
                "settings_team",
                gettext_lazy("Team"),
                "clients",
                gettext_lazy("member invite person user remove limit assigned clients last seen"),
                "team",
                permission="member.view",
                edits="member.edit",
                actions=("member.add", "member.change_role", "member.remove", "member.invite"),
            ),
            Topic(
                "settings_roles",
                gettext_lazy("Roles"),
                "approve",
                gettext_lazy("permission right access custom role matrix"),
                "roles",
                permission="member.view",
                edits="member.edit",
                actions=("role.create", "role.update", "role.delete"),
            ),
            Topic(
                "settings_approvals",
                gettext_lazy("Approvals"),
                "check",
                gettext_lazy("approve amount limit four eyes before issue"),
                "approvals",
                actions=("approval.rule", "approval.limit"),
            ),
        ),
    ),
    (
        gettext_lazy("Documents"),
        (
            Topic(
                "settings_documents",
                gettext_lazy("Look and texts"),
                "brush",
                gettext_lazy("logo colour design paper header footer closing payment terms"),
                "documents",
                actions=("style.update", "style.logo"),
            ),
            Topic(
                "settings_numbers",
                gettext_lazy("Numbers"),
                "columns",
                gettext_lazy("series pattern counter gap next last number"),
                "numbers",
                permission="series.view",
                edits="series.edit",
                actions=("series.update", "series.create"),
            ),
            Topic(
                "settings_einvoicing",
                gettext_lazy("E-invoicing"),
                "check",
                gettext_lazy("XRechnung Peppol Factur-X rules validation mandate calendar format"),
                "einvoicing",
                edits="",
            ),
            Topic(
                "settings_tax_office",
                gettext_lazy("Tax office"),
                "tax",
                gettext_lazy("VeriFactu AEAT ZATCA QR code billing record chain hash"),
                "tax_office",
                actions=("verifactu.turn_on", "verifactu.turn_off"),
                countries=("ES", "SA"),
            ),
            Topic(
                "settings_words",
                gettext_lazy("Mail texts"),
                "edit",
                gettext_lazy("template subject words language preview placeholder"),
                "words",
                actions=("mail.template",),
            ),
        ),
    ),
    (
        gettext_lazy("Books"),
        (
            Topic(
                "settings_taxes",
                gettext_lazy("Taxes"),
                "tax",
                gettext_lazy("VAT rate code category exemption reverse charge source"),
                "taxes",
                permission="tax.view",
                edits="tax.edit",
                actions=("tax.create", "tax.update", "tax.add_rate", "tax.set_up"),
            ),
            Topic(
                "settings_accounts",
                gettext_lazy("Accounts"),
                "layers",
                gettext_lazy("chart ledger role code period lock"),
                "accounts",
                permission="ledger.view",
                actions=("account.create", "account.update", "ledger.set_up"),
            ),
            Topic(
                "settings_rates",
                gettext_lazy("Currencies and rates"),
                "recurring",
                gettext_lazy("exchange rate ECB foreign currency import"),
                "rates",
                permission="currency.view",
                edits="currency.edit",
                actions=("rate.add", "rate.import"),
            ),
        ),
    ),
    (
        gettext_lazy("In and out"),
        (
            Topic(
                "settings_gateways",
                gettext_lazy("Payment services"),
                "payment",
                gettext_lazy("Stripe Mollie PayPal GoCardless Adyen Paystack Razorpay card debit"),
                "gateways",
                actions=("gateway.create", "gateway.update"),
            ),
            Topic(
                "settings_mail",
                gettext_lazy("Mail"),
                "mail",
                gettext_lazy("SMTP IMAP server sender returned test password channel"),
                "mail",
                actions=("mail.settings",),
            ),
            Topic(
                "settings_reminders",
                gettext_lazy("Reminders"),
                "mail",
                gettext_lazy("dunning ladder step overdue interest fee letter late payment rate"),
                "reminders",
                permission="reminder.view",
                edits="reminder.edit",
                actions=("ladder.create", "ladder.update", "reference_rate.set"),
            ),
            Topic(
                "settings_channels",
                gettext_lazy("Channels"),
                "send",
                gettext_lazy("Peppol AS4 SFTP folder HTTP access point e-invoice send receive"),
                "channels/settings",
                actions=("channel.create", "channel.change", "channel.delete"),
            ),
            Topic(
                "developer_keys",
                gettext_lazy("API keys"),
                "code",
                gettext_lazy("developer token secret scope quota program REST integration"),
                "developer/keys",
                permission="key.view",
                edits="key.edit",
                actions=("key.create", "key.rotate", "key.revoke"),
            ),
            Topic(
                "settings_directories",
                gettext_lazy("Single sign-on"),
                "building",
                gettext_lazy(
                    "OpenID Connect Keycloak Entra Google Okta SSO directory groups roles"
                ),
                "directories",
                permission="",
                edits="",
                of_installation=True,
            ),
            Topic(
                "settings_data",
                gettext_lazy("Import and export"),
                "download",
                gettext_lazy("CSV JSON UBL Factur-X XRechnung ZIP everything backup"),
                "data",
                permission="import.run",
                edits="import.run",
            ),
        ),
    ),
)
BY_ROUTE = {topic.route: topic for _label, topics in TOPICS for topic in topics}


def panel(
    request: HttpRequest,
    visit: Visit,
    name: str,
    *,
    is_refused: bool = False,
    clash: Mapping[str, Any] | None = None,
    template: str = "",
    **words: Any,
) -> HttpResponse:
    """One page of the settings; `clash` is what two people changed at once, `template` a step of
    the topic that has a page of its own."""
    topic = BY_ROUTE[name]
    around = {
        "topics": topics_of(visit, name, is_operator=is_operator(request)),
        "title": topic.label,
        "changed": changed(topic, visit),
        "may": {"edit": not topic.edits or visit.by.may(topic.edits)},
        "clash": clash,
    }
    status = STALE if clash else 422 if is_refused else 200
    return render(request, page_of(template or topic.template), around | words, status=status)


def page_of(template: str) -> str:
    """The template of a topic; one of another part of the face has that part's name before it."""
    return f"{template}.html" if "/" in template else f"settings/{template}.html"


def is_operator(request: HttpRequest) -> bool:
    """Whether the person looks after the whole installation."""
    return bool(getattr(request.user, "is_operator", False))


def topics_of(visit: Visit, name: str, *, is_operator: bool = False) -> list[dict[str, Any]]:
    """The list on the side: only what this person may see."""
    groups = [
        {
            "label": label,
            "topics": [
                {
                    "label": topic.label,
                    "url": reverse(f"web:{topic.route}"),
                    "icon": topic.icon,
                    "words": topic.words,
                    "current": topic.route == name,
                }
                for topic in topics
                if (not topic.permission or visit.by.may(topic.permission))
                and (is_operator or not topic.of_installation)
                and (not topic.countries or visit.organization.country in topic.countries)
            ],
        }
        for label, topics in TOPICS
    ]
    return [group for group in groups if group["topics"]]


def changed(topic: Topic, visit: Visit) -> str:
    """Since when it is as it is, and by whom; "" where nobody has changed it."""
    if not topic.actions or not visit.by.may("audit.view"):
        return ""
    found = audit.last_of(visit.by.organization_id, actions=topic.actions)
    if found is None:
        return ""
    day = formats.day(found.at.astimezone(visit.zone).date(), formats.reader())
    who = found.actor_name or _("Guilder")
    return _("Changed by %(who)s on %(day)s") % {"who": who, "day": day}


def again(request: HttpRequest, stored: Mapping[str, Any]) -> QueryDict:
    """What was posted, over the version that is stored now: saving again is then meant."""
    post = request.POST.copy()
    post["version"] = str(stored["version"])
    return post


def clash_of(form: PaperForm, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody stored meanwhile beside what this person typed, field by field."""
    rows = []
    for name, value in stored.items():
        field = form.fields.get(name)
        if field is None or name == "version":
            continue
        typed = form.cleaned_data.get(name, form[name].value())
        if str(typed or "") != str(value or ""):
            rows.append(
                {
                    "label": field.label,
                    "name": form.add_prefix(name),
                    "stored": shown(form, name, value),
                    "typed": shown(form, name, typed),
                }
            )
    return {"rows": rows}


def shown(form: PaperForm, name: str, value: Any) -> str:
    """A value of a field in words: a choice by its label."""
    pairs: Sequence[tuple[Any, Any]] = getattr(form.fields[name], "choices", ())
    return str(dict(pairs).get(value, value) or "—")
