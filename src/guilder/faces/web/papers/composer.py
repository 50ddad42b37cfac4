"""The mail of a document before it goes: recipients, words, files, and how it will look."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web import answers
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.faces.web.talk.part import size_words
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.office.channels.queries import route_of
from guilder.office.desk import queries as desk
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.office.dispatch.models import Mail

FIELDS = {"to": "to", "cc": "cc", "subject": "subject", "text": "text", "files": "files"}


@page("invoices", "invoice.send")
def invoice_send(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Write the mail; posting it sends, and leaves time to take it back."""
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
        usual = usual_mail(invoice_id, visit)
        files = desk.list_attachments("invoice", invoice_id, by=visit.by) if desk_of(visit) else []
        route = route_of(record.partner_id, by=visit.by)
    if request.method == "GET":
        if route is not None and request.GET.get("by") != "mail":
            return render(request, "channels/send.html", {"record": record, "route": route})
        given = given_of(usual, record)
        return drawn(request, visit, record, given, files=files)
    given = posted(request)
    if answers.swaps(request):
        return drawn(request, visit, record, given, files=files, name="papers/send.html#letter")
    try:
        mail = dispatch.send_paper(
            invoice_id,
            by=visit.by,
            at=visit.now,
            wish=wish_of(given, files),
            hold=dispatch.HOLD,
        )
    except (Invalid, Conflict) as error:
        return drawn(request, visit, record, given, files=files, error=error)
    undo = reverse("web:outbox_undo", args=[mail.id])
    answers.say(request, _("Sent to %(to)s.") % {"to": mail.to}, undo=undo)
    return redirect("web:invoice", invoice_id)


def desk_of(visit: Visit) -> bool:
    """Whether the visitor sees the files of a document."""
    return visit.by.may("desk.view")


def usual_mail(invoice_id: UUID, visit: Visit) -> Mail | None:
    """The mail as it would go by itself; None where its client has no address yet."""
    try:
        return dispatch.compose_paper(invoice_id, by=visit.by, at=visit.now)
    except dispatch.NoAddress:
        nobody = dispatch.Wish(to=["nobody@guilder.invalid"])
        mail = dispatch.compose_paper(invoice_id, by=visit.by, at=visit.now, wish=nobody)
        mail.to = ""
        return mail


def given_of(usual: Mail | None, record: InvoiceRecord) -> SimpleNamespace:
    """What the form begins with."""
    del record
    return SimpleNamespace(
        to=usual.to if usual else "",
        cc=usual.copy_to if usual else "",
        subject=usual.subject if usual else "",
        text=usual.text if usual else "",
        has_paper=True,
        files=[],
    )


def posted(request: HttpRequest) -> SimpleNamespace:
    """What was typed."""
    post = request.POST
    return SimpleNamespace(
        **{name: post.get(name, "") for name in ("to", "cc", "subject", "text")},
        has_paper=bool(post.get("paper")),
        files=post.getlist("files"),
    )


def addresses(text: str) -> list[str]:
    """Addresses parted by commas, semicolons or white space."""
    return [part for part in text.replace(",", " ").replace(";", " ").split() if part]


def wish_of(given: SimpleNamespace, files: Sequence[Any]) -> dispatch.Wish:
    """The room's wish; only files that lie with the document count."""
    chosen = set(given.files)
    return dispatch.Wish(
        to=addresses(given.to),
        cc=addresses(given.cc),
        subject=given.subject,
        text=given.text,
        has_paper=given.has_paper,
        files=[one.file_id for one in files if str(one.id) in chosen],
    )


def drawn(
    request: HttpRequest,
    visit: Visit,
    record: InvoiceRecord,
    given: SimpleNamespace,
    *,
    files: Sequence[Any],
    error: GuilderError | None = None,
    name: str = "papers/send.html",
) -> HttpResponse:
    """The form with the letter beside it."""
    faults = faults_of(error) if error else {}
    with visit.reading():
        chosen = mails.mail_settings(visit.by.organization_id)
        has_server = mails.server_of(chosen) is not None
    picked = set(given.files)
    words = {
        "paper": SimpleNamespace(id=record.id, number=record.number, client=record.partner_name),
        "given": given,
        "faults": faults,
        "problems": [{"anchor": f"mail-{field}", "text": text} for field, text in faults.items()],
        "files": [
            SimpleNamespace(
                id=str(one.id),
                name=one.file.filename,
                size=size_words(one.file.size),
                ticked=str(one.id) in picked,
            )
            for one in files
        ],
        "letter": SimpleNamespace(
            sender=chosen.sender_name or visit.organization.name,
            sender_email=chosen.sender_email,
            to=given.to,
            cc=given.cc,
            subject=given.subject,
            blocks=[block for block in given.text.strip().split("\n\n") if block.strip()],
            attached=attached_of(record, given, files),
        ),
        "has_server": has_server,
        "may_set": visit.by.may("settings.edit"),
    }
    return render(request, name, words, status=422 if faults else 200)


def attached_of(record: InvoiceRecord, given: SimpleNamespace, files: Sequence[Any]) -> list[str]:
    """The names of what goes with it."""
    picked = set(given.files)
    names = [f"{record.number}.pdf"] if given.has_paper else []
    return names + [one.file.filename for one in files if str(one.id) in picked]


def faults_of(error: GuilderError) -> dict[str, str]:
    """A room's faults beside the fields, the first of each."""
    found: dict[str, str] = {}
    for problem in error.problems:
        field = FIELDS.get(problem.pointer.strip("/").split("/")[0], "to")
        found.setdefault(field, said(problem.detail))
    return found or {"to": said(error.detail)}
