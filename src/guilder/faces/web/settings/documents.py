"""Settings of documents: their look and their numbers."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.settings.forms import DocumentsForm, SeriesForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.files import queries as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.papers.rendering.models import Style
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering import queries as counting
from guilder.registers.numbering.models import Series
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles

LOGO_LIMIT = 1 << 20
TEXTS = ("style", "paper", "header", "footer", "closing")
FIELDS = {"/color": "accent", "/terms": "net_days"}
PAGE = "settings_documents"


@page("settings", "settings.view")
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How documents look, what stands on each, and how they are numbered."""
    if request.method == "POST" and request.POST.get("what") == "series":
        return number(request, visit)
    form = look_form(visit, request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return drawn(request, visit, form)
    try:
        save_look(form, visit)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, FIELDS)
        return drawn(request, visit, form)
    messages.success(request, _("The look is saved. It holds from the next document on."))
    return redirect("web:settings_documents")


def look_form(visit: Visit, post: Any = None, sent: Any = None) -> DocumentsForm:
    """The form of the look, with what is stored."""
    with visit.reading():
        style = looks.style_of(visit.by.organization_id) or Style()
        days = str(terms_of(visit).get("due", {}).get("days", 0))
    labels = {"meridian": _("Meridian"), "atlas": _("Atlas"), "plain": _("Plain")}
    papers = [("a4", _("A4")), ("letter", _("US Letter"))]
    return DocumentsForm(
        post,
        sent,
        initial={name: getattr(style, name) for name in TEXTS}
        | {"accent": style.color, "net_days": days},
        choices={
            "style": [(name, labels.get(name, name)) for name in rendering.STYLES],
            "paper": papers,
        },
    )


def terms_of(visit: Visit) -> dict[str, Any]:
    """The organization's usual terms."""
    profile = profiles.seller_profile(visit.by.organization_id)
    return profile.terms if profile else {}


def save_look(form: DocumentsForm, visit: Visit) -> None:
    """Look, logo and usual terms in one transaction."""
    given: Mapping[str, Any] = form.cleaned_data
    by = visit.by
    logo = given["logo"]
    with transaction(by.organization_id):
        rendering.set_style(
            by=by, data={name: given[name] for name in TEXTS} | {"color": given["accent"]}
        )
        if logo:
            data = logo.read(LOGO_LIMIT + 1)
            rendering.set_logo(by=by, data=data, filename=logo.name or "logo")
        elif given["remove_logo"]:
            rendering.set_logo(by=by, data=b"", filename="")
        if "net_days" in form.changed_data:
            known = terms_of(visit)
            due = {**known.get("due", {}), "days": typed.number(given["net_days"])}
            parties.set_seller_profile(by=by, data={"terms": {**known, "due": due}})


def drawn(
    request: HttpRequest, visit: Visit, form: DocumentsForm, refused: SeriesForm | None = None
) -> HttpResponse:
    """The page; `refused` is the series form that could not be saved."""
    chosen = form["style"].value()
    with visit.reading():
        logo_url = logo_of(visit)
        used = counting.used_series(visit.by.organization_id)
        series = [
            series_of(one, visit, is_used=one.id in used, refused=refused)
            for one in counting.list_series(visit.by.organization_id)
            if one.is_active
        ]
    return panel(
        request,
        visit,
        PAGE,
        form=form,
        styles=[
            {"value": value, "label": label, "image_url": "", "checked": value == chosen}
            for value, label in form.fields["style"].choices  # type: ignore[attr-defined]
        ],
        logo_url=logo_url,
        series=series,
        is_refused=bool(form.errors) or refused is not None,
    )


def logo_of(visit: Visit) -> str:
    """The logo as an address that holds its bytes: it is drawn as a picture, and never run."""
    style = looks.style_of(visit.by.organization_id)
    if style is None or style.logo_id is None:
        return ""
    try:
        file = files.get_file(style.logo_id, by=visit.by)
        data = files.read_bytes(file.sha256)
    except (NotFound, Unavailable):
        return ""
    return f"data:{file.media_type};base64,{b64encode(data).decode()}"


def series_of(
    series: Series, visit: Visit, *, is_used: bool, refused: SeriesForm | None
) -> dict[str, Any]:
    """One run of numbers, with its form."""
    form = series_form(series, is_used=is_used)
    word = str(choices.KINDS.get(series.kind, series.kind))
    return {
        "id": str(series.id),
        "kind": word if series.is_default else f"{word} {series.code}",
        "form": refused if refused and refused.prefix == form.prefix else form,
        "example": counting.next_number(visit.by.organization_id, series, on=visit.today),
        "last_number": "",
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
        },
        choices={
            "period": [("none", _("Never")), ("year", _("Each year")), ("month", _("Each month"))]
        },
    )
    form.fields["period"].disabled = is_used
    form.fields["next_number"].disabled = is_used
    return form


def number(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Change how one series numbers."""
    series, is_used = asked_series(request, visit)
    form = series_form(series, is_used=is_used, post=request.POST)
    if form.is_valid():
        given = form.cleaned_data
        data = {"pattern": given["pattern"], "period": given["period"]}
        if not is_used and given["next_number"]:
            data["start_at"] = typed.number(given["next_number"])
        try:
            numbering.update_series(series.id, by=visit.by, data=data, version=series.version)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "pattern", "/start_at": "next_number"})
            for sentence in form.non_field_errors():
                form.add_error("pattern", str(sentence))
        else:
            messages.success(request, _("The numbering is saved."))
            return redirect("web:settings_documents")
    return drawn(request, visit, look_form(visit), refused=form)


def asked_series(request: HttpRequest, visit: Visit) -> tuple[Series, bool]:
    """(the series that was posted, whether it has given numbers). Raises NotFound."""
    try:
        series_id = UUID(request.POST.get("series", ""))
    except ValueError:
        raise NotFound(_("There is no such series.")) from None
    with visit.reading():
        series = counting.get_series(visit.by.organization_id, series_id)
        return series, series_id in counting.used_series(visit.by.organization_id)
