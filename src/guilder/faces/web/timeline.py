"""History as pages tell it: audit entries in words, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from babel import Locale
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import formats
from guilder.faces.web.shell import Visit
from guilder.foundation.audit import queries as audit
from guilder.foundation.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Act:
    """How an action is drawn and told; `words` may hold {who}."""

    words: str | Promise
    icon: str
    tone: str = ""


ACTS = {
    "invoice.create": Act(_("{who} wrote the draft"), "edit"),
    "invoice.update": Act(_("{who} changed the draft"), "edit"),
    "invoice.delete": Act(_("{who} deleted a draft"), "trash"),
    "invoice.issue": Act(_("{who} issued it"), "invoice", "blue"),
    "invoice.send": Act(_("{who} sent it to {to}"), "send", "blue"),
    "invoice.write_off": Act(_("{who} wrote off what was open"), "undo"),
    "invoice.mark": Act(_("{who} marked it"), "eye"),
    "credit.allocate": Act(_("{who} applied a credit note"), "credit"),
    "credit.reverse": Act(_("{who} took a credit note off again"), "undo"),
    "payment.record": Act(_("{who} recorded a payment"), "check", "green"),
    "payment.allocate": Act(_("{who} applied a payment"), "check", "green"),
    "payment.unallocate": Act(_("{who} took a payment off an invoice"), "undo"),
    "payment.reverse": Act(_("{who} reversed a payment"), "undo"),
    "partner.create": Act(_("{who} entered the client"), "clients"),
    "partner.update": Act(_("{who} changed the details"), "edit"),
    "partner.archive": Act(_("{who} archived the client"), "archive"),
    "partner.restore": Act(_("{who} brought the client back"), "undo"),
    "item.create": Act(_("{who} entered an item"), "item"),
    "item.update": Act(_("{who} changed an item"), "edit"),
    "seller.update": Act(_("{who} changed the company's details"), "settings"),
    "style.update": Act(_("{who} changed how documents look"), "settings"),
    "style.logo": Act(_("{who} changed the logo"), "settings"),
    "series.update": Act(_("{who} changed the numbering"), "settings"),
    "tax.create": Act(_("{who} added a tax code"), "settings"),
    "tax.add_rate": Act(_("{who} added a tax rate"), "settings"),
    "mail.settings": Act(_("{who} changed the mail settings"), "mail"),
    "mail.template": Act(_("{who} changed the words of mails"), "mail"),
}
PLACES = {
    "invoicing_invoice": ("web:invoice", _("Open")),
    "payments_payment": ("web:payment", _("Open")),
    "parties_partner": ("web:client", _("Open")),
    "catalogue_item": ("web:item_edit", _("Open")),
}
ENGLISH = Locale("en")


def of_row(visit: Visit, row_id: Any, *, limit: int = 12) -> list[SimpleNamespace]:
    """What was done to one thing; nothing for who may not see the trail."""
    if not visit.by.may("audit.view"):
        return []
    found = audit.list_entries(visit.by.organization_id, row_id=row_id, limit=limit)
    return entries(found, visit)


def lately(visit: Visit, *, limit: int = 8) -> list[SimpleNamespace]:
    """What was done in the organization, with links."""
    if not visit.by.may("audit.view"):
        return []
    found = audit.list_entries(visit.by.organization_id, limit=limit * 3)
    told = [entry for entry in found if entry.action in ACTS]
    return entries(told[:limit], visit, linked=True)


def entries(
    found: Iterable[AuditEntry], visit: Visit, *, linked: bool = False
) -> list[SimpleNamespace]:
    """Audit entries as the timeline draws them."""
    made = []
    for entry in found:
        act = ACTS.get(entry.action)
        if act is None:
            continue
        place = PLACES.get(entry.table_name) if linked and "delete" not in entry.action else None
        after = entry.after if isinstance(entry.after, dict) else {}
        mine = entry.actor_id is not None and entry.actor_id == visit.by.user_id
        words = str(act.words).format(
            who=_("You") if mine else entry.actor_name or "Guilder", to=after.get("to", "")
        )
        made.append(
            SimpleNamespace(
                icon=act.icon,
                tone=act.tone,
                text=words,
                url=reverse(place[0], args=[entry.row_id]) if place else "",
                link=place[1] if place else "",
                at=entry.at,
                at_text=moment(entry.at, visit),
            )
        )
    return made


def moment(at: datetime, visit: Visit) -> str:
    """10:42 today, else 18 Nov, else 18 Nov 2025."""
    local = at.astimezone(visit.zone)
    if local.date() == visit.today:
        return local.strftime("%H:%M")
    text = formats.day(local.date(), ENGLISH)
    return text.rpartition(" ")[0] if local.year == visit.today.year else text
