"""The first steps of a new organization: four, each done by itself or skipped."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.charging import queries as charging
from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.faces.web.menu import address_of
from guilder.faces.web.shell import Visit
from guilder.office.desk import queries as desk
from guilder.office.dispatch import queries as mails
from guilder.registers.parties import queries as parties

SKIPPED = "checklist.skipped"
GATEWAYS = "web:settings_gateways"
STEPS = ("profile", "invoice", "bank", "payment")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an organization is."""

    profile: bool
    invoice: bool
    bank: bool
    payment: bool


def steps(visit: Visit) -> list[dict[str, Any]]:
    """What is still to do; empty once all is done or skipped, or for who may not do it."""
    if not visit.by.may("settings.edit") or visit.organization.is_demo:
        return []
    skipped = set(desk.get_preference(SKIPPED, by=visit.by, default=[]) or [])
    if skipped >= set(STEPS):
        return []
    standing = standing_of(visit)
    open_steps = [name for name in STEPS if not getattr(standing, name) and name not in skipped]
    if not open_steps:
        return []
    return [
        step(name, done=getattr(standing, name))
        for name in STEPS
        if getattr(standing, name) or name not in skipped
    ]


def standing_of(visit: Visit) -> Standing:
    """What is there already."""
    profile = parties.seller_profile(visit.by.organization_id)
    issued = invoicing.list_invoices(
        InvoiceFilter(today=visit.today), by=visit.by, limit=1, sort="-created_at"
    )
    return Standing(
        profile=bool(
            profile and profile.line1 and profile.city and (profile.vat_id or profile.tax_number)
        ),
        invoice=bool(issued),
        bank=bool(profile and profile.iban),
        payment=can_be_paid_online(visit),
    )


def can_be_paid_online(visit: Visit) -> bool:
    """Whether a payment method besides the bank transfer is set up; where there is no page for
    that, whether mails with payment links go out."""
    if address_of(GATEWAYS):
        return any(one.is_active for one in charging.list_gateways(by=visit.by))
    return mails.get_mail_settings(by=visit.by).server != "none"


def payment_words() -> tuple[str, str, str]:
    """What the last step says."""
    if address_of(GATEWAYS):
        return (
            _("Choose how clients can pay"),
            _("Card, direct debit or a wallet, on the page behind the link."),
            _("Choose"),
        )
    return (
        _("Choose how invoices and payment links go out"),
        _("Until a mail server is set, mails wait in the outbox."),
        _("Set"),
    )


def step(name: str, *, done: bool) -> dict[str, Any]:
    """One step of the list."""
    words = {
        "profile": (
            _("Complete your company"),
            _("Address and tax number stand on every invoice."),
            _("Complete"),
        ),
        "invoice": (
            _("Write the first invoice"),
            _("A client, a line, and it is ready."),
            _("Write"),
        ),
        "bank": (
            _("Add your bank account"),
            _("Clients see where to pay, with a code that their bank app reads."),
            _("Add"),
        ),
        "payment": payment_words(),
    }
    label, hint, action = words[name]
    return {
        "name": name,
        "label": label,
        "hint": hint,
        "action": action,
        "url": place_of(name),
        "skip_url": reverse("web:overview_skip", args=[name]),
        "done": done,
    }


def place_of(name: str) -> str:
    """Where a step is done."""
    if name == "invoice":
        return address_of("web:invoice_new")
    if name == "payment":
        return address_of(GATEWAYS) or address_of("web:settings_mail") or address_of("web:settings")
    if name == "bank":
        return address_of("web:settings_bank") or f"{address_of('web:settings')}#id_iban"
    return address_of("web:settings")
