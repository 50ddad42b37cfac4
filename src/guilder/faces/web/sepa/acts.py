"""Making payment orders, and what is done with them; the bank's answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.books.sepa import operations, queries
from guilder.faces.web import answers, forms
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.sepa.views import order_page
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.identifiers import format_iban
from guilder.kernel.money import Money
from guilder.registers.parties import queries as parties

CHOSEN = ("invoices", "bills", "refunds")
LARGEST = 16 * 1024 * 1024


class OrderForm(forms.PaperForm):
    """When the money is to move, and on which own account."""

    due_on = forms.day(gettext_lazy("Day"), required=True)
    account = forms.choice(gettext_lazy("Own account"), required=False)
    asks = django_forms.CharField(required=False, widget=django_forms.HiddenInput())


@page("sepa", "sepa.edit")
def debit_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose what is collected, and when."""
    return made(request, visit, "debit", operations.create_collection, "invoices")


@page("sepa", "sepa.edit")
def transfer_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose which bills are paid and what is given back, and when."""
    return made(request, visit, "transfer", operations.create_transfer, "bills", "refunds")


def made(
    request: HttpRequest, visit: Visit, kind: str, make: Callable[..., Any], *names: str
) -> HttpResponse:
    """The form; posted, the payment order or the form again with every fault."""
    form = form_of(request, visit, kind)
    if request.method != "POST" or not form.is_valid():
        return drawn(request, visit, kind, form, status=422 if form.errors else 200)
    chosen = {name: request.POST.getlist(name) for name in names}
    day = form.cleaned_data["due_on"]
    data: dict[str, Any] = {"due_on": day.isoformat(), **chosen}
    if form.cleaned_data["account"]:
        data["account"] = form.cleaned_data["account"]
    try:
        row = make(by=visit.by, data=data, at=visit.now)
    except Invalid as error:
        form.refuse((one.pointer.strip("/"), one.detail) for one in error.problems)
        return drawn(request, visit, kind, form, status=422)
    to = reverse("web:sepa_batch", args=[row.id])
    return answers.done(request, to=to, text=_("The payment order is made."))


def form_of(request: HttpRequest, visit: Visit, kind: str) -> OrderForm:
    """The form with the first day that the bank can keep, and the own accounts."""
    first = operations.earliest(visit.today)
    with visit.reading():
        own = [one for one in parties.own_accounts(visit.by.organization_id) if one.id]
    pairs = [("", _("The one on your documents"))]
    pairs += [(str(one.id), f"{one.label} · {format_iban(one.iban)}") for one in own
              if not one._state.adding]  # fmt: skip
    posted = request.POST if request.method == "POST" else None
    asked = request.GET if "due_on" in request.GET else posted
    del kind
    return OrderForm(asked, initial={"due_on": first}, choices={"account": pairs})


def drawn(
    request: HttpRequest, visit: Visit, kind: str, form: OrderForm, *, status: int = 200
) -> HttpResponse:
    """What can be chosen on that day."""
    day = form.cleaned_data.get("due_on") if form.is_bound and form.is_valid() else None
    day = day or operations.earliest(visit.today)
    chosen = [id_ for name in CHOSEN for id_ in request.POST.getlist(name)]
    with visit.reading():
        rows = debits(visit, day) if kind == "debit" else [*transfers(visit), *refunds(visit)]
    for one in rows:
        one["chosen"] = one["is_ready"] and (not chosen or one["id"] in chosen)
    around = {
        "form": form,
        "rows": rows,
        "is_debit": kind == "debit",
    }
    return render(request, "sepa/new.html", around, status=status)


def debits(visit: Visit, day: Any) -> list[dict[str, Any]]:
    """Invoices that can be collected on a day."""
    notice = queries.notice_days(by=visit.by)
    found = queries.collectable(by=visit.by, due_on=day, today=visit.today, notice_days=notice)
    return [
        {
            "id": str(one.invoice_id),
            "name": "invoices",
            "is_ready": True,
            "number": one.number,
            "partner": one.partner_name,
            "due_on": one.due_on,
            "by": one.mandate_reference,
            "amount": Money(one.amount, "EUR"),
        }
        for one in found
    ]


def transfers(visit: Visit) -> list[dict[str, Any]]:
    """Bills that can be paid."""
    return [
        {
            "id": str(one.bill_id),
            "name": "bills",
            "is_ready": True,
            "number": one.number,
            "partner": one.partner_name,
            "due_on": one.due_on,
            "by": format_iban(one.iban),
            "amount": Money(one.amount, "EUR"),
        }
        for one in queries.payable(by=visit.by)
    ]


def refunds(visit: Visit) -> list[dict[str, Any]]:
    """Refunds that wait for a payment order; those without an account cannot be chosen."""
    return [
        {
            "id": str(one.refund_id),
            "name": "refunds",
            "is_ready": one.is_ready,
            "is_refund": True,
            "number": one.number,
            "url": reverse("web:refund", args=[one.refund_id]),
            "partner": one.partner_name,
            "client_url": reverse("web:client", args=[one.partner_id]),
            "due_on": one.refunded_on,
            "by": format_iban(one.iban) if one.iban else "",
            "amount": Money(one.amount, "EUR"),
        }
        for one in queries.refundable(by=visit.by)
    ]


def act(
    request: HttpRequest, visit: Visit, batch_id: UUID, run: Callable[[], Any], words: str
) -> HttpResponse:
    """Do it; where the room refuses, the page says why."""
    try:
        run()
    except (Conflict, Invalid) as error:
        return order_page(request, visit, batch_id, fault=error.detail, status=409)
    return answers.done(request, to=reverse("web:sepa_batch", args=[batch_id]), text=words)


@page("sepa", "sepa.approve", methods="POST")
def approve(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """Agree to somebody else's payment order."""
    words = _("It is approved and closed. The file is ready.")
    return act(request, visit, batch_id,
               lambda: operations.approve(batch_id, by=visit.by, at=visit.now), words)  # fmt: skip


