"""The client pays through a gateway: choose, go there, come back to what is true."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guilder.books.charging import operations, queries
from guilder.books.charging.queries import ChargeRecord
from guilder.faces.web import typed
from guilder.faces.web.outside import gateways, views
from guilder.faces.web.outside.door import hosted
from guilder.faces.web.outside.forms import PartForm
from guilder.faces.web.outside.opened import Opened
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, Invalid, NotFound
from guilder.office.dispatch import operations as dispatch

# Between two questions to the service, however often a waiting page looks.
ASK_EVERY = timedelta(seconds=4)
PLACES = {"/invoices/0/amount": "amount", "/invoices": "amount", "/invoices/0/invoice": "",
          "/gateway": "", "/method": ""}  # fmt: skip


@hosted("pay", "POST")
def charge(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Begin: the charge is made, and the next page leads to the service."""
    form = PartForm(request.POST, auto_id="charge-%s")
    gateway_id, method = gateways.chosen(request.POST.get("with", ""))
    if gateway_id is not None and form.is_valid():
        try:
            record = begun(request, opened, form, gateway_id, method)
            return redirect(f"{opened.base}charge/{record.id}/?go=1")
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, PLACES)
    elif gateway_id is None:
        form.refuse([("", _("Choose a way to pay."))])
    return views.page(request, opened, part=form, status=422)


def begun(
    request: HttpRequest, opened: Opened, form: PartForm, gateway_id: UUID, method: str
) -> ChargeRecord:
    """The charge of a form; the same form twice is the same charge."""
    part = {"invoice": str(opened.record.id)}
    if amount := form.cleaned_data["amount"]:
        part["amount"] = typed.number(amount)
    elif early := gateways.asked_early(opened):
        part["amount"] = str(early)
    here = request.build_absolute_uri(f"{opened.base}charge/")
    data = {
        "gateway": str(gateway_id),
        "method": method,
        "invoices": [part],
        "keep_method": bool(form.cleaned_data["keep"]),
        "consent": str(form["keep"].label) if form.cleaned_data["keep"] else "",
        "back_url": f"{here}{{charge}}/",
    }
    mark = f"page:{opened.link_id}:{form.cleaned_data['attempt']}"
    return operations.start_charge(
        by=opened.by,
        data=data,
        attempt=mark,
        at=opened.now,
        origin="page",
        base_url=request.build_absolute_uri("/"),
    )


@hosted("pay", "GET HEAD")
def charge_state(request: HttpRequest, opened: Opened, charge_id: UUID) -> HttpResponse:
    """Where a charge stands: on the way, waiting, paid or not; asked of the service itself."""
    record = own(opened, charge_id)
    is_leaving = "go" in request.GET and record.state in gateways.OPEN and bool(record.url)
    if not is_leaving and record.state in gateways.OPEN:
        record = looked_after(request, opened, record)
    with transaction(opened.by.organization_id):
        found = views.common(request, opened, opened.document()) | {
            "charge": gateways.state_words(record, opened),
            "is_leaving": is_leaving,
        }
    return render(request, "outside/charge.html", found)


@hosted("pay", "GET HEAD")
def receipt(request: HttpRequest, opened: Opened, charge_id: UUID) -> HttpResponse:
    """The confirmation of the payment as PDF."""
    del request
    record = own(opened, charge_id)
    if record.payment_id is None:
        raise NotFound("It is not paid.")
    printed = dispatch.print_receipt(record.payment_id, by=opened.by, at=opened.now)
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{printed.filename}"'},
    )


def own(opened: Opened, charge_id: UUID) -> ChargeRecord:
    """A charge of this document and no other. Raises NotFound."""
    record = queries.get_charge(charge_id, by=opened.by)
    if opened.record.id not in record.invoice_ids:
        raise NotFound("There is no such charge.")
    return record


def looked_after(request: HttpRequest, opened: Opened, record: ChargeRecord) -> ChargeRecord:
    """Ask the service, unless that was done a moment ago."""
    if opened.is_preview or opened.now - record.updated_at < ASK_EVERY:
        return record
    base_url = request.build_absolute_uri("/")
    return operations.check_charge(record.id, by=opened.by, at=opened.now, base_url=base_url)
