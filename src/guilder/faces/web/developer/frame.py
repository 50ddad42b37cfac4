"""What the developers' pages share: the tabs, words for families of events, pairs of a payload."""

import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import menu
from guilder.faces.web.shell import Visit

TABS = (
    ("web:developers", _("Start"), "event.view"),
    ("web:webhooks", _("Webhooks"), "webhook.edit"),
    ("web:events", _("Events"), "event.view"),
    ("web:calls", _("Requests"), "event.view"),
    ("web:developer_keys", _("API keys"), "key.view"),
)
FAMILIES: dict[str, str | Promise] = {
    "account": _("Accounts"),
    "approval": _("Approvals"),
    "attachment": _("Attachments"),
    "bank_line": _("Bank lines"),
    "bank_statement": _("Bank statements"),
    "bill": _("Bills"),
    "channel": _("Channels"),
    "charge": _("Online payments"),
    "chargeback": _("Chargebacks"),
    "mandate": _("Mandates"),
    "payment_order": _("Payment orders"),
    "collection": _("Reminders"),
    "comment": _("Comments"),
    "credit": _("Credit"),
    "disbursement": _("Payments"),
    "dispute": _("Disputes"),
    "document": _("Documents"),
    "event": _("Events"),
    "invoice": _("Invoices"),
    "item": _("Items"),
    "key": _("API keys"),
    "mail": _("Mails"),
    "member": _("Team"),
    "organization": _("Organization"),
    "partner": _("Clients and suppliers"),
    "payment": _("Payments"),
    "payout": _("Payouts"),
    "period": _("Periods"),
    "quote": _("Quotes"),
    "rates": _("Exchange rates"),
    "recurring": _("Recurring invoices"),
    "refund": _("Refunds"),
    "reminder": _("Reminders"),
    "role": _("Roles"),
    "saved_method": _("Kept ways to pay"),
    "method_setup": _("Leaving ways to pay"),
    "seller": _("Seller's profile"),
    "series": _("Number series"),
    "tax": _("Taxes"),
    "transmission": _("Transmissions"),
    "verifactu": _("Tax offices"),
}
# The page of a thing that an event or an audit entry is about.
PLACES = {
    "invoice": "web:invoice",
    "quote": "web:quote",
    "partner": "web:client",
    "item": "web:item",
    "payment": "web:payment",
    "mail": "web:outbox_message",
    "webhook": "web:webhook",
    "invoicing_invoice": "web:invoice",
    "invoicing_quote": "web:quote",
    "parties_partner": "web:client",
    "catalogue_item": "web:item",
    "payments_payment": "web:payment",
    "dispatch_mail": "web:outbox_message",
    "webhooks_endpoint": "web:webhook",
}


def tabs(request: HttpRequest, visit: Visit) -> list[SimpleNamespace]:
    """The places of developers that somebody may go to."""
    return [
        SimpleNamespace(label=label, url=reverse(route), current=request.path == reverse(route))
        for route, label, permission in TABS
        if visit.by.may(permission)
    ]


def family_label(family: str) -> str:
    """A family of events in words; what has none bears its own name."""
    return str(FAMILIES.get(family, family))


def place_of(name: str, thing_id: UUID | None) -> str:
    """The page of what an event's family or a table names, "" where there is none."""
    route = PLACES.get(name, "")
    return menu.place_of(route, thing_id) if route and thing_id else ""


def pretty(content: Any) -> str:
    """JSON for people."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def pretty_text(text: str) -> str:
    """JSON text for people; what is none stays as it is."""
    try:
        return pretty(json.loads(text))
    except ValueError:
        return text


def milliseconds(microseconds: int) -> str:
    """A short span."""
    return (
        f"{microseconds / 1000:,.1f} ms"
        if microseconds < 10_000
        else f"{microseconds // 1000:,} ms"
    )
