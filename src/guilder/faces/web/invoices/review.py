"""Review and send: the dialog that names the number, and what issuing does."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations
from guilder.faces.web import answers, typed
from guilder.faces.web.channels.undoing import by_channel, undo_of
from guilder.faces.web.door import page
from guilder.faces.web.drafting import reviewing
from guilder.faces.web.drafting.reviewing import Review, ReviewForm
from guilder.faces.web.drafting.shelves import INVOICES
from guilder.faces.web.shell import Visit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import GuilderError
from guilder.office.channels import operations as channels
from guilder.office.dispatch import operations as dispatch


@page("invoices", "invoice.issue")
def invoice_review(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Look once more, then issue, or issue and send."""
    record = INVOICES.read(invoice_id, by=visit.by)
    if not INVOICES.is_draft(record):
        return reviewing.done(request, INVOICES.url("", invoice_id))
    review = reviewing.review_of(request, visit, INVOICES, record)
    form = reviewing.form_of(request, review)
    if request.method != "POST":
        return reviewing.page_of(request, visit, review, form)
    if not form.is_valid() or not reviewing.mended(form, review, visit):
        return reviewing.page_of(request, visit, review, form, status=422)
    review = reviewing.review_of(request, visit, INVOICES, record)
    try:
        judged_before(visit, review)
        issued, sending = issue(request, visit, review, form)
    except GuilderError as error:
        typed.refuse(form, error, reviewing.FIELDS)
        return reviewing.page_of(request, visit, review, form, status=422)
    tell(request, issued, sending)
    return reviewing.done(request, INVOICES.url("", invoice_id))


def judged_before(visit: Visit, review: Review) -> None:
    """Where the client wants an e-invoice, the official rules are asked before it is issued."""
    dispatch.require_einvoice(
        review.record.id,
        by=visit.by,
        at=visit.now,
        on=review.on,
        today=visit.today,
        translate=_,
    )


def issue(request: HttpRequest, visit: Visit, review: Review, form: ReviewForm) -> tuple[Any, Any]:
    """Number and sending in one transaction: where that is refused, no number is used."""
    sends = bool(request.POST.get("send"))
    with transaction(visit.by.organization_id):
        issued = operations.issue_invoice(
            review.record.id,
            by=visit.by,
            at=visit.now,
            on=review.on,
            version=review.record.version,
        )
        if not sends:
            return issued, None
        if by_channel(issued.partner_id, by=visit.by):
            sending = channels.send_invoice(
                issued.id, by=visit.by, at=visit.now, hold=dispatch.HOLD
            )
            return issued, sending
        wish = reviewing.wish_of(form, review, number=issued.number or "")
        mail = dispatch.send_paper(
            issued.id, by=visit.by, at=visit.now, wish=wish, hold=dispatch.HOLD
        )
    return issued, channels.Sending(mail=mail)


def tell(request: HttpRequest, issued: Any, sending: Any) -> None:
    """The toast: what happened, and for what was sent how to take it back."""
    if sending is None:
        answers.say(request, _("%(number)s is issued.") % {"number": issued.number})
        return
    words = _("%(number)s is issued and goes to %(to)s.") % {
        "number": issued.number,
        "to": sending.to,
    }
    answers.say(request, words, undo=undo_of(sending), undo_label=_("Undo sending"))
