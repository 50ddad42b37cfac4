"""Deliveries of a document: its mails, what became of them, and what to do about it."""

from collections.abc import Sequence
from types import SimpleNamespace

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web.channels.words import STATES
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.office.channels import queries as channels
from guilder.office.channels.models import Transmission
from guilder.office.dispatch import queries
from guilder.office.dispatch.models import Mail

MAIL_STATES = {
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "held": "queued",
    "failed": "failed",
    "returned": "bounced",
    "stopped": "stopped",
}
SHOWN = 10
TROUBLED = ("failed", "returned")


def mails_of(record: InvoiceRecord, visit: Visit) -> list[Mail]:
    """The newest mails of a document."""
    if record.status == "draft":
        return []
    return queries.list_mails(by=visit.by, invoice_id=record.id, limit=SHOWN)


def journeys_of(record: InvoiceRecord, visit: Visit) -> list[Transmission]:
    """The newest transmissions of a document."""
    if record.status == "draft":
        return []
    return channels.list_transmissions(by=visit.by, invoice_id=record.id, limit=SHOWN)


def deliveries(
    record: InvoiceRecord,
    mails: list[Mail],
    visit: Visit,
    journeys: Sequence[Transmission] = (),
) -> list[SimpleNamespace]:
    """Mails, transmissions and the client's own look at it, newest first."""
    carried = {one.mail_id for one in journeys}
    rows = [delivery_of(mail, visit) for mail in mails if mail.id not in carried]
    rows += [journey_of(one, visit) for one in journeys]
    if record.viewed_at is not None:
        viewed = SimpleNamespace(
            at=record.viewed_at,
            words=_("Opened by the client"),
            to="",
            status="viewed",
            detail="",
            todo="",
            url="",
            undo_url="",
        )
        rows.append(viewed)
    return sorted(rows, key=lambda row: row.at, reverse=True)


def delivery_of(mail: Mail, visit: Visit) -> SimpleNamespace:
    """One mail: to whom, how it stands, why, and what to do."""
    waits = mail.state == Mail.State.QUEUED and not mail.attempts
    return SimpleNamespace(
        at=mail.sent_at or mail.queued_at,
        words=_("Mail to"),
        to=mail.to,
        status=MAIL_STATES[mail.state],
        detail=said(mail.problem),
        todo=todo_of(mail),
        url=reverse("web:outbox_message", args=[mail.id]) if visit.by.may("invoice.send") else "",
        undo_url=reverse("web:outbox_undo", args=[mail.id])
        if waits and visit.by.may("invoice.send")
        else "",
    )


def journey_of(one: Transmission, visit: Visit) -> SimpleNamespace:
    """One transmission: by which channel, how it stands, why, and what to do."""
    stops = one.may_stop and not one.attempts and visit.by.may("invoice.send")
    todo = ""
    if one.state in ("failed", "rejected"):
        todo = _("Open it to send it again, or correct the document.")
    return SimpleNamespace(
        at=one.sent_at or one.created_at,
        words=_("By"),
        to=one.channel.name,
        status=STATES[one.state],
        detail=said(one.problem),
        todo=todo,
        url=reverse("web:transmission", args=[one.id]),
        undo_url=reverse("web:transmission_cancel", args=[one.id]) if stops else "",
    )


def todo_of(mail: Mail) -> str:
    """What a person can do about a mail in trouble; "" for one that is fine."""
    if mail.state == Mail.State.HELD:
        return _("Set a mail server in the settings, then send it again.")
    if mail.state not in TROUBLED:
        return ""
    return _("Send to another address, or download the PDF.")


def trouble_of(mails: list[Mail]) -> SimpleNamespace | None:
    """The newest mail where it is in trouble and nothing was sent since."""
    newest = mails[0] if mails else None
    if newest is None or newest.state not in TROUBLED:
        return None
    returned = newest.state == Mail.State.RETURNED
    words = _("Returned from %(to)s: %(why)s") if returned else _("Not sent to %(to)s: %(why)s")
    why = {"to": newest.to, "why": said(newest.problem)}
    return SimpleNamespace(text=words % why, todo=todo_of(newest))
