"""An audit entry as people read it: what changed, field by field, and where its thing is."""

import json
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guilder.faces.web.developer.frame import place_of
from guilder.foundation.audit.models import AuditEntry

SOURCES = {
    "web": _("Page"),
    "api": _("API"),
    "cli": _("Command line"),
    "job": _("Guilder itself"),
    "system": _("Guilder itself"),
}
LONGEST = 300
# What an entry is about, where it says no name of its own.
KINDS = {
    "invoicing_invoice": _("Invoice"),
    "invoicing_quote": _("Quote"),
    "parties_partner": _("Client"),
    "catalogue_item": _("Item"),
    "payments_payment": _("Payment"),
    "dispatch_mail": _("Mail"),
    "webhooks_endpoint": _("Webhook"),
}


def row_of(entry: AuditEntry) -> SimpleNamespace:
    """An entry as a list draws it."""
    return SimpleNamespace(
        id=entry.id,
        url=reverse("web:audit_entry", args=[entry.id]),
        at=entry.at,
        who=entry.actor_name or SOURCES.get(entry.source, entry.source),
        action=entry.action,
        source=SOURCES.get(entry.source, entry.source),
        address=entry.address,
        thing_url=place_of(entry.table_name, entry.row_id),
        thing=name_of(entry),
        kind=KINDS.get(entry.table_name, entry.table_name),
    )


def name_of(entry: AuditEntry) -> str:
    """What the thing is called, where the entry says."""
    for values in (entry.after, entry.before):
        if isinstance(values, dict):
            for field in ("number", "name", "code", "title", "email"):
                if isinstance(values.get(field), str) and values[field]:
                    return values[field]
    return ""


def changes_of(before: Any, after: Any) -> list[SimpleNamespace]:
    """Field by field what was and what is; fields in order, those that changed first."""
    was = before if isinstance(before, dict) else {}
    is_now = after if isinstance(after, dict) else {}
    rows = [
        SimpleNamespace(
            label=name,
            before=text_of(was.get(name)),
            after=text_of(is_now.get(name)),
            changed=was.get(name) != is_now.get(name),
        )
        for name in sorted(was.keys() | is_now.keys())
    ]
    return sorted(rows, key=lambda row: not row.changed)


def text_of(value: Any) -> str:
    """A value of JSON as a short text."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
