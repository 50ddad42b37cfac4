"""The page of a link by which a client leaves a way to pay; it shows nothing else of the client."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guilder.books.charging import queries
from guilder.faces.web.charges import leaving
from guilder.faces.web.outside.door import hosted
from guilder.faces.web.outside.opened import Opened, is_own
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, Invalid, NotFound
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import queries as parties


@hosted("method")
def leave(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What may be left, and what that allows."""
    return page(request, opened)


@hosted("method", "POST")
def add(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Begin: the next page leads to the service."""
    wanted = leaving.Leaving(
        by=opened.by,
        partner_id=opened.record.partner_id,
        now=opened.now,
        origin="link",
        mark=mark_of(opened),
        here=f"{opened.base}added/{{setup}}/",
        sender=sender_of(opened).name,
    )
    try:
        record = leaving.begun(request, wanted)
    except (Invalid, Conflict):
        return page(request, opened, fault=_("Choose one of the ways offered."), status=422)
    return redirect(f"{opened.base}added/{record.id}/?go=1")


@hosted("method", "GET HEAD")
def added(request: HttpRequest, opened: Opened, setup_id: UUID) -> HttpResponse:
    """Where it stands: asked of the service itself."""
    record = queries.get_setup(setup_id, by=opened.by)
    if not record.attempt.startswith(f"{mark_of(opened)}:"):
        raise NotFound("There is no such way to pay under way.")
    goes = leaving.is_leaving(request, record)
    if not goes:
        record = leaving.looked_after(request, record, by=opened.by, now=opened.now)
    words = leaving.state_words(
        record, back=opened.base, back_label=_("Add another"), is_leaving=goes
    )
    return render(request, "outside/kept.html", common(request, opened) | {"setup": words})


def mark_of(opened: Opened) -> str:
    """How the attempts of this link begin."""
    return f"link:{opened.link_id}"


def page(
    request: HttpRequest, opened: Opened, *, fault: str = "", status: int = 200
) -> HttpResponse:
    """The page, with what was wrong."""
    with transaction(opened.by.organization_id):
        found = common(request, opened)
        found |= {
            "client": opened.record.partner_name,
            "offers": leaving.offers_of(opened.record.partner_id, by=opened.by),
            "consent": leaving.consent_words(found["sender"].name),
            "attempt": leaving.attempt(),
            "fault": fault,
            "problems": [{"anchor": "offers", "text": fault}] if fault else [],
        }
    return render(request, "outside/keep.html", found, status=status)


def common(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """What stands around it."""
    with transaction(opened.by.organization_id):
        return {
            "opened": opened,
            "sender": sender_of(opened),
            "has_logo": bool(looks.look_of(by=opened.by).logo),
            "is_own": is_own(request, opened),
        }


def sender_of(opened: Opened) -> SimpleNamespace:
    """The organization as its clients know it."""
    with transaction(opened.by.organization_id):
        profile = parties.seller_profile(opened.by.organization_id)
    name = profile and (profile.trading_name or profile.legal_name)
    return SimpleNamespace(
        name=name or opened.organization.name,
        email=profile.email if profile else "",
        phone=profile.phone if profile else "",
    )
