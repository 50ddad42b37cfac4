"""Transmissions: the list, and one with its statuses, its bytes, and what can be done about it."""

import re
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import answers, choices, lists, typed
from guilder.faces.web.channels.forms import ResponseForm
from guilder.faces.web.channels.undoing import undo_of
from guilder.faces.web.channels.words import CODES, REASONS, STATES, told
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import status_of
from guilder.faces.web.talk.part import size_words
from guilder.kernel.errors import Conflict, Invalid
from guilder.office.channels import operations, queries
from guilder.office.channels.models import Transmission
from guilder.office.dispatch.operations import HOLD

VIEWS: dict[str, dict[str, Any]] = {
    "": {},
    "out": {"direction": "out"},
    "in": {"direction": "in"},
    "waiting": {"states": ("queued", "sending", "received")},
    "failed": {"states": ("failed", "rejected", "refused")},
}
ORDER = "-created_at"
ICONS = {"green": "check", "red": "warn"}  # by the tone of a status
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")  # in the name of a file that others chose


@page("outbox", "invoice.send", methods="GET")
def transmissions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Transmissions, newest first."""
    view = request.GET.get("view", "")
    place = lists.place_of(request, sort=ORDER)
    with visit.reading():
        found = queries.list_transmissions(
            by=visit.by,
            limit=lists.PAGE + 1,
            before_id=place.row_id if place else None,
            **VIEWS.get(view, {}),
        )
    shown = lists.paged(found, place, sort=ORDER, key=lambda one: (one.created_at, one.id))
    rows = [row_of(one) for one in shown.rows]
    pager = lists.pager(request, shown)
    if place is not None:  # this list goes one way only: back is the beginning
        pager.newer = lists.address(request, cursor="")
    words = {
        "views": lists.views(
            request,
            [
                ("", _("All")),
                ("out", _("Out")),
                ("in", _("In")),
                ("waiting", _("Waiting")),
                ("failed", _("Failed")),
            ],
            counts={},
        ),
        "rows": rows,
        "pager": pager,
        "is_narrowed": bool(view),
        "announce": ngettext("%(n)s transmission", "%(n)s transmissions", len(rows))
        % {"n": len(rows)},
    }
    return render(request, lists.template_of(request, "channels/transmissions.html"), words)


def row_of(row: Transmission) -> SimpleNamespace:
    """One transmission as lists and the page of its document draw it."""
    transport = queries.transports().get(row.transport)
    return SimpleNamespace(
        id=row.id,
        url=reverse("web:transmission", args=[row.id]),
        at=row.sent_at or row.created_at,
        direction=row.direction,
        is_response=row.content == "response",
        status=STATES[row.state],
        channel=row.channel.name,
        way=told(transport.title) if transport else row.transport,
        address=row.address,
        document=row.document_number or row.filename or row.number,
        client=row.partner.name if row.partner else "",
        problem=said(row.problem),
        again_at=row.next_attempt_at if row.attempts and row.state == "queued" else None,
    )


@page("outbox", "invoice.view", methods="GET")
def transmission(request: HttpRequest, visit: Visit, transmission_id: UUID) -> HttpResponse:
    """One transmission."""
    return drawn(request, visit, transmission_id, form_of())


def drawn(
    request: HttpRequest, visit: Visit, transmission_id: UUID, form: ResponseForm
) -> HttpResponse:
    """The page of one transmission."""
    with visit.reading():
        row = queries.get_transmission(transmission_id, by=visit.by)
        history = queries.history_of([row.id], by=visit.by)[row.id]
        responses = queries.responses_to(row.id, by=visit.by)
    sends = visit.by.may("invoice.send")
    words = {
        "row": row_of(row),
        "number": row.number,
        "reference": row.their_reference,
        "format": row.format,
        "sha256": row.sha256,
        "file": {"name": row.filename, "size_text": size_words(row.size)} if row.file_id else None,
        "has_evidence": row.evidence_id is not None,
        "invoice_url": reverse("web:invoice", args=[row.invoice_id]) if row.invoice_id else "",
        "answers_url": reverse("web:transmission", args=[row.answers_id]) if row.answers_id else "",
        "mail_url": reverse("web:outbox_message", args=[row.mail_id])
        if row.mail_id and sends
        else "",
        "history": [step_of(one) for one in history],
        "responses": [row_of(one) for one in responses],
        "form": form,
        "may": {
            "retry": sends and row.may_retry,
            "stop": sends and row.may_stop,
            "answer": is_answerable(row) and visit.by.may("document.upload"),
        },
    }
    status = 422 if form.errors else 200
    return render(request, "channels/transmission.html", words, status=status)


def step_of(one: Any) -> dict[str, Any]:
    """One line of the history."""
    status = status_of(STATES[one.state])
    label = CODES.get(one.code) or status.label
    return {
        "at": one.at,
        "label": label,
        "detail": said(one.detail),
        "who": one.actor_name,
        "tone": status.tone,
        "icon": ICONS.get(status.tone, "send"),
    }


def is_answerable(row: Transmission) -> bool:
    """Whether the sender of a document can be told what becomes of it."""
    transport = queries.transports().get(row.transport)
    came = row.direction == "in" and row.content == "document"
    read = row.state in ("taken", "accepted", "rejected")
    return came and read and transport is not None and transport.sends and not transport.is_mail


def form_of(post: Any = None) -> ResponseForm:
    """The form of an answer."""
    pairs = {"code": choices.pairs(CODES), "reason": choices.pairs(REASONS)}
    return ResponseForm(post, initial={"code": "AP"}, choices=pairs)


@page("outbox", "invoice.view", methods="GET")
def transmission_bytes(request: HttpRequest, visit: Visit, transmission_id: UUID) -> HttpResponse:
    """The exact bytes that travelled, or the receipt for them."""
    evidence = request.GET.get("part") == "evidence"
    found = queries.bytes_of(transmission_id, by=visit.by, evidence=evidence)
    name = UNSAFE.sub("_", found.filename)
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    head["X-Content-Type-Options"] = "nosniff"
    return HttpResponse(found.data, content_type=found.media_type, headers=head)


@page("outbox", "invoice.send", methods="POST")
def transmission_retry(request: HttpRequest, visit: Visit, transmission_id: UUID) -> HttpResponse:
    """Try it once more."""
    operations.retry_transmission(transmission_id, by=visit.by, at=visit.now)
    to = reverse("web:transmission", args=[transmission_id])
    return answers.done(request, to=to, text=_("It is tried again now."))


@page("outbox", "invoice.send", methods="POST")
def transmission_cancel(request: HttpRequest, visit: Visit, transmission_id: UUID) -> HttpResponse:
    """Take it back while no server has it."""
    row = operations.cancel_transmission(transmission_id, by=visit.by, at=visit.now)
    to = reverse("web:transmission", args=[row.id])
    if row.invoice_id:
        to = reverse("web:invoice", args=[row.invoice_id])
    return answers.done(request, to=to, text=_("Stopped. Nothing was sent."))


@page("outbox", "document.upload", methods="POST")
def transmission_answer(request: HttpRequest, visit: Visit, transmission_id: UUID) -> HttpResponse:
    """Tell the sender what becomes of a document."""
    form = form_of(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        data = {name: given[name] for name in ("code", "reason", "text") if given[name]}
        try:
            operations.answer(transmission_id, by=visit.by, data=data, at=visit.now, on=visit.today)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {})
        else:
            messages.success(request, _("The answer is on its way."))
            return redirect("web:transmission", transmission_id)
    return drawn(request, visit, transmission_id, form)


@page("invoices", "invoice.send", methods="POST")
def invoice_transmit(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Send a document by its client's channel, with time to take it back."""
    sending = operations.send_invoice(invoice_id, by=visit.by, at=visit.now, hold=HOLD)
    words = _("Sent to %(to)s.") % {"to": sending.to}
    answers.say(request, words, undo=undo_of(sending))
    return redirect("web:invoice", invoice_id)
