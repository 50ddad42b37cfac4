"""Approval before issue on a document's page: asked for, given, refused, taken back."""

from types import SimpleNamespace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.books.workflow import queries as workflow
from guilder.books.workflow.models import Approval
from guilder.faces.web import answers, timeline
from guilder.faces.web.door import page, sentences
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import queries as identity
from guilder.foundation.identity.permissions import own_only
from guilder.kernel.errors import Conflict, Invalid, NotAllowed


@page("invoices", methods="POST")
def invoice_submit(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Ask somebody to approve it."""
    note = request.POST.get("note", "")
    operations.submit_invoice(invoice_id, by=visit.by, at=visit.now, note=note)
    return done(request, invoice_id, _("It waits for an approval."))


@page("invoices", methods="POST")
def invoice_recall(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Ask no longer."""
    operations.recall_invoice(invoice_id, by=visit.by, at=visit.now)
    return done(request, invoice_id, _("Nobody is asked any more."))


@page("invoices", methods="POST")
def invoice_approve(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Agree that it goes out."""
    return answered(request, visit, invoice_id, agrees=True)


@page("invoices", methods="POST")
def invoice_reject(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Send it back with a reason."""
    return answered(request, visit, invoice_id, agrees=False)


def answered(request: HttpRequest, visit: Visit, invoice_id: UUID, *, agrees: bool) -> HttpResponse:
    """Give the answer; what stands in its way is said on the document's page."""
    visit.by.require("invoice.approve")
    answer = operations.approve_invoice if agrees else operations.reject_invoice
    version = request.POST.get("version", "")
    try:
        answer(
            invoice_id,
            by=visit.by,
            at=visit.now,
            version=int(version) if version.isdecimal() else None,
            comment=request.POST.get("comment", ""),
        )
    except (Invalid, Conflict, NotAllowed) as error:
        for sentence in sentences(error):
            messages.error(request, said(sentence))
        return redirect("web:invoice", invoice_id)
    words = _("It is approved.") if agrees else _("It goes back with your reason.")
    return done(request, invoice_id, words)


def done(request: HttpRequest, invoice_id: UUID, words: str) -> HttpResponse:
    """Back to the document, which says what was done."""
    answers.say(request, words)
    return redirect("web:invoice", invoice_id)


def approval_of(record: InvoiceRecord, visit: Visit) -> SimpleNamespace | None:
    """What a draft's page says of its approval; None where none is asked for and none was."""
    rule = workflow.get_rule(visit.by.organization_id)
    rows = workflow.approvals_of(record.id, by=visit.by)
    last = rows[0] if rows else None
    stands = last is not None and last.subject_version == record.version
    due = rule.is_active and record.kind != "pro_forma" and exceeds(record, rule.amount)
    if record.status != "draft" or not (due or last):
        return None
    state = last.state if last is not None and stands else ""
    by = visit.by
    own = by.user_id in {record.created_by_id, last.requested_by_id if last else None}
    may_ask = by.may("invoice.submit") and (
        record.created_by_id == by.user_id or not own_only(by, "invoice.submit")
    )
    may_answer = state == "pending" and by.may("invoice.approve") and not own
    return SimpleNamespace(
        state=state,
        is_due=due and state != "approved",
        words=words_of(state, last, visit),
        note=last.note if last and stands else "",
        comment=last.comment if last and last.state == "rejected" else "",
        may_submit=due and may_ask and state not in {"pending", "approved"},
        may_recall=state == "pending" and may_ask,
        may_answer=may_answer and (not rule.roles or by.role in rule.roles),
        version=record.version,
    )


def exceeds(record: InvoiceRecord, above: int) -> bool:
    """Whether it may come to more than the rule's amount; a foreign draft is judged at submit."""
    return record.currency != record.base_currency or record.payable_amount > above


def words_of(state: str, last: Approval | None, visit: Visit) -> str:
    """Where the approval stands, in one sentence."""
    if last is None or not state:
        return _("Somebody must approve this before it is issued.")
    names = {
        row.user.id: row.user.get_full_name()
        for row in identity.list_members(visit.by.organization_id)
    }
    asked, decided = last.requested_by_id, last.decided_by_id
    whose = decided or asked
    who = names.get(whose) if whose else None
    told = {
        "who": who or _("somebody"),
        "at": timeline.moment(last.decided_at or last.requested_at, visit),
    }
    sentence = {
        "pending": _("%(who)s asked for an approval, %(at)s."),
        "approved": _("Approved by %(who)s, %(at)s. It may be issued as it stands."),
        "rejected": _("Sent back by %(who)s, %(at)s."),
        "withdrawn": _("Somebody must approve this before it is issued."),
    }[state]
    return sentence % told
