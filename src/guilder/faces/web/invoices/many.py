"""Acts on many invoices at once: one that is refused stops no other, and is told of."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.faces.web import answers
from guilder.faces.web.channels.undoing import marks_of, take_back
from guilder.faces.web.door import page
from guilder.faces.web.lists import jobs
from guilder.faces.web.lists.acting import MAILS, UNDO_LIFE, each
from guilder.faces.web.lists.table import Act, Failure, Outcome
from guilder.faces.web.shell import Visit
from guilder.office.channels import operations as channels
from guilder.office.dispatch import operations as dispatch

WAITED_FOR = 40  # so many PDFs are made while one waits; more by a job


def failures(refused: Sequence[tuple[UUID, str]], visit: Visit) -> list[Failure]:
    """What was left out, by number or client, with the way to it."""
    if not refused:
        return []
    narrowed = InvoiceFilter(today=visit.today, ids=[one for one, _why in refused])
    found = queries.list_invoices(narrowed, by=visit.by, limit=len(refused))
    names = {one.id: one.number or one.partner_name for one in found}
    return [
        Failure(names.get(one, _("Gone")), reverse("web:invoice", args=[one]), why)
        for one, why in refused
    ]


def issue(ids: Sequence[UUID], visit: Visit) -> Outcome:
    """Give each draft its number, the oldest first."""
    done, refused = each(
        list(reversed(ids)),
        lambda one: judged_and_issued(one, visit),
    )
    words = ngettext("%(n)s invoice is issued.", "%(n)s invoices are issued.", len(done))
    return Outcome(words % {"n": len(done)} if done else "", failures(refused, visit))


def judged_and_issued(invoice_id: UUID, visit: Visit) -> None:
    """Where the client wants an e-invoice, the official rules are asked first."""
    day, now = visit.today, visit.now
    dispatch.require_einvoice(invoice_id, by=visit.by, at=now, on=day, today=day, translate=_)
    operations.issue_invoice(invoice_id, by=visit.by, at=now, on=day)


def send(ids: Sequence[UUID], visit: Visit) -> Outcome:
    """Mail each to its client, after the time for undoing."""
    hold = timedelta(seconds=answers.SECONDS + 2)
    sent = channels.send_invoices(ids, by=visit.by, at=visit.now, hold=hold)
    done = len(sent.sendings)
    mails_only = all(one.mail is not None for one in sent.sendings)
    words = (
        ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", done)
        if mails_only
        else ngettext("%(n)s document is on its way.", "%(n)s documents are on their way.", done)
    )
    mails = signing.dumps(marks_of(sent.sendings), salt=MAILS, compress=True)
    undo = reverse("web:invoices_unsend", args=[mails]) if 0 < done <= 50 else ""
    return Outcome(words % {"n": done} if done else "", failures(sent.refused, visit), undo)


@page("invoices", "invoice.send", methods="POST")
def unsend(request: HttpRequest, visit: Visit, mails: str) -> HttpResponse:
    """Take back the mails of a moment ago; those that are gone are gone."""
    try:
        ids = signing.loads(mails, salt=MAILS, max_age=UNDO_LIFE)
    except signing.BadSignature:
        return redirect("web:invoices")
    done = take_back(ids, visit)
    words = ngettext("%(n)s mail was stopped.", "%(n)s mails were stopped.", len(done))
    return answers.done(request, to=reverse("web:invoices"), text=words % {"n": len(done)})


def delete(ids: Sequence[UUID], visit: Visit) -> Outcome:
    """Throw drafts away; what is issued stays."""
    done, refused = each(ids, lambda one: operations.delete_draft(one, by=visit.by))
    words = ngettext("%(n)s draft is deleted.", "%(n)s drafts are deleted.", len(done))
    return Outcome(words % {"n": len(done)} if done else "", failures(refused, visit))


def download(ids: Sequence[UUID], visit: Visit) -> Outcome:
    """The PDFs in one ZIP: at once for a few, else by a job."""
    if len(ids) > WAITED_FOR:
        jobs.begin_zip(visit, ids)
        return Outcome(_("The ZIP is under way. It comes to your inbox, also when you leave."))
    data, left_out = jobs.zip_of(ids, visit)
    if len(left_out) == len(ids):
        return Outcome("", failures(left_out, visit))
    name = f"documents-{visit.today.isoformat()}.zip"
    return Outcome(file=(data, name, "application/zip"))


def issue_question(n: int) -> str:
    """The question before numbers are given."""
    return ngettext("Issue %(n)s draft?", "Issue %(n)s drafts?", n) % {"n": n}


def delete_question(n: int) -> str:
    """The question before drafts are thrown away."""
    return ngettext("Delete %(n)s draft?", "Delete %(n)s drafts?", n) % {"n": n}


SEND = Act(
    key="send",
    label=gettext_lazy("Send"),
    icon="send",
    permission="invoice.send",
    run=send,
)
DOWNLOAD = Act(
    key="download",
    label=gettext_lazy("Download PDFs"),
    icon="download",
    permission="invoice.view",
    run=download,
    most=5_000,
)
ISSUE = Act(
    key="issue",
    label=gettext_lazy("Issue"),
    icon="invoice",
    permission="invoice.issue",
    run=issue,
    question=issue_question,
    consequence=gettext_lazy(
        "Each gets the next number and can no longer be changed. What is issued already is"
        " left as it is."
    ),
)
DELETE = Act(
    key="delete",
    label=gettext_lazy("Delete drafts"),
    icon="trash",
    permission="invoice.delete",
    run=delete,
    question=delete_question,
    consequence=gettext_lazy("Drafts are gone for good. What is issued stays."),
    danger=True,
    main=False,
)
INVOICE_ACTS = (ISSUE, SEND, DOWNLOAD, DELETE)
CREDIT_ACTS = (ISSUE, SEND, DOWNLOAD, DELETE)
