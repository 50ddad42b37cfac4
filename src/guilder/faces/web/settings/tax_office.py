"""Settings of what the tax office of the country wants of issued documents: records and codes."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.settings.forms import TaxOfficeForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.office.verifactu import operations, queries
from guilder.office.verifactu.models import Waiting
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks

PAGE = "settings_tax_office"
SPAIN = "ES"
SHOWN = 50
FIELDS = {"": "is_on", "/seller/vat_id": "is_on", "/producer_nif": "producer_nif"}


@page("settings", "settings.view")
def tax_office(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The switch, and in Spain the records; POST saves."""
    is_spanish = visit.organization.country == SPAIN
    chain = queries.get_chain(by=visit.by) if is_spanish else None
    with visit.reading():
        look = looks.look_of(by=visit.by)
    initial = {
        "is_on": chain.is_on if chain else look.tax_code,
        "producer": chain.producer if chain else "",
        "producer_nif": chain.producer_nif if chain else "",
    }
    form = TaxOfficeForm(request.POST or None, initial=initial)
    if not is_spanish:
        del form.fields["producer"], form.fields["producer_nif"]
    if request.method == "POST" and form.is_valid() and saved(form, visit, is_spanish=is_spanish):
        messages.success(request, _("Saved."))
        return redirect("web:settings_tax_office")
    with visit.reading():
        found = list(queries.list_records(by=visit.by).order_by("-position")[:SHOWN])
        waiting = list(queries.list_waiting(by=visit.by).order_by("since_at", "id")[:SHOWN])
    return panel(
        request,
        visit,
        PAGE,
        form=form,
        is_refused=bool(form.errors),
        is_spanish=is_spanish,
        chain=chain,
        records=found,
        waiting=[row_of(one) for one in waiting],
        may={"edit": visit.by.may("settings.edit")},
    )


def saved(form: TaxOfficeForm, visit: Visit, *, is_spanish: bool) -> bool:
    """Switch it on or off; faults go to the form."""
    given: dict[str, Any] = form.cleaned_data
    try:
        if not is_spanish:
            rendering.set_style(by=visit.by, data={"tax_code": given["is_on"]})
        elif given["is_on"]:
            operations.turn_on(
                by=visit.by,
                at=visit.now,
                producer=given["producer"],
                producer_nif=given["producer_nif"],
            )
        else:
            operations.turn_off(by=visit.by)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, FIELDS)
    return not form.errors


@page("settings", "settings.view", methods="GET", files=True)
def tax_office_records(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The records as a ZIP of XML files."""
    after = request.GET.get("after", "")
    data = queries.archive(by=visit.by, after=int(after[:15]) if after.isdecimal() else 0)
    headers = {"Content-Disposition": 'attachment; filename="verifactu.zip"'}
    return HttpResponse(data, content_type="application/zip", headers=headers)


def row_of(one: Waiting) -> SimpleNamespace:
    """A document that waits for its record, each reason in the reader's language."""
    return SimpleNamespace(
        id=one.id,
        invoice_id=one.invoice_id,
        number=one.number,
        issued_on=one.issued_on,
        tried_at=one.tried_at,
        reasons=[said(problem["detail"]) for problem in one.problems],
    )


@page("settings", "settings.edit", methods="POST")
def tax_office_retry(request: HttpRequest, visit: Visit, waiting_id: UUID) -> HttpResponse:
    """Try to make the record of one document again."""
    try:
        made = operations.try_again(waiting_id, by=visit.by, at=visit.now)
        messages.success(request, _("%(number)s is recorded.") % {"number": made.number})
    except (Invalid, Conflict) as error:
        reasons = " ".join(said(one.detail) for one in error.problems) or said(error.detail)
        messages.error(request, reasons)
    return redirect("web:settings_tax_office")


@page("settings", "settings.edit", methods="POST")
def tax_office_retry_all(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Try to make the record of all that waits."""
    made, left = operations.try_all(by=visit.by, at=visit.now)
    if made:
        text = ngettext("%(n)s document is recorded.", "%(n)s documents are recorded.", made)
        messages.success(request, text % {"n": made})
    if left:
        text = ngettext("%(n)s document still waits.", "%(n)s documents still wait.", left)
        messages.error(request, text % {"n": left})
    return redirect("web:settings_tax_office")
