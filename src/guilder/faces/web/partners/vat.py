"""The VAT id of a client: asked about online, with the answers that were given."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Invalid, Unavailable
from guilder.registers.parties import operations, queries
from guilder.registers.parties.models import VatCheck
from guilder.registers.parties.schemas import PartnerOut

SIDE = "customer"
SHOWN = 5
SERVICES = {"vies": "VIES", "hmrc": "HMRC"}


@page("clients", "partner.edit", methods="POST")
def client_vat_check(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Ask the tax office, and say what it answered."""
    try:
        check = operations.check_vat_id(client_id, by=visit.by, at=visit.now, side=SIDE)
    except (Invalid, Unavailable, operations.NoVatId) as error:
        messages.error(request, said(error.detail))
    else:
        if check.is_valid:
            messages.success(request, _("%(id)s is valid.") % {"id": check.vat_id})
        else:
            messages.error(request, _("%(id)s is not valid today.") % {"id": check.vat_id})
    return redirect(f"{reverse('web:client', args=[client_id])}?tab=agreement")


def panel(visit: Visit, client: PartnerOut) -> dict[str, Any] | None:
    """The VAT id, whether it may be asked about here, and the answers so far, newest first; None
    where the client has none."""
    number = next((one.value for one in client.tax_ids if one.scheme == "vat"), "")
    rows = queries.vat_checks(visit.by.organization_id, UUID(str(client.id)), most=SHOWN)
    if not number and not rows:
        return None
    asks = bool(number) and visit.by.may("partner.edit")
    url = reverse("web:client_vat_check", args=[client.id]) if asks else ""
    return {"number": number, "url": url, "answers": [told(row) for row in rows]}


def told(row: VatCheck) -> dict[str, Any]:
    """An answer in words."""
    at: datetime = row.checked_at
    parts = (row.name, row.address, row.consultation)
    return {
        "id": row.vat_id,
        "at": at,
        "valid": row.is_valid,
        "service": SERVICES.get(row.service, row.service),
        "text": " · ".join(part for part in parts if part),
    }
