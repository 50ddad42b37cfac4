"""Settings of reminders: ladders with their steps, and the rates that interest builds upon."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.forms import PaperForm, choice, day, number, text, tick
from guilder.faces.web.reminders.words import CHANNELS, INTERESTS, TONES
from guilder.faces.web.sentences import said
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money
from guilder.office.dunning import operations, queries
from guilder.office.dunning.queries import LadderRecord, StepRecord

PAGE = "settings_reminders"
BLANK_STEPS = 2
MOST_STEPS = 12
REFERENCES = {
    "ecb": gettext_lazy("European Central Bank"),
    "de_base": gettext_lazy("German base rate"),
    "at_base": gettext_lazy("Austrian base rate"),
    "boe": gettext_lazy("Bank of England"),
}
FIELDS = ("name", "interest", "contract_percent", "automatic_from", "forgives")
SENT = {"mail": CHANNELS["mail"], "letter": CHANNELS["letter"], "both": CHANNELS["both"]}


class LadderForm(PaperForm):
    """A ladder but for its steps."""

    name = text(gettext_lazy("Name"), required=True, limit=80)
    is_default = tick(gettext_lazy("The usual one"))
    is_collective = tick(gettext_lazy("One letter for all invoices of a client"))
    interest = choice(gettext_lazy("Interest"))
    contract_percent = number(gettext_lazy("Percent a year, by contract"))
    automatic_from = day(
        gettext_lazy("By itself from"),
        hint=gettext_lazy("What fell due earlier waits for you. Leave it empty to send by hand."),
    )

    forgives = number(
        gettext_lazy("Small differences up to"),
        hint=gettext_lazy("What is left of a paid invoice is written off by itself."),
    )


class RateForm(PaperForm):
    """A reference rate of a half-year."""

    reference = choice(gettext_lazy("Rate"))
    valid_from = day(gettext_lazy("Half-year from"), required=True)
    percent = number(gettext_lazy("Percent"), required=True)
    source = text(gettext_lazy("Source"), required=True)


@page("settings", "reminder.view", methods="GET")
def ladders(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The ladders and the known rates."""
    return listed(request, visit, rate_form())


def listed(request: HttpRequest, visit: Visit, form: RateForm) -> HttpResponse:
    """The page of all of them around the form of a rate."""
    with visit.reading():
        found = queries.list_ladders(by=visit.by)
        rates = queries.known_rates(by=visit.by)[:24]
    base = visit.organization.base_currency
    return panel(
        request,
        visit,
        PAGE,
        is_refused=bool(form.errors),
        ladders=[ladder_words(one, base) for one in found],
        rates=[
            SimpleNamespace(
                id=one.id, label=REFERENCES[one.reference], on=one.valid_from,
                percent=one.percent, source=one.source,
            )
            for one in rates
        ],
        form=form,
    )  # fmt: skip


def ladder_words(one: LadderRecord, base: str) -> SimpleNamespace:
    """A ladder as the list draws it."""
    return SimpleNamespace(
        id=one.id,
        name=one.name,
        is_default=one.is_default,
        interest=INTERESTS[one.interest],
        automatic_from=one.automatic_from,
        steps=[
            SimpleNamespace(
                level=step.level,
                days=step.days,
                is_before=step.days < 0,
                far=abs(step.days),
                tone=TONES[step.tone],
                channel=CHANNELS[step.channel],
                fee=Money(step.fee_amount, base) if step.fee_amount else None,
                interest=step.with_interest,
                waits=step.needs_approval,
            )
            for step in one.steps
        ],
    )


def rate_form(post: Any = None) -> RateForm:
    """The form of a rate."""
    return RateForm(post, choices={"reference": choices.pairs(REFERENCES)})


