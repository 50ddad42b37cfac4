"""The outbox: every mail to a client, and what became of it."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import answers, choices, lists
from guilder.faces.web.door import page
from guilder.faces.web.papers.mails import MAIL_STATES, todo_of
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import status_of
from guilder.faces.web.talk.part import size_words
from guilder.office.dispatch import operations, queries
from guilder.office.dispatch.models import Mail

ORDER = "-queued_at"
VIEWS: dict[str, tuple[str, ...]] = {
    "": (),
    "waiting": ("queued", "sending", "held"),
    "failed": ("failed", "returned"),
    "stopped": ("stopped",),
}
AGAIN = frozenset(("held", "failed", "returned", "stopped"))


@page("outbox", "invoice.send", methods="GET")
def outbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Mails, newest first."""
    view = request.GET.get("view", "")
    place = lists.place_of(request, sort=ORDER)
    with visit.reading():
        found = queries.list_mails(
            by=visit.by,
            states=VIEWS.get(view, ()),
            limit=lists.PAGE + 1,
            before=(place.value, place.row_id) if place and place.value else None,
            with_papers=True,
        )
        kept = queries.server_of(queries.mail_settings(visit.by.organization_id)) is None
    shown = lists.paged(found, place, sort=ORDER, key=lambda one: (one.queued_at, one.id))
    rows = [mail_row(one) for one in shown.rows]
    pager = lists.pager(request, shown)
    if place is not None:  # this list goes one way only: back is the beginning
        pager.newer = lists.address(request, cursor="")
    may_set = visit.by.may("settings.edit")
    words = {
        "kept": kept,
        "settings_url": reverse("web:settings_mail") if may_set else "",
        "views": lists.views(
            request,
            [
                ("", _("All")),
                ("waiting", _("Waiting")),
                ("failed", _("Failed")),
                ("stopped", _("Stopped")),
            ],
            counts={},
        ),
        "filter": {"q": "", "active": bool(view)},
        "hidden": {},
        "rows": rows,
        "pager": pager,
        "announce": ngettext("%(n)s mail", "%(n)s mails", len(rows)) % {"n": len(rows)},
    }
    return render(request, lists.template_of(request, "outbox/list.html"), words)


def mail_row(mail: Mail) -> SimpleNamespace:
    """One mail as the list draws it; it was read with its papers."""
    document = document_of(mail)
    return SimpleNamespace(
        id=mail.id,
        url=reverse("web:outbox_message", args=[mail.id]),
        at=mail.sent_at or mail.queued_at,
        to=mail.to,
        cc=mail.copy_to,
        subject=mail.subject,
        status=MAIL_STATES[mail.state],
        detail="" if mail.state in ("held", "stopped") else said(mail.problem),
        kind=kind_label(mail),
        client=mail.partner.name if mail.partner else "",
        client_url=reverse("web:client", args=[mail.partner_id]) if mail.partner_id else "",
        document=document.number if document else "",
        document_url=document.url if document else "",
    )


def document_of(mail: Mail) -> SimpleNamespace | None:
    """The number and address of a mail's paper."""
    if mail.invoice is not None:
        url = reverse("web:invoice", args=[mail.invoice_id])
        return SimpleNamespace(number=mail.invoice.number or _("Draft"), url=url)
    if mail.quote is not None:
        url = reverse("web:quote", args=[mail.quote_id])
        return SimpleNamespace(number=mail.quote.number or _("Draft"), url=url)
    return None


def kind_label(mail: Mail) -> str:
    """What the mail is about in one word."""
    others = {
        "statement": _("Statement"),
        "receipt": _("Receipt"),
        "method_link": _("Way to pay"),
        "reminder_notice": _("Notice before the due date"),
        "reminder_reminder": _("Reminder"),
        "reminder_demand": _("Demand for payment"),
        "reminder_final": _("Final demand"),
    }
    return str(choices.KINDS.get(mail.kind) or others.get(mail.kind, mail.kind))


@page("outbox", "invoice.send", methods="GET")
def outbox_message(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """One mail: its exact words, its files and attempts."""
    with visit.reading():
        mail = queries.get_mail(mail_id, by=visit.by, with_papers=True)
        tries = queries.list_attempts(mail_id, by=visit.by)
        files = queries.files_of(mail, by=visit.by)
        chosen = queries.mail_settings(visit.by.organization_id)
    row = mail_row(mail)
    row.sender = chosen.sender_email or chosen.sender_name or _("The installation's address")
    row.detail = said(mail.problem)
    row.todo = todo_of(mail)
    row.message_id = mail.message_id
    row.text = mail.text
    words = {
        "mail": row,
        "attachments": attached(mail, files),
        "document": document_of(mail),
        "attempts": [
            {
                "at": one.at,
                "outcome": said(one.problem) or status_of(MAIL_STATES[one.state]).label,
                "tone": "",
            }
            for one in tries
        ],
        "may": {
            "retry": mail.state in AGAIN,
            "stop": mail.state == Mail.State.QUEUED and not mail.attempts,
        },
    }
    return render(request, "outbox/detail.html", words)


def attached(mail: Mail, files: list) -> list[dict[str, str]]:
    """What goes with a mail: its paper's PDF, and the files that were chosen."""
    found = []
    if mail.invoice is not None and mail.has_paper:
        url = reverse("web:invoice_pdf", args=[mail.invoice_id])
        found.append({"name": f"{mail.invoice.number}.pdf", "size_text": "PDF", "url": url})
    for one in files:
        found.append({"name": one.filename, "size_text": size_words(one.size), "url": ""})
    return found


@page("outbox", methods="POST")
def outbox_retry(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """Try it once more."""
    operations.retry_mail(mail_id, by=visit.by, at=visit.now)
    to = reverse("web:outbox_message", args=[mail_id])
    return answers.done(request, to=to, text=_("It is tried again now."))


@page("outbox", methods="POST")
def outbox_undo(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """Take a mail back while no server has it."""
    mail = operations.cancel_mail(mail_id, by=visit.by)
    to = reverse("web:outbox_message", args=[mail.id])
    if mail.invoice_id:
        to = reverse("web:invoice", args=[mail.invoice_id])
    return answers.done(request, to=to, text=_("Stopped. Nothing was sent."))
