"""Settings of taxes: codes with their dated rates, and who says so."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.settings.forms import TaxCodeForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, Invalid
from guilder.registers.tax import operations as tax
from guilder.registers.tax import queries as taxes
from guilder.registers.tax.models import TaxCode


@page("settings", "tax.view")
def tax_codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tax codes with their dated rates; a new code, or another rate of one that is there."""
    form = TaxCodeForm(
        request.POST or None,
        initial={"category": "S", "valid_from": visit.today, "code": request.GET.get("code", "")},
        choices={
            "category": [(code, f"{code}, {word}") for code, word in choices.CATEGORIES.items()]
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_tax_code(form.cleaned_data, visit)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {})
        else:
            messages.success(request, _("The tax code is saved."))
            return redirect("web:settings_taxes")
    with visit.reading():
        codes = [drawn(code, visit) for code in taxes.list_tax_codes(visit.by.organization_id)]
    return panel(
        request, visit, "settings_taxes", codes=codes, form=form, is_refused=bool(form.errors)
    )


@page("settings", "tax.view", methods="POST")
def tax_code_use(request: HttpRequest, visit: Visit, code_id: UUID) -> HttpResponse:
    """Retire a code, or take it into use again."""
    is_active = request.POST.get("is_active") == "1"
    tax.update_tax_code(code_id, by=visit.by, data={"is_active": is_active})
    words = _("The code is in use again.") if is_active else _("The code is retired.")
    messages.success(request, words)
    return redirect("web:settings_taxes")


def save_tax_code(given: dict[str, Any], visit: Visit) -> None:
    """A code that is there gets a rate from that day on; another one is made."""
    rate = {
        "percent": typed.number(given["percent"]) or None,
        "valid_from": given["valid_from"].isoformat(),
        "source": given["source"],
    }
    with transaction(visit.by.organization_id):
        codes = taxes.list_tax_codes(visit.by.organization_id)
        known = next((one for one in codes if one.code == given["code"]), None)
        if known:
            tax.add_rate(known.id, by=visit.by, data=rate)
            return
        words = {name: given[name] for name in ("code", "name", "category", "exemption_reason")}
        tax.create_tax_code(by=visit.by, data=words | (rate if rate["percent"] else {}))


def drawn(code: TaxCode, visit: Visit) -> dict[str, Any]:
    """A tax code as the list draws it, the newest rate first."""
    rates = sorted(code.rates.all(), key=lambda rate: rate.valid_from, reverse=True)
    return {
        "id": code.id,
        "code": code.code,
        "name": code.name,
        "category": code.category,
        "category_text": choices.CATEGORIES[code.category],
        "rates": [
            {
                "percent": rate.percent,
                "from": rate.valid_from,
                "to": rate.valid_to,
                "source": rate.source,
                "is_coming": rate.valid_from > visit.today,
            }
            for rate in rates
        ],
        "exemption": code.exemption_reason,
        "active": code.is_active,
    }
