"""What stands around every page of the portal: whose it is, for whom, and where one can go."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guilder.faces.web.shell import Visit
from guilder.kernel.errors import NotFound
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import queries as parties

PLACES = (
    ("portal", _("Overview")),
    ("portal_documents", _("Documents")),
    ("portal_quotes", _("Quotes")),
    ("portal_statement", _("Statement")),
    ("portal_methods", _("Ways to pay")),
    ("portal_account", _("Account")),
)


class NotYourCompany(NotFound):
    """The client is not one that the person belongs to."""

    code = "portal.not_your_company"


def drawn(
    request: HttpRequest, visit: Visit, here: str, *, status: int = 200, **words: Any
) -> HttpResponse:
    """A page of the portal: `portal/<its name>.html` with what stands around it."""
    with visit.reading():
        sender = sender_of(visit)
    around = {
        "sender": sender,
        "has_logo": bool(looks.look_of(by=visit.by).logo),
        "person": visit.by.name or visit.email,
        "companies": companies(visit),
        "others": [
            one for one in visit.memberships if one.organization_id != visit.by.organization_id
        ],
        "places": [
            SimpleNamespace(label=label, url=reverse(f"web:{name}"), current=name == here)
            for name, label in PLACES
        ],
    }
    template = f"portal/{here.removeprefix('portal_')}.html"
    return render(request, template, {**around, **words}, status=status)


def sender_of(visit: Visit) -> SimpleNamespace:
    """The organization as its clients know it."""
    profile = parties.seller_profile(visit.by.organization_id)
    fallback = visit.organization.name
    return SimpleNamespace(
        name=(profile and (profile.trading_name or profile.legal_name)) or fallback,
        email=profile.email if profile else "",
        phone=profile.phone if profile else "",
        website=profile.website if profile else "",
    )


def companies(visit: Visit) -> dict[UUID, str]:
    """The clients that the person belongs to, by name."""
    of = visit.by.organization_id
    found = parties.names_of(of, parties.own_clients(visit.by))
    return dict(sorted(found.items(), key=lambda one: one[1].lower()))


def company_of(request: HttpRequest, visit: Visit) -> UUID | None:
    """The client that the address names, else the first one; None where there is none.

    Raises NotYourCompany for any other.
    """
    known = companies(visit)
    asked = request.GET.get("client", "")
    if not asked:
        return next(iter(known), None)
    found = next((one for one in known if str(one) == asked), None)
    if found is None:
        raise NotYourCompany("There is no such company of yours.")
    return found
