"""Settings of numbers: each series with its next and last number, gaps, and new series."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.forms import PaperForm
from guilder.faces.web.settings.forms import NewSeriesForm, SeriesForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid, NotFound
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering import queries as counting
from guilder.registers.numbering.models import Series

PAGE = "settings_numbers"


@page("settings", "series.view")
def numbers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every series; POST changes the one it names, or makes a new one."""
    if request.method != "POST":
        return drawn(request, visit)
    if request.POST.get("what") == "new":
        return create(request, visit)
    return change(request, visit)


def change(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Change how one series numbers."""
    series, is_used = asked_series(request, visit)
    form = series_form(series, is_used=is_used, post=request.POST)
    if form.is_valid():
        given = form.cleaned_data
        data = {"pattern": given["pattern"], "period": given["period"]}
        if not is_used and given["next_number"]:
            data["start_at"] = typed.number(given["next_number"])
        try:
            version = typed.version(given["version"])
            numbering.update_series(series.id, by=visit.by, data=data, version=version)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "pattern", "/start_at": "next_number"})
            for sentence in form.non_field_errors():
                form.add_error("pattern", str(sentence))
        else:
            messages.success(request, _("The numbering is saved."))
            return redirect("web:settings_numbers")
    return drawn(request, visit, refused=form)


def create(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A further series."""
    form = new_form(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        data = {name: given[name] for name in ("kind", "code", "pattern", "period", "is_default")}
        if given["start_at"]:
            data["start_at"] = typed.number(given["start_at"])
        try:
            numbering.create_series(by=visit.by, data=data)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "code"})
        else:
            messages.success(request, _("The series is there."))
            return redirect("web:settings_numbers")
    return drawn(request, visit, new=form)


def drawn(
    request: HttpRequest,
    visit: Visit,
    *,
    refused: SeriesForm | None = None,
    new: NewSeriesForm | None = None,
) -> HttpResponse:
    """The page; `refused` is the series form that could not be saved."""
    with visit.reading():
        used = counting.used_series(visit.by.organization_id)
        gaps = invoicing.gap_report(by=visit.by)
        last = {gap.series_id: gap for gap in gaps}
        rows = counting.list_series(visit.by.organization_id)
        coming = counting.next_numbers(visit.by.organization_id, rows, on=visit.today)
    series = [
        series_of(one, coming[one.id], one.id in used, refused=refused, last=last.get(one.id))
        for one in rows
        if one.is_active
    ]
    asked: PaperForm | None = refused or new
    return panel(
        request,
        visit,
        PAGE,
        series=series,
        gaps=[gap_words(one) for one in gaps],
        form=asked,
        new=new or new_form(),
        opens_new=new is not None,
        is_refused=asked is not None,
    )


def gap_words(gap: Any) -> dict[str, Any]:
    """One line of the gap report."""
    return {
        "code": gap.code,
        "period": gap.period or "—",
        "first": gap.first,
        "last": gap.last,
        "count": gap.count,
        "missing": ", ".join(map(str, gap.missing)),
    }


def series_of(
    series: Series, example: str, is_used: bool, *, refused: SeriesForm | None, last: Any
) -> dict[str, Any]:
    """One run of numbers, with its form."""
    form = series_form(series, is_used=is_used)
    word = str(choices.KINDS.get(series.kind, series.kind))
    return {
        "id": str(series.id),
        "kind": word if series.is_default else f"{word} {series.code}",
        "is_default": series.is_default,
        "form": refused if refused and refused.prefix == form.prefix else form,
        "example": example,
        "last_number": str(last.last) if last else "",
        "locked": is_used,
    }


def series_form(
    series: Series, *, is_used: bool, post: Mapping[str, Any] | None = None
) -> SeriesForm:
    """The form of a series; once it has given a number, when it starts again is fixed."""
    form = SeriesForm(
        post,
        prefix=f"s{series.id}",
        initial={
            "pattern": series.pattern,
            "period": series.period,
            "next_number": str(series.start_at),
            "version": str(series.version),
        },
        choices={"period": period_pairs()},
    )
    form.fields["period"].disabled = is_used
    form.fields["next_number"].disabled = is_used
    return form


def new_form(post: Mapping[str, Any] | None = None) -> NewSeriesForm:
    """The form of a series that is not there yet."""
    return NewSeriesForm(
        post,
        prefix="new",
        initial={"period": "year", "start_at": "1"},
        choices={"kind": choices.pairs(choices.KINDS), "period": period_pairs()},
    )


def period_pairs() -> choices.Pairs:
    """When a series starts again."""
    return [("none", _("Never")), ("year", _("Each year")), ("month", _("Each month"))]


def asked_series(request: HttpRequest, visit: Visit) -> tuple[Series, bool]:
    """(the series that was posted, whether it has given numbers). Raises NotFound."""
    try:
        series_id = UUID(request.POST.get("series", ""))
    except ValueError:
        raise NotFound(_("There is no such series.")) from None
    with visit.reading():
        series = counting.get_series(visit.by.organization_id, series_id)
        return series, series_id in counting.used_series(visit.by.organization_id)
