"""One recurring invoice: its rhythm, what it made, pausing, resuming, ending, changing."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.faces.web import answers, choices, formats, timeline, typed
from guilder.faces.web.door import page
from guilder.faces.web.recurring.forms import RecurringForm
from guilder.faces.web.recurring.words import ACTS, UNITS, WHEN, WORDS, end_words, rhythm_words
from guilder.faces.web.recurring.words import run_of as run_words
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.flows.billing import operations
from guilder.flows.billing.queries import RecurringRecord, get_recurring
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.money import Money

FIELDS = {
    f"/{name}": name
    for name in ("name", "every", "unit", "first_on", "last_on", "most", "in_advance", "act")
}


@page("recurring", "invoice.view", methods="GET")
def recurring_one(request: HttpRequest, visit: Visit, recurring_id: UUID) -> HttpResponse:
    """One recurring invoice."""
    with visit.reading():
        record = get_recurring(recurring_id, by=visit.by)
        words = {
            "one": facts(record),
            "runs": [run_of(one) for one in record.runs],
            "timeline": timeline.of_rows(visit, [record.id], kind=""),
            "may": allowed(record, visit),
            "ask": request.GET.get("ask", ""),
        }
    return render(request, "recurring/detail.html", words)


def allowed(record: RecurringRecord, visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state."""
    may, goes_on = visit.by.may("invoice.create"), record.next_on is not None
    return {
        "edit": may and goes_on,
        "pause": may and goes_on and not record.is_paused,
        "resume": may and goes_on and record.is_paused,
        "end": may and goes_on,
    }


def facts(record: RecurringRecord) -> SimpleNamespace:
    """What the page says of it."""
    return SimpleNamespace(
        id=record.id,
        name=record.name,
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        status=WORDS[record.status],
        rhythm=rhythm_words(record),
        ends=end_words(record),
        act=ACTS[record.act],
        when=WHEN["yes" if record.in_advance else "no"],
        net=Money(record.net_amount, record.currency),
        gross=Money(record.gross_amount, record.currency),
        next_days=[] if record.is_paused else record.next_days,
        problem=said(record.problem),
        made_count=record.made_count,
        lines=[line_of(one) for one in record.pattern.get("lines", [])],
    )


def line_of(line: Mapping[str, Any]) -> SimpleNamespace:
    """One line of the pattern, its figures as the reader writes them."""
    return SimpleNamespace(
        text=line.get("description") or line.get("name") or "",
        quantity=shown(line.get("quantity")),
        price=shown(line.get("unit_price")),
    )


def shown(value: Any) -> str:
    """A figure as the reader writes it; one that is none as it stands."""
    try:
        return formats.number(Decimal(str(value)), formats.reader())
    except InvalidOperation:
        return str(value or "")


def run_of(one: Any) -> SimpleNamespace:
    """A period and the invoice that was made of it."""
    number = one.number or (_("Draft") if one.invoice_status else _("Deleted draft"))
    return SimpleNamespace(
        period=run_words(one),
        text=number if one.invoice_id else _("Passed over"),
        url=reverse("web:invoice", args=[one.invoice_id]) if one.invoice_status else "",
    )


