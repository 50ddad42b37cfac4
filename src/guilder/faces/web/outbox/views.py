"""The outbox: every mail to a client, and what became of it."""

from types import SimpleNamespace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import lists
from guilder.faces.web.door import page
from guilder.faces.web.invoices.detail import MAIL_STATES
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import status_of
from guilder.office.dispatch import operations, queries
from guilder.office.dispatch.models import Mail

ORDER = "-queued_at"
VIEWS: dict[str, tuple[str, ...]] = {
    "": (),
    "waiting": ("queued", "sending", "held"),
    "failed": ("failed", "returned", "stopped"),
}


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
            [("", _("All")), ("waiting", _("Waiting")), ("failed", _("Failed"))],
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
    """One mail as the list draws it."""
    document_id = mail.invoice_id  # type: ignore[attr-defined]
    return SimpleNamespace(
        id=mail.id,
        url=reverse("web:outbox_message", args=[mail.id]),
        at=mail.sent_at or mail.queued_at,
        to=mail.to,
        subject=mail.subject,
        status=MAIL_STATES[mail.state],
        detail="" if mail.state == "held" else mail.problem,
        document=_("Invoice") if document_id else "",
        document_url=reverse("web:invoice", args=[document_id]) if document_id else "",
    )


@page("outbox", "invoice.send", methods="GET")
def outbox_message(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """One mail, its text, paper and attempts."""
    with visit.reading():
        mail = queries.get_mail(mail_id, by=visit.by)
        tries = queries.list_attempts(mail_id, by=visit.by)
        chosen = queries.mail_settings(visit.by.organization_id)
    row = mail_row(mail)
    row.sender = chosen.sender_email or chosen.sender_name or _("The installation's address")
    row.detail = mail.problem
    row.message_id = mail.message_id
    row.text = mail.text
    document_id = mail.invoice_id  # type: ignore[attr-defined]
    attached = []
    if document_id:
        url = reverse("web:invoice_pdf", args=[document_id])
        attached.append({"name": "PDF", "size_text": "PDF", "url": url})
    words = {
        "mail": row,
        "attachments": attached,
        "document": {"number": _("Invoice"), "url": row.document_url} if document_id else None,
        "attempts": [
            {
                "at": one.at,
                "outcome": one.problem or status_of(MAIL_STATES[one.state]).label,
                "tone": "",
            }
            for one in tries
        ],
        "may": {"retry": mail.state in {"held", "failed", "returned", "stopped"}},
    }
    return render(request, "outbox/detail.html", words)


@page("outbox", methods="POST")
def outbox_retry(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """Try it once more."""
    operations.retry_mail(mail_id, by=visit.by, at=visit.now)
    messages.success(request, _("It is tried again now."))
    return redirect("web:outbox_message", mail_id)
