"""Settings of the organization: legal data, how to reach it, region."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.settings.forms import OrganizationForm
from guilder.faces.web.settings.frame import again, clash_of, panel
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, Invalid, Stale
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles

SELLER = (
    "legal_name", "trading_name", "line1", "line2", "postal_code", "city", "country", "vat_id",
    "tax_number", "legal_information", "contact_name", "email", "phone", "website",
)  # fmt: skip
REGION = ("time_zone", "language", "tax_rounding")


@page("settings", "settings.view")
def organization(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who invoices: what the law wants on every document."""
    stored = stored_values(visit)
    form = form_of(visit, stored, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return panel(request, visit, "settings", form=form, is_refused=bool(form.errors))
    try:
        save(form.cleaned_data, visit, before=stored)
    except Stale:
        clash = clash_of(form, stored)
        form = form_of(visit, stored, again(request, stored))
        return panel(request, visit, "settings", form=form, clash=clash)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {"/legal_registration": "registration"})
        return panel(request, visit, "settings", form=form, is_refused=True)
    messages.success(request, _("The organization is saved."))
    return redirect("web:settings")


def stored_values(visit: Visit) -> dict[str, Any]:
    """What is stored, with the version of both rows."""
    home = visit.organization
    with visit.reading():
        profile = profiles.seller_profile(home.id)
    return (
        {name: getattr(profile, name, "") for name in SELLER}
        | {name: str(getattr(home, name)) for name in REGION}
        | {
            "registration": profile.legal_registration if profile else "",
            "base_currency": home.base_currency,
            "version": f"{profile.version if profile else 0}.{home.version}",
        }
    )


def form_of(visit: Visit, stored: dict[str, Any], post: Any = None) -> OrganizationForm:
    """The form over what is stored."""
    home = visit.organization
    form = OrganizationForm(
        post,
        initial=stored,
        choices={
            "country": choices.countries(),
            "base_currency": choices.currencies(home.base_currency),
            "time_zone": with_own(choices.time_zones(), home.time_zone),
            "language": choices.languages(),
            "tax_rounding": [
                ("group", _("Per rate, as EN 16931 says")),
                ("line", _("On each line, where the law wants it")),
            ],
        },
    )
    form.fields["base_currency"].disabled = True
    return form


def with_own(pairs: choices.Known, own: str) -> choices.Known:
    """Choices that hold what is stored, whatever it is."""
    return pairs if own in dict(pairs) else pairs.after((own, own))


def save(given: dict[str, Any], visit: Visit, *, before: dict[str, Any]) -> None:
    """Profile and region in one transaction; the short name follows where it was the same."""
    data = {name: given[name] for name in SELLER}
    region = {name: given[name] for name in REGION}
    if visit.organization.name in {before["legal_name"], before["trading_name"]}:
        region["name"] = given["trading_name"] or given["legal_name"]
    seller_version, _dot, home_version = given["version"].partition(".")
    with transaction(visit.by.organization_id):
        parties.set_seller_profile(
            by=visit.by,
            data=data | {"legal_registration": given["registration"]},
            version=typed.version(seller_version),
        )
        identity.update_organization(by=visit.by, data=region, version=typed.version(home_version))
