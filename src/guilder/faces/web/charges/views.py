"""Charges through gateways, chargebacks with their deadlines, payouts."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.charging import operations, queries
from guilder.faces.web import answers, timeline
from guilder.faces.web.charges import words
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Invalid


@page("charges", "payment.view", methods="GET")
def charges(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was asked for through gateways, the newest first."""
    state = request.GET.get("state", "")
    found = queries.list_charges(
        by=visit.by,
        state=state if state in words.BADGES else "",
        limit=words.SIZE + 1,
        after=after_of(request),
    )
    return listed(request, visit, "charges", found, words.charge_row, state=state)


@page("charges", "payment.view", methods="GET")
def chargebacks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What clients' banks want back, the newest first."""
    found = queries.list_chargebacks(by=visit.by, limit=words.SIZE + 1, after=after_of(request))
    return listed(
        request, visit, "chargebacks", found, lambda one: words.back_row(one, now=visit.now)
    )


@page("charges", "bank.view", methods="GET")
def payouts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What services sent to the bank."""
    found = queries.list_payouts(by=visit.by, limit=words.SIZE + 1, after=after_of(request))
    return listed(request, visit, "payouts", found, words.payout_row)


def after_of(request: HttpRequest) -> UUID | None:
    """The last id of the page before."""
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def listed(
    request: HttpRequest,
    visit: Visit,
    name: str,
    found: Sequence[Any],
    row: Callable[[Any], Any],
    *,
    state: str = "",
) -> HttpResponse:
    """One page of rows, with the way to older ones."""
    rows = [row(one) for one in found[: words.SIZE]]
    older = ""
    if len(found) > words.SIZE:
        kept = f"&state={state}" if state else ""
        older = f"?after={found[words.SIZE - 1].id}{kept}"
    around = {
        "rows": rows,
        "older": older,
        "is_first": "after" not in request.GET,
        "tabs": words.tabs(visit, name),
        "state": state,
        "states": states(state),
    }
    return render(request, f"charges/{name}.html", around)


def states(state: str) -> list[dict[str, Any]]:
    """The views of the list of charges."""
    found = [("", _("All")), ("pending", _("Open")), ("unknown", _("Unknown")),
             ("succeeded", _("Paid")), ("failed", _("Failed"))]  # fmt: skip
    return [
        {"label": label, "url": f"?state={code}" if code else "?", "current": code == state}
        for code, label in found
    ]


@page("charges", "payment.view", methods="GET")
def charge(request: HttpRequest, visit: Visit, charge_id: UUID) -> HttpResponse:
    """One charge."""
    with visit.reading():
        record = queries.get_charge(charge_id, by=visit.by)
        found = queries.list_chargebacks(by=visit.by, charge_id=charge_id)
        around = {
            "charge": words.charge_facts(record, visit),
            "chargebacks": [words.back_row(one, now=visit.now) for one in found],
            "timeline": timeline.of_rows(visit, [record.id], kind=""),
        }
    return render(request, "charges/charge.html", around)


@page("charges", "payment.view", methods="POST")
def charge_check(request: HttpRequest, visit: Visit, charge_id: UUID) -> HttpResponse:
    """Ask the service now."""
    base_url = request.build_absolute_uri("/")
    operations.check_charge(charge_id, by=visit.by, at=visit.now, base_url=base_url)
    to = reverse("web:charge", args=[charge_id])
    return answers.done(request, to=to, text=_("The service was asked."))


@page("charges", "payment.record", methods="POST")
def charge_confirm(request: HttpRequest, visit: Visit, charge_id: UUID) -> HttpResponse:
    """Say how a charge ended that no service tells of."""
    outcome = request.POST.get("outcome", "")
    operations.confirm_charge(charge_id, by=visit.by, outcome=outcome, at=visit.now)
    to = reverse("web:charge", args=[charge_id])
    text = _("The payment is recorded.") if outcome == "succeeded" else _("It is marked as failed.")
    return answers.done(request, to=to, text=text)


@page("charges", "payment.view", methods="GET")
def chargeback(request: HttpRequest, visit: Visit, chargeback_id: UUID) -> HttpResponse:
    """One chargeback, and the form for an answer."""
    return back_page(request, visit, chargeback_id)


@page("charges", "payment.reverse", methods="POST")
def chargeback_answer(request: HttpRequest, visit: Visit, chargeback_id: UUID) -> HttpResponse:
    """Hand in what the house says."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        operations.answer_chargeback(chargeback_id, by=visit.by, text=text, at=visit.now)
    except Invalid as error:
        return back_page(request, visit, chargeback_id, fault=said(error.detail), status=422)
    to = reverse("web:chargeback", args=[chargeback_id])
    return answers.done(request, to=to, text=_("Your answer is handed in."))


def back_page(
    request: HttpRequest, visit: Visit, chargeback_id: UUID, *, fault: str = "", status: int = 200
) -> HttpResponse:
    """The page of a chargeback, with what was wrong with an answer."""
    with visit.reading():
        record = queries.get_chargeback(chargeback_id, by=visit.by)
        around = {
            "chargeback": words.back_facts(record, visit),
            "timeline": timeline.of_rows(visit, [record.id], kind=""),
            "fault": fault,
            "problems": [{"anchor": "answer-text", "text": fault}] if fault else [],
        }
    return render(request, "charges/chargeback.html", around, status=status)
