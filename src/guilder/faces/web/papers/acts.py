"""What is done with a document: issue, copy, delete, dispute, write off, link for the client."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations, queries
from guilder.faces.web import answers, days, typed
from guilder.faces.web.channels.undoing import undo_of
from guilder.faces.web.door import page, sentences
from guilder.faces.web.papers.facts import told
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.money import Money
from guilder.office.channels import operations as channels
from guilder.office.dispatch import operations as dispatch


@page("invoices", methods="POST")
def invoice_issue(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Give it its number, and send it or go on to its mail where that was asked for.

    With `credit` the waiting credit note of the invoice that it replaces is issued first.
    """
    on = day_of(request.POST.get("on", ""), visit)
    note_id = request.POST.get("credit", "")
    dispatch.require_einvoice(
        invoice_id, by=visit.by, at=visit.now, on=on, today=visit.today, translate=_
    )
    with transaction(visit.by.organization_id):
        if note_id:
            operations.issue_invoice(UUID(note_id), by=visit.by, at=visit.now, on=on)
        record = operations.issue_invoice(invoice_id, by=visit.by, at=visit.now, on=on)
    words = _("%(number)s is issued.") % {"number": record.number}
    if request.POST.get("send") == "edit":
        answers.say(request, words)
        return redirect("web:invoice_send", invoice_id)
    if request.POST.get("send"):
        send_issued(request, visit, invoice_id, issued=words)
    else:
        answers.say(request, words)
    return redirect("web:invoice", invoice_id)


def day_of(text: str, visit: Visit) -> date:
    """The day that was typed, today where none can be read."""
    found = days.read(text, today=visit.today, language=get_language() or "en")
    return found or visit.today


def send_issued(request: HttpRequest, visit: Visit, invoice_id: UUID, *, issued: str) -> None:
    """Send what was just issued; that it is issued stays true when sending is refused."""
    try:
        sending = channels.send_invoice(invoice_id, by=visit.by, at=visit.now, hold=dispatch.HOLD)
    except GuilderError as error:
        answers.say(request, issued)
        why = said(sentences(error)[0])
        messages.warning(request, _("It was not sent: %(why)s") % {"why": why})
        return
    words = _("%(issued)s It goes to %(to)s.") % {"issued": issued, "to": sending.to}
    answers.say(
        request,
        words,
        undo=undo_of(sending),
        undo_label=_("Undo sending"),
    )


@page("invoices", methods="POST")
def invoice_duplicate(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """A new draft like it."""
    made = operations.duplicate_invoice(invoice_id, by=visit.by, at=visit.now)
    answers.say(request, _("This is a copy. Nothing is issued yet."))
    return redirect("web:invoice_edit", made.id)


@page("invoices", methods="POST")
def invoice_delete(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    operations.delete_draft(invoice_id, by=visit.by)
    answers.say(request, _("The draft is deleted."))
    return redirect("web:invoices")


@page("invoices", methods="POST")
def invoice_dispute(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The client objects."""
    operations.mark_disputed(invoice_id, by=visit.by, at=visit.now)
    undo = reverse("web:invoice_agree", args=[invoice_id])
    to = reverse("web:invoice", args=[invoice_id])
    return answers.done(request, to=to, text=_("Marked as disputed."), undo=undo)


@page("invoices", methods="POST")
def invoice_agree(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The client objects no longer."""
    operations.mark_disputed(invoice_id, by=visit.by, at=visit.now, is_disputed=False)
    undo = reverse("web:invoice_dispute", args=[invoice_id])
    to = reverse("web:invoice", args=[invoice_id])
    return answers.done(request, to=to, text=_("The dispute is over."), undo=undo)


@page("invoices", "invoice.view", methods="POST")
def invoice_link(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The link to the client's own page of a document."""
    path = operations.pay_link(invoice_id, by=visit.by)
    address = request.build_absolute_uri(path)
    if answers.swaps(request):
        return JsonResponse({"url": address})
    messages.info(request, address)
    return redirect("web:invoice", invoice_id)


@page("invoices", "invoice.credit")
def invoice_write_off(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Give up what is open, or a part of it, with a reason."""
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
    left = record.money(record.open_amount)
    given = {"amount": typed.shown(left), "reason": ""}
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in given}
        try:
            amount = Money.of(typed.number(given["amount"]), record.currency)
            operations.write_off(
                invoice_id,
                by=visit.by,
                on=visit.today,
                at=visit.now,
                reason=given["reason"],
                amount=amount,
            )
        except (ValueError, ArithmeticError):
            errors["amount"] = _("Enter an amount, for example 1,250.00.")
        except (Invalid, Conflict) as error:
            errors = faults_of(error, default="amount")
        else:
            words = _("%(amount)s is written off.") % {"amount": told(amount)}
            to = reverse("web:invoice", args=[invoice_id])
            return answers.done(request, to=to, text=words)
    words = {
        "paper": SimpleNamespace(id=record.id, number=record.number, left=left),
        "given": given,
        "errors": errors,
    }
    return small(request, "papers/write_off.html", words, failed=bool(errors))


def faults_of(error: GuilderError, *, default: str) -> dict[str, str]:
    """A room's faults beside the fields of a small form."""
    found = {
        problem.pointer.strip("/").split("/")[0] or default: said(problem.detail)
        for problem in error.problems
    }
    return found or {default: said(error.detail)}


def small(
    request: HttpRequest, template: str, words: dict[str, object], *, failed: bool
) -> HttpResponse:
    """A small form: alone where it goes into the sheet, else as a page."""
    name = f"{template}#form" if answers.in_sheet(request) else template
    return render(request, name, words, status=422 if failed else 200)