@page("sepa", "sepa.edit", methods="POST")
def close(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """Make the file."""
    words = _("It is closed. The file is ready.")
    return act(request, visit, batch_id,
               lambda: operations.close(batch_id, by=visit.by, at=visit.now), words)  # fmt: skip


@page("sepa", "sepa.edit", methods="POST")
def hand_over(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """The bank has it."""
    words = _("The bank has it. It is booked on its day.")
    return act(request, visit, batch_id, lambda: operations.hand_over(
        batch_id, by=visit.by, at=visit.now), words)  # fmt: skip


@page("sepa", "sepa.edit", methods="POST")
def cancel(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """It does not go to the bank."""
    reason, words = request.POST.get("reason", ""), _("It is cancelled. All of it is free again.")
    return act(request, visit, batch_id, lambda: operations.cancel(
        batch_id, by=visit.by, at=visit.now, reason=reason), words)  # fmt: skip


@page("sepa", "sepa.edit", methods="POST")
def redate(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """Another day."""
    form = OrderForm(request.POST, choices={"account": [("", "")]})
    if not form.is_valid():
        fault = " ".join(str(one) for one in form.errors.get("due_on", []))
        return order_page(request, visit, batch_id, fault=fault, status=422)
    day = form.cleaned_data["due_on"]
    return act(request, visit, batch_id, lambda: operations.redate(
        batch_id, by=visit.by, at=visit.now, due_on=day), _("The day is changed."))  # fmt: skip


@page("sepa", "sepa.edit", methods="POST")
def drop(request: HttpRequest, visit: Visit, batch_id: UUID, order_id: UUID) -> HttpResponse:
    """Take one order out."""
    return act(request, visit, batch_id, lambda: operations.drop_order(
        batch_id, order_id, by=visit.by, at=visit.now), _("It is taken out."))  # fmt: skip


@page("sepa", "sepa.edit")
def answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Read the bank's status report."""
    upload = request.FILES.get("file") if request.method == "POST" else None
    if upload is None:
        return render(request, "sepa/answer.html", {"problem": ""})
    try:
        row = operations.receive_answer(
            upload.read(LARGEST + 1), by=visit.by, at=visit.now, filename=str(upload.name)
        )
    except GuilderError as error:
        return render(request, "sepa/answer.html", {"problem": said(error.detail)}, status=422)
    to = reverse("web:sepa_batch", args=[row.id])
    return answers.done(request, to=to, text=_("The bank's answer is read."))
