"""History as pages tell it: audit entries in words, newest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from babel import Locale
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guilder.faces.web import formats
from guilder.faces.web.shell import Visit
from guilder.foundation.audit import queries as audit
from guilder.foundation.audit.models import AuditEntry
from guilder.kernel.money import Money

CHANGE, MONEY, MAIL, TALK = "change", "money", "mail", "talk"
KINDS = {
    "": _("Everything"),
    CHANGE: _("Changes"),
    MONEY: _("Money"),
    MAIL: _("Delivery"),
    TALK: _("Comments"),
}
SOURCES = {"api": _("through the API"), "cli": _("by the command line")}
MOST_FIELDS = 4


@dataclass(frozen=True, slots=True)
class Act:
    """How an action is drawn and told; `words` may hold {who}, {to}, {amount}, {file} and {why}."""

    words: str | Promise
    icon: str
    tone: str = ""
    kind: str = CHANGE


ACTS = {
    "invoice.create": Act(_("{who} wrote the draft"), "edit"),
    "invoice.update": Act(_("{who} changed the draft"), "edit"),
    "invoice.delete": Act(_("{who} deleted a draft"), "trash"),
    "invoice.issue": Act(_("{who} issued it"), "invoice", "blue"),
    "invoice.take_over": Act(_("{who} took it over from an earlier system"), "archive"),
    "invoice.credit_and_copy": Act(_("{who} began a correction"), "copy"),
    "invoice.send": Act(_("{who} sent it to {to}"), "send", "blue", MAIL),
    "invoice.sent": Act(_("The mail left"), "mail", "blue", MAIL),
    "invoice.viewed": Act(_("The client opened it"), "eye", "blue", MAIL),
    "invoice.question": Act(_("{who} asked: {why}"), "comment", "violet", TALK),
    "invoice.discount": Act(_("{who} booked {amount} for paying early"), "check", "", MONEY),
    "invoice.discount_back": Act(_("{who} took {amount} for paying early back"), "undo", "", MONEY),
    "invoice.write_off": Act(_("{who} wrote off {amount}: {why}"), "undo", "", MONEY),
    "invoice.remind": Act(_("{who} reminded the client of it"), "mail", "amber", MAIL),
    "invoice.remind_skip": Act(_("{who} passed a reminder over: {why}"), "mail", "", MAIL),
    "invoice.hand_over": Act(_("{who} handed it over to collection"), "archive", "red", MONEY),
    "reminders.pause": Act(_("{who} paused reminders: {why}"), "clock"),
    "reminders.promise": Act(_("{who} noted a promise to pay: {why}"), "clock", "", MONEY),
    "reminders.go_on": Act(_("{who} let reminders go on"), "recurring"),
    "dispute.open": Act(_("{who} opened a dispute: {why}"), "warn", "red"),
    "dispute.settle": Act(_("{who} settled the dispute"), "check", "green"),
    "client.reminders": Act(_("{who} changed how the client is reminded"), "mail"),
    "invoice.disputed": Act(_("{who} marked it as disputed"), "warn", "red"),
    "invoice.dispute_ended": Act(_("{who} ended the dispute"), "check"),
    "credit.allocate": Act(_("{who} applied a credit note of {amount}"), "credit", "", MONEY),
    "credit.reverse": Act(_("{who} took a credit note off again"), "undo", "", MONEY),
    "payment.record": Act(_("{who} recorded {amount}"), "check", "green", MONEY),
    "payment.allocate": Act(_("{who} applied a payment"), "check", "green", MONEY),
    "payment.unallocate": Act(_("{who} took a payment off an invoice"), "undo", "", MONEY),
    "payment.reverse": Act(_("{who} reversed a payment: {why}"), "undo", "red", MONEY),
    "recurring.create": Act(_("{who} set it up"), "recurring"),
    "recurring.update": Act(_("{who} changed it"), "edit"),
    "recurring.pause": Act(_("{who} paused it"), "clock"),
    "recurring.resume": Act(_("{who} resumed it"), "check"),
    "recurring.end": Act(_("{who} ended it"), "cross"),
    "refund.request": Act(_("{who} asked for a refund of {amount}"), "undo", "", MONEY),
    "refund.approve": Act(_("{who} approved the refund of {amount}"), "check", "green", MONEY),
    "refund.decline": Act(_("{who} declined the refund"), "cross", "red", MONEY),
    "mandate.create": Act(_("{who} entered the mandate"), "edit", "", MONEY),
    "mandate.update": Act(_("{who} changed the mandate"), "edit", "", MONEY),
    "mandate.erase": Act(_("{who} erased personal data"), "trash"),
    "mandate.end": Act(_("{who} ended the mandate"), "cross", "red", MONEY),
    "payment_order.create": Act(_("{who} made the payment order"), "plus", "", MONEY),
    "payment_order.drop": Act(_("{who} took an order out"), "cross", "", MONEY),
    "payment_order.redate": Act(_("{who} chose another day"), "edit", "", MONEY),
    "payment_order.close": Act(_("{who} closed the payment order"), "check", "green", MONEY),
    "payment_order.hand_over": Act(_("{who} handed it to the bank"), "send", "", MONEY),
    "payment_order.answer": Act(_("{who} read the bank's answer"), "bank", "", MONEY),
    "payment_order.cancel": Act(_("{who} cancelled the payment order"), "cross", "red", MONEY),
    "refund.reverse": Act(_("{who} reversed the refund of {amount}"), "undo", "red", MONEY),
    "bill.create": Act(_("{who} entered the bill"), "edit"),
    "bill.update": Act(_("{who} changed the bill"), "edit"),
    "bill.delete": Act(_("{who} deleted a bill"), "trash"),
    "bill.book": Act(_("{who} booked it"), "check", "blue"),
    "bill.cancel": Act(_("{who} took it out of the books"), "undo", "red"),
    "bill.credit": Act(_("{who} applied a credit note"), "credit", "", MONEY),
    "bill.credit_undo": Act(_("{who} took a credit note off again"), "undo", "", MONEY),
    "disbursement.record": Act(_("{who} recorded a payment of {amount}"), "check", "green", MONEY),
    "disbursement.reverse": Act(_("{who} reversed a payment: {why}"), "undo", "red", MONEY),
    "document.receive": Act(_("It came in"), "document"),
    "document.bill": Act(_("{who} made a bill of it"), "invoice", "blue"),
    "document.refuse": Act(_("{who} refused it: {why}"), "close", "red"),
    "document.take_back": Act(_("{who} took it up again"), "undo"),
    "mail.cancel": Act(_("{who} stopped the mail to {to}"), "undo", "", MAIL),
    "mail.retry": Act(_("{who} had the mail sent again"), "refresh", "", MAIL),
    "mail.returned": Act(_("The mail came back"), "warn", "red", MAIL),
    "statement.send": Act(_("{who} sent a statement to {to}"), "send", "blue", MAIL),
    "receipt.send": Act(_("{who} sent a receipt to {to}"), "send", "blue", MAIL),
    "invoice.transmit": Act(_("{who} sent it by a channel"), "send", "blue", MAIL),
    "transmission.stop": Act(_("{who} stopped a transmission"), "send", "", MAIL),
    "transmission.retry": Act(_("{who} sent it again"), "send", "blue", MAIL),
    "transmission.answer": Act(_("{who} answered the sender"), "send", "blue", MAIL),
    "client.channel": Act(_("{who} changed how documents travel"), "send"),
    "channel.create": Act(_("{who} made a channel"), "send"),
    "channel.change": Act(_("{who} changed a channel"), "send"),
    "channel.delete": Act(_("{who} deleted a channel"), "trash"),
    "quote.create": Act(_("{who} wrote the draft"), "edit"),
    "quote.update": Act(_("{who} changed the draft"), "edit"),
    "quote.send": Act(_("{who} sent it out"), "send", "blue", MAIL),
    "quote.send to": Act(_("{who} sent it to {to}"), "send", "blue", MAIL),
    "quote.viewed": Act(_("The client opened it"), "eye", "blue", MAIL),
    "quote.question": Act(_("{who} asked: {why}"), "comment", "violet", TALK),
    "quote.accept": Act(_("It was accepted"), "check", "green"),
    "quote.decline": Act(_("It was declined"), "close", "red"),
    "quote.invoice": Act(_("{who} made an invoice of it"), "invoice"),
    "comment.add": Act(_("{who} wrote a comment"), "comment", "", TALK),
    "comment.delete": Act(_("{who} deleted a comment"), "trash", "", TALK),
    "attachment.add": Act(_("{who} added {file}"), "attach", "", TALK),
    "attachment.remove": Act(_("{who} took {file} away"), "trash", "", TALK),
    "partner.create": Act(_("{who} entered the details"), "clients"),
    "partner.update": Act(_("{who} changed the details"), "edit"),
    "partner.archive": Act(_("{who} archived it"), "archive"),
    "partner.restore": Act(_("{who} brought it back"), "undo"),
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
    "bills_bill": ("web:bill", _("Open")),
    "intake_receiveddocument": ("web:document", _("Open")),
    "catalogue_item": ("web:item_edit", _("Open")),
}
# Names of what people change, where the change is shown as “before → after”.
FIELDS = {
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "website": _("Website"),
    "code": _("Number"),
    "language": _("Language"),
    "kind": _("Kind"),
    "notes": _("Notes"),
    "legal_registration": _("Registration"),
    "trading_name": _("Trading name"),
}
KEPT_AGAIN = {"invoice.update", "quote.update"}
SITTING = timedelta(minutes=30)  # from one keeping to the next
ENGLISH = Locale("en")


def of_row(visit: Visit, row_id: Any, *, limit: int = 12) -> list[SimpleNamespace]:
    """What was done to one thing; nothing for who may not see the trail."""
    return of_rows(visit, [row_id], limit=limit)


def of_rows(
    visit: Visit, row_ids: Sequence[UUID], *, kind: str = "", limit: int = 30
) -> list[SimpleNamespace]:
    """What was done to some things that belong together, one kind of act or all."""
    if not visit.by.may("audit.view") or not row_ids:
        return []
    found = audit.list_entries(visit.by.organization_id, row_ids=row_ids, limit=limit * 4)
    told = [one for one in found if one.action in ACTS and kind in ("", ACTS[one.action].kind)]
    return entries(told, visit, own=row_ids[0])[:limit]


def kinds_of(chosen: str, address: str) -> list[SimpleNamespace]:
    """The filter over a history: words and addresses, the chosen one marked."""
    return [
        SimpleNamespace(
            label=label,
            url=f"{address}?show={kind}#history" if kind else f"{address}#history",
            current=kind == chosen,
        )
        for kind, label in KINDS.items()
    ]


def chosen_kind(text: str) -> str:
    """A kind of act that an address names; "" is all."""
    return text if text in KINDS else ""


def lately(visit: Visit, *, limit: int = 8) -> list[SimpleNamespace]:
    """What was done in the organization, with links."""
    if not visit.by.may("audit.view"):
        return []
    found = audit.list_entries(visit.by.organization_id, limit=limit * 3)
    told = [entry for entry in found if entry.action in ACTS]
    return entries(told, visit, linked=True)[:limit]


def entries(
    found: Iterable[AuditEntry], visit: Visit, *, linked: bool = False, own: UUID | None = None
) -> list[SimpleNamespace]:
    """Audit entries as the timeline draws them; with `own`, other rows than that one get a link."""
    made = []
    for entry, times in gathered(found):
        act = act_of(entry)
        if act is None:
            continue
        links = linked or (own is not None and entry.row_id != own)
        place = PLACES.get(entry.table_name) if links and "delete" not in entry.action else None
        made.append(
            SimpleNamespace(
                icon=act.icon,
                tone=act.tone,
                text=times_words(entry, times, visit) or words_of(entry, act, visit),
                detail=detail_of(entry),
                url=reverse(place[0], args=[entry.row_id]) if place else "",
                link=place[1] if place else "",
                at=entry.at,
                at_text=moment(entry.at, visit),
            )
        )
    return made


def gathered(found: Iterable[AuditEntry]) -> Iterator[tuple[AuditEntry, int]]:
    """Entries with how often each was done in a row: while somebody writes a draft it is kept every
    few seconds, and the newest stands for all. Every one of them stays in the trail."""
    rows: list[AuditEntry] = []
    for entry in found:
        if rows and not is_same_sitting(rows[-1], entry):
            yield rows[0], len(rows)
            rows = []
        rows.append(entry)
    if rows:
        yield rows[0], len(rows)


def is_same_sitting(later: AuditEntry, earlier: AuditEntry) -> bool:
    """Whether one person kept one draft again soon, by the same door."""
    return (
        later.action in KEPT_AGAIN
        and (later.action, later.row_id, later.actor_id, later.source)
        == (earlier.action, earlier.row_id, earlier.actor_id, earlier.source)
        and later.at - earlier.at <= SITTING
    )


def times_words(entry: AuditEntry, times: int, visit: Visit) -> str:
    """You changed the draft 12 times; "" for what was done once."""
    if times < 2:
        return ""
    mine = entry.actor_id is not None and entry.actor_id == visit.by.user_id
    words = ngettext("{who} changed the draft {n} time", "{who} changed the draft {n} times", times)
    return words.format(who=_now("You") if mine else entry.actor_name or "Guilder", n=times)


def act_of(entry: AuditEntry) -> Act | None:
    """How an entry is told; None for what is not."""
    to = isinstance(entry.after, dict) and entry.after.get("to")
    return (ACTS.get(f"{entry.action} to") if to else None) or ACTS.get(entry.action)


def words_of(entry: AuditEntry, act: Act, visit: Visit) -> str:
    """The sentence of one entry."""
    after = entry.after if isinstance(entry.after, dict) else {}
    before = entry.before if isinstance(entry.before, dict) else {}
    mine = entry.actor_id is not None and entry.actor_id == visit.by.user_id
    return str(act.words).format(
        who=_now("You") if mine else entry.actor_name or "Guilder",
        to=after.get("to", ""),
        amount=amount_of(after),
        why=after.get("reason", ""),
        file=after.get("filename") or before.get("filename", ""),
    )


def amount_of(after: Mapping[str, Any]) -> str:
    """The amount that an entry tells of, "" for none."""
    told = after.get("amount") or after.get("written_off") or ""
    if not isinstance(told, dict):
        return str(told)
    try:
        money = Money.of(told["amount"], told["currency"])
    except (KeyError, ValueError, ArithmeticError):
        return ""
    return formats.money(money, formats.reader())


def detail_of(entry: AuditEntry) -> str:
    """What changed from what to what, and through which door where that is not this one."""
    parts = changes_of(entry) if entry.action.endswith(".update") else []
    if entry.source in SOURCES:
        parts.append(str(SOURCES[entry.source]))
    return " · ".join(parts)


def changes_of(entry: AuditEntry) -> list[str]:
    """Plain fields that an update changed, as “Phone: +49 1 → +49 2”."""
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    found = [
        f"{label}: {before.get(name) or '—'} → {after.get(name) or '—'}"
        for name, label in FIELDS.items()
        if name in before and name in after and before[name] != after[name]
    ]
    return found[:MOST_FIELDS]


def moment(at: datetime, visit: Visit) -> str:
    """10:42 today, else 18 Nov, else 18 Nov 2025."""
    local = at.astimezone(visit.zone)
    if local.date() == visit.today:
        return local.strftime("%H:%M")
    text = formats.day(local.date(), formats.reader())
    return text.rpartition(" ")[0] if local.year == visit.today.year else text