@page("recurring", "invoice.create")
def invoice_repeat(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Make the next ones of an invoice by itself."""
    with visit.reading():
        record = invoicing.get_invoice(invoice_id, by=visit.by)
    back = SimpleNamespace(
        url=reverse("web:invoice", args=[invoice_id]), label=record.number or _("Draft")
    )
    values = {
        "name": record.partner_name,
        "every": "1",
        "unit": "month",
        "first_on": visit.today,
        "in_advance": "yes",
        "act": "draft",
    }
    form = form_of(values, posted=request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return drawn(request, form, back)
    return saved(
        request,
        form,
        back,
        run=lambda data: operations.repeat_invoice(
            invoice_id, by=visit.by, data=data, at=visit.now
        ),
    )


@page("recurring", "invoice.create")
def recurring_edit(request: HttpRequest, visit: Visit, recurring_id: UUID) -> HttpResponse:
    """Change one from the next period on."""
    with visit.reading():
        record = get_recurring(recurring_id, by=visit.by)
    back = SimpleNamespace(url=reverse("web:recurring_one", args=[record.id]), label=record.name)
    values = {
        "name": record.name,
        "every": str(record.every),
        "unit": record.unit,
        "first_on": record.first_on,
        "last_on": record.last_on,
        "most": str(record.most or ""),
        "in_advance": "yes" if record.in_advance else "no",
        "act": record.act,
    }
    form = form_of(values, posted=request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return drawn(request, form, back)
    return saved(
        request,
        form,
        back,
        run=lambda data: operations.save_recurring(
            by=visit.by,
            data={**data, "pattern": record.pattern},
            at=visit.now,
            recurring_id=record.id,
        ),
    )


def form_of(values: Mapping[str, Any], *, posted: Any = None) -> RecurringForm:
    """The form with its choices."""
    return RecurringForm(
        posted,
        initial=dict(values),
        choices={
            "unit": choices.pairs(UNITS),
            "in_advance": choices.pairs(WHEN),
            "act": choices.pairs(ACTS),
        },
    )


def saved(
    request: HttpRequest, form: RecurringForm, back: SimpleNamespace, *, run: Any
) -> HttpResponse:
    """Keep what was typed; the form again with every fault where it cannot be."""
    if not form.is_valid():
        return drawn(request, form, back, status=422)
    try:
        record = run(data_of(form))
    except (Invalid, Conflict) as error:
        form.refuse(faults_of(error))
        return drawn(request, form, back, status=422)
    answers.say(request, _("“%(name)s” is set up.") % {"name": record.name})
    return redirect("web:recurring_one", record.id)


def faults_of(error: GuilderError) -> list[tuple[str, str]]:
    """A room's faults beside their fields; those of the pattern stand on top."""
    found = [(typed.field_of(one.pointer, FIELDS), one.detail) for one in error.problems]
    return found or [("", error.detail)]


def data_of(form: RecurringForm) -> dict[str, Any]:
    """The raw values of the operation."""
    given = form.cleaned_data
    data = {
        "name": given["name"],
        "unit": given["unit"],
        "every": typed.number(given["every"]),
        "first_on": given["first_on"].isoformat(),
        "in_advance": given["in_advance"] == "yes",
        "act": given["act"],
    }
    if given["last_on"]:
        data["last_on"] = given["last_on"].isoformat()
    if given["most"]:
        data["most"] = typed.number(given["most"])
    return data


def drawn(
    request: HttpRequest, form: RecurringForm, back: SimpleNamespace, *, status: int = 200
) -> HttpResponse:
    """The page around the form."""
    return render(request, "recurring/edit.html", {"form": form, "back": back}, status=status)


@page("recurring", "invoice.create", methods="POST")
def recurring_pause(request: HttpRequest, visit: Visit, recurring_id: UUID) -> HttpResponse:
    """Stop for a while."""
    operations.pause_recurring(recurring_id, by=visit.by, at=visit.now)
    to = reverse("web:recurring_one", args=[recurring_id])
    return answers.done(request, to=to, text=_("It is paused."))


@page("recurring", "invoice.create", methods="POST")
def recurring_resume(request: HttpRequest, visit: Visit, recurring_id: UUID) -> HttpResponse:
    """Go on, with or without what fell due meanwhile."""
    skip = request.POST.get("missed") == "skip"
    operations.resume_recurring(recurring_id, by=visit.by, at=visit.now, skip_missed=skip)
    to = reverse("web:recurring_one", args=[recurring_id])
    return answers.done(request, to=to, text=_("It goes on."))


@page("recurring", "invoice.create", methods="POST")
def recurring_end(request: HttpRequest, visit: Visit, recurring_id: UUID) -> HttpResponse:
    """No further period."""
    operations.end_recurring(recurring_id, by=visit.by, at=visit.now)
    to = reverse("web:recurring_one", args=[recurring_id])
    return answers.done(request, to=to, text=_("It has ended. What was invoiced stays."))