@page("settings", "reminder.edit", methods="POST")
def ladder_start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begin with the ladder that suits most."""
    data = operations.recommended_ladder(today=visit.today, name=_("Usual"))
    try:
        record = operations.save_ladder(by=visit.by, data=data, at=visit.now)
    except (Conflict, Invalid) as error:
        messages.error(request, said(error.detail))
        return redirect("web:settings_reminders")
    messages.success(request, _("Reminders go out by themselves from today on."))
    return redirect("web:ladder", record.id)


@page("settings", "reminder.edit")
def ladder(request: HttpRequest, visit: Visit, ladder_id: UUID | None = None) -> HttpResponse:
    """One ladder, or a new one."""
    record = None
    if ladder_id is not None:
        with visit.reading():
            record = queries.get_ladder(ladder_id, by=visit.by)
    base = visit.organization.base_currency
    posted = request.POST if request.method == "POST" else None
    form = LadderForm(
        posted, initial=initial_of(record, base), choices={"interest": choices.pairs(INTERESTS)}
    )
    steps = [step_values(one, base) for one in record.steps] if record else []
    if posted is not None:
        steps = steps_of(posted)
        if form.is_valid() and saved(form, steps, visit, record):
            messages.success(request, _("The ladder is saved."))
            return redirect("web:settings_reminders")
    blank = [dict(BLANK) for _place in range(BLANK_STEPS if steps else 3)]
    return panel(
        request,
        visit,
        PAGE,
        template="reminders/ladder",
        is_refused=bool(form.errors),
        form=form,
        ladder=record,
        currency=base,
        steps=[*steps, *blank][:MOST_STEPS],
        tones=choices.pairs(TONES),
        channels=choices.pairs(SENT),
    )


BLANK = {
    "days": "", "tone": "reminder", "channel": "mail", "pay_within": "7", "fee": "",
    "with_interest": False, "with_lump_sum": False, "needs_approval": False,
}  # fmt: skip


def initial_of(record: LadderRecord | None, base: str) -> dict[str, Any]:
    """What the form begins with."""
    if record is None:
        return {"interest": "statutory", "is_collective": True}
    percent = record.contract_percent
    return {
        "name": record.name,
        "is_default": record.is_default,
        "is_collective": record.is_collective,
        "interest": record.interest,
        "contract_percent": f"{percent.normalize():f}" if percent is not None else "",
        "automatic_from": record.automatic_from,
        "forgives": typed.shown(Money(record.forgive_amount, base))
        if record.forgive_amount
        else "",
    }


def step_values(step: StepRecord, base: str) -> dict[str, Any]:
    """A stored step as its row begins."""
    return {
        "days": str(step.days),
        "tone": step.tone,
        "channel": step.channel,
        "pay_within": str(step.pay_within),
        "fee": typed.shown(Money(step.fee_amount, base)) if step.fee_amount else "",
        "with_interest": step.with_interest,
        "with_lump_sum": step.with_lump_sum,
        "needs_approval": step.needs_approval,
    }


def steps_of(post: Any) -> list[dict[str, Any]]:
    """The rows that were filled in; a row without days is none."""
    found = []
    for place in range(MOST_STEPS):
        if not post.get(f"days-{place}", "").strip():
            continue
        row = {
            name: post.get(f"{name}-{place}", "")
            if isinstance(value, str)
            else bool(post.get(f"{name}-{place}"))
            for name, value in BLANK.items()
        }
        found.append(row)
    return found


def saved(
    form: LadderForm, steps: list[dict[str, Any]], visit: Visit, record: LadderRecord | None
) -> bool:
    """Save the ladder; faults go to the form."""
    given = form.cleaned_data
    data: dict[str, Any] = {
        "name": given["name"],
        "is_default": given["is_default"],
        "is_collective": given["is_collective"],
        "interest": given["interest"],
        "automatic_from": given["automatic_from"].isoformat() if given["automatic_from"] else None,
        "forgives": typed.number(given["forgives"]) or None,
        "steps": [
            {
                **one,
                "days": typed.number(one["days"]),
                "pay_within": typed.number(one["pay_within"]),
                "fee": typed.number(one["fee"]) or None,
            }
            for one in steps
        ],
    }
    if given["interest"] == "contract":
        data["contract_percent"] = typed.number(given["contract_percent"]) or None
    try:
        operations.save_ladder(
            by=visit.by, data=data, at=visit.now, ladder_id=record.id if record else None
        )
    except (Invalid, Conflict) as error:
        form.refuse(
            [
                (name if (name := one.pointer.strip("/")) in FIELDS else "", one.detail)
                for one in error.problems
            ]
            or [("", error.detail)]
        )
    return not form.errors


@page("settings", "reminder.edit", methods="POST")
def ladder_delete(request: HttpRequest, visit: Visit, ladder_id: UUID) -> HttpResponse:
    """Take a ladder away."""
    try:
        operations.delete_ladder(ladder_id, by=visit.by)
    except Conflict as error:
        messages.error(request, said(error.detail))
        return redirect("web:ladder", ladder_id)
    messages.success(request, _("The ladder is deleted."))
    return redirect("web:settings_reminders")


@page("settings", "reminder.edit", methods="POST")
def reference_rate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Enter the rate of a half-year."""
    form = rate_form(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        data = {
            "reference": given["reference"],
            "valid_from": given["valid_from"].isoformat(),
            "percent": typed.number(given["percent"]),
            "source": given["source"],
        }
        try:
            operations.set_rate(by=visit.by, data=data, at=visit.now)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "percent"})
        else:
            messages.success(request, _("The rate is saved."))
            return redirect("web:settings_reminders")
    return listed(request, visit, form)


@page("settings", "reminder.edit", methods="POST")
def reference_rate_remove(request: HttpRequest, visit: Visit, rate_id: UUID) -> HttpResponse:
    """Take a typed rate away."""
    operations.remove_rate(rate_id, by=visit.by)
    messages.success(request, _("The rate is taken away."))
    return redirect("web:settings_reminders")
