"""What is done with a bill: booked, paid, approved, credited, cancelled, thrown away."""

from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.bills import operations
from guilder.books.payments import operations as payments
from guilder.faces.web import answers
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.faces.web.typed import number
from guilder.flows.intake import operations as intake


def back(request: HttpRequest, bill_id: UUID, words: str) -> HttpResponse:
    """To the bill, with a word of what happened."""
    return answers.done(request, to=reverse("web:bill", args=[bill_id]), text=words)


@page("bills", "bill.book", methods="POST")
def bill_book(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Put it into the books."""
    operations.book_bill(bill_id, by=visit.by, at=visit.now)
    return back(request, bill_id, _("The bill is booked."))


@page("bills", "bill.edit", methods="POST")
def bill_accounts(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Where its lines go."""
    chosen = {
        int(name.removeprefix("account-")): UUID(value)
        for name, value in request.POST.items()
        if name.startswith("account-") and name[8:].isdecimal() and is_id(value)
    }
    operations.set_accounts(bill_id, chosen, by=visit.by, at=visit.now)
    return back(request, bill_id, _("The accounts are kept."))


def is_id(value: str) -> bool:
    """Whether a text is an id."""
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@page("bills", "payment.record", methods="POST")
def bill_pay(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Record that it was paid, whole or in part."""
    share = {"bill": str(bill_id), "amount": number(request.POST.get("amount", "")) or None}
    data = {
        "bills": [share],
        "paid_on": request.POST.get("paid_on") or None,
        "method": request.POST.get("method") or "bank_transfer",
        "reference": request.POST.get("reference", ""),
    }
    payments.pay_bills(by=visit.by, data=data, at=visit.now)
    return back(request, bill_id, _("The payment is recorded."))


@page("bills", "payment.reverse", methods="POST")
def bill_payment_reverse(
    request: HttpRequest, visit: Visit, bill_id: UUID, disbursement_id: UUID
) -> HttpResponse:
    """Take a payment back."""
    reason = request.POST.get("reason", "") or _("Taken back on the page of the bill")
    payments.reverse_disbursement(
        disbursement_id, by=visit.by, on=visit.today, at=visit.now, reason=reason
    )
    return back(request, bill_id, _("The payment is reversed."))


@page("bills", "bill.edit", methods="POST")
def bill_submit(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Ask somebody to approve it."""
    operations.submit_bill(bill_id, by=visit.by, at=visit.now, note=request.POST.get("note", ""))
    return back(request, bill_id, _("Submitted. Somebody else approves it."))


@page("bills", "bill.edit", methods="POST")
def bill_recall(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Ask no longer."""
    operations.recall_bill(bill_id, by=visit.by, at=visit.now)
    return back(request, bill_id, _("Nobody is asked any more."))


@page("bills", "invoice.approve", methods="POST")
def bill_approve(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Agree."""
    comment = request.POST.get("comment", "")
    operations.approve_bill(bill_id, by=visit.by, at=visit.now, comment=comment)
    return back(request, bill_id, _("The bill is approved."))


@page("bills", "invoice.approve", methods="POST")
def bill_reject(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Disagree, with a reason."""
    comment = request.POST.get("comment", "")
    operations.reject_bill(bill_id, by=visit.by, at=visit.now, comment=comment)
    return back(request, bill_id, _("The bill goes back to who entered it."))


@page("bills", "bill.book", methods="POST")
def bill_cancel(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Take it out of the books."""
    reason = request.POST.get("reason", "")
    operations.cancel_bill(bill_id, by=visit.by, at=visit.now, reason=reason)
    return back(request, bill_id, _("The bill is cancelled."))


@page("bills", "bill.book", methods="POST")
def bill_credit(
    request: HttpRequest, visit: Visit, bill_id: UUID, credit_note_id: UUID
) -> HttpResponse:
    """Let a credit note pay it."""
    whole: Decimal | None = None
    operations.apply_credit(
        credit_note_id, bill_id, by=visit.by, at=visit.now, on=visit.today, amount=whole
    )
    return back(request, bill_id, _("The credit note is applied."))


@page("bills", "bill.book", methods="POST")
def bill_credit_undo(
    request: HttpRequest, visit: Visit, bill_id: UUID, credit_id: UUID
) -> HttpResponse:
    """Take a credit note off again."""
    operations.undo_credit(credit_id, by=visit.by, at=visit.now, on=visit.today)
    return back(request, bill_id, _("The credit note is taken off again."))


@page("bills", "bill.delete", methods="POST")
def bill_delete(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Throw a draft away; its paper waits again."""
    intake.discard_bill(bill_id, by=visit.by, at=visit.now)
    return answers.done(request, to=reverse("web:bills"), text=_("The draft is gone."))
