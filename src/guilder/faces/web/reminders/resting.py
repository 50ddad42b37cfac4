"""Small forms of an invoice and a client: pause, promise, dispute, hand over, which ladder."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.books.invoicing import queries as invoicing
from guilder.faces.web import answers, choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.forms import PaperForm, choice, day, long_text, number, text
from guilder.faces.web.reminders.words import CATEGORIES, OUTCOMES
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.office.dunning import operations, queries
from guilder.registers.parties import queries as parties

TEMPLATE = "reminders/form.html"


class PauseForm(PaperForm):
    """Until when reminders rest."""

    until_on = day(
        gettext_lazy("Until"), hint=gettext_lazy("Leave it empty to rest until you end it.")
    )
    reason = text(gettext_lazy("Reason"), limit=300)


class PromiseForm(PaperForm):
    """What a client promised."""

    until_on = day(gettext_lazy("Paid by"), required=True)
    amount = number(gettext_lazy("Amount"))
    reason = text(gettext_lazy("Note"), limit=300)


class DisputeForm(PaperForm):
    """What a client objects to."""

    category = choice(gettext_lazy("About"))
    reason = long_text(gettext_lazy("What the client says"), limit=1000)
    deadline_on = day(gettext_lazy("Answer by"))


class SettleForm(PaperForm):
    """How a dispute ended."""

    outcome = choice(gettext_lazy("How it ended"))
    note = long_text(gettext_lazy("Note"), limit=1000)


class TermsForm(PaperForm):
    """How a client is reminded."""

    ladder = choice(gettext_lazy("Reminders"), required=False)


def answered(
    request: HttpRequest,
    form: PaperForm,
    *,
    title: str,
    act: str,
    back: SimpleNamespace,
    run: Callable[[dict[str, Any]], str],
    hint: str = "",
) -> HttpResponse:
    """A small form: shown, run, or shown again with every fault."""
    if request.method == "POST" and form.is_valid():
        try:
            told = run(form.cleaned_data)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": next(iter(form.fields))})
        except (ValueError, ArithmeticError):
            form.add_error("amount", _("Enter an amount, for example 1,250.00."))
        else:
            return answers.done(request, to=back.url, text=told)
    shown = {
        "form": form, "title": title, "act": act, "back": back, "hint": hint,
        "address": request.path,
    }  # fmt: skip
    name = f"{TEMPLATE}#form" if answers.in_sheet(request) else TEMPLATE
    return render(request, name, shown, status=422 if form.errors else 200)


def back_to(visit: Visit, invoice_id: UUID) -> SimpleNamespace:
    """The invoice's page."""
    with visit.reading():
        record = invoicing.get_invoice(invoice_id, by=visit.by)
    return SimpleNamespace(
        url=reverse("web:invoice", args=[invoice_id]), label=record.number or _("Draft")
    )


def iso(value: Any) -> str | None:
    """A day as the rooms take it."""
    return value.isoformat() if value else None


@page("invoices", "reminder.send")
def invoice_pause(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Let reminders of an invoice rest."""

    def run(given: dict[str, Any]) -> str:
        data = {"invoice": str(invoice_id), "until_on": iso(given["until_on"]),
                "reason": given["reason"]}  # fmt: skip
        operations.pause_reminders(by=visit.by, data=data, at=visit.now, today=visit.today)
        return _("Nobody reminds of it for now.")

    form = PauseForm(request.POST if request.method == "POST" else None)
    return answered(
        request, form, title=_("Pause reminders"), act=_("Pause"),
        back=back_to(visit, invoice_id), run=run,
    )  # fmt: skip


@page("clients", "reminder.send")
def client_pause(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Let reminders of a client rest."""
    with visit.reading():
        name = parties.get_partner(visit.by.organization_id, client_id, side="customer").name

    def run(given: dict[str, Any]) -> str:
        data = {"client": str(client_id), "until_on": iso(given["until_on"]),
                "reason": given["reason"]}  # fmt: skip
        operations.pause_reminders(by=visit.by, data=data, at=visit.now, today=visit.today)
        return _("Nobody reminds this client for now.")

    form = PauseForm(request.POST if request.method == "POST" else None)
    back = SimpleNamespace(url=reverse("web:client", args=[client_id]), label=name)
    return answered(request, form, title=_("Pause reminders"), act=_("Pause"), back=back, run=run)


@page("invoices", "reminder.send")
def invoice_promise(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Note that the client promised to pay."""
    with visit.reading():
        record = invoicing.get_invoice(invoice_id, by=visit.by)

    def run(given: dict[str, Any]) -> str:
        data = {
            "invoice": str(invoice_id),
            "until_on": iso(given["until_on"]),
            "amount": typed.number(given["amount"]) or None,
            "reason": given["reason"],
        }
        operations.promise_payment(by=visit.by, data=data, at=visit.now, today=visit.today)
        return _("Noted. Reminders rest until that day.")

    initial = {"amount": typed.shown(record.money(record.open_amount))}
    form = PromiseForm(request.POST if request.method == "POST" else None, initial=initial)
    return answered(
        request, form, title=_("The client promised to pay"), act=_("Note it"),
        back=back_to(visit, invoice_id), run=run,
        hint=_("If it is not paid by then, reminders go on by themselves."),
    )  # fmt: skip


@page("reminders", "reminder.send", methods="POST")
def hold_end(request: HttpRequest, visit: Visit, hold_id: UUID) -> HttpResponse:
    """Reminders go on."""
    operations.end_hold(hold_id, by=visit.by, at=visit.now)
    to = f"{reverse('web:reminders')}?tab=rests"
    return answers.done(request, to=to, text=_("Reminders go on."))


@page("invoices", "invoice.edit")
def invoice_object(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The client objects to an invoice."""

    def run(given: dict[str, Any]) -> str:
        data = {
            "invoice": str(invoice_id),
            "category": given["category"],
            "reason": given["reason"].replace("\r\n", "\n"),
            "deadline_on": iso(given["deadline_on"]),
        }
        operations.open_dispute(by=visit.by, data=data, at=visit.now, today=visit.today)
        return _("Marked as disputed. Nobody reminds of it.")

    form = DisputeForm(
        request.POST if request.method == "POST" else None,
        initial={"category": "other"},
        choices={"category": choices.pairs(CATEGORIES)},
    )
    return answered(
        request, form, title=_("The client objects"), act=_("Mark as disputed"),
        back=back_to(visit, invoice_id), run=run,
    )  # fmt: skip


@page("invoices", "invoice.edit")
def dispute_settle(request: HttpRequest, visit: Visit, dispute_id: UUID) -> HttpResponse:
    """The dispute is over."""
    with visit.reading():
        record = queries.get_dispute(dispute_id, by=visit.by)

    def run(given: dict[str, Any]) -> str:
        data = {"outcome": given["outcome"], "note": given["note"].replace("\r\n", "\n")}
        operations.settle_dispute(
            dispute_id, by=visit.by, data=data, at=visit.now, today=visit.today
        )
        return _("The dispute is over.")

    form = SettleForm(
        request.POST if request.method == "POST" else None,
        initial={"outcome": "upheld"},
        choices={"outcome": choices.pairs(OUTCOMES)},
    )
    back = SimpleNamespace(
        url=reverse("web:invoice", args=[record.invoice_id]), label=record.number
    )
    return answered(
        request, form, title=_("End the dispute"), act=_("End it"), back=back, run=run,
        hint=_("Reminders go on with the step that is due then."),
    )  # fmt: skip


@page("invoices", "reminder.send", methods="POST")
def invoice_hand_over(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Hand an invoice over to collection, with every paper about it."""
    record = operations.hand_over([invoice_id], by=visit.by, on=visit.today, at=visit.now)
    answers.say(request, _("It is handed over. The file is below."))
    return redirect("web:handover_file", record.id)


@page("reminders", "reminder.view", methods="GET", files=True)
def handover_file(request: HttpRequest, visit: Visit, handover_id: UUID) -> HttpResponse:
    """The list and the papers of a handover."""
    del request
    data, name = operations.handover_file(handover_id, by=visit.by)
    return HttpResponse(
        data,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@page("clients", "reminder.edit")
def client_reminding(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """By which ladder a client is reminded, or never."""
    with visit.reading():
        name = parties.get_partner(visit.by.organization_id, client_id, side="customer").name
        terms = queries.terms_of(client_id, by=visit.by)
        ladders = queries.list_ladders(by=visit.by)
    pairs = [
        ("", _("As usual")),
        *((str(one.id), one.name) for one in ladders),
        ("never", _("Never remind this client")),
    ]

    def run(given: dict[str, Any]) -> str:
        is_never = given["ladder"] == "never"
        data = {"ladder": None if is_never else given["ladder"] or None, "is_never": is_never}
        operations.set_terms(client_id, by=visit.by, data=data)
        return _("Saved.")

    initial = "never" if terms.is_never else str(terms.ladder_id or "")
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        initial={"ladder": initial},
        choices={"ladder": pairs},
    )
    back = SimpleNamespace(url=reverse("web:client", args=[client_id]), label=name)
    return answered(
        request, form, title=_("How this client is reminded"), act=_("Save"), back=back, run=run
    )
