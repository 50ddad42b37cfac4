"""The ways of paying that a client left with us: adding, replacing and taking one back."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.charging import operations, queries
from guilder.books.charging.queries import SavedRecord
from guilder.faces.web import answers, choices
from guilder.faces.web.charges import leaving
from guilder.faces.web.door import ONLY, page
from guilder.faces.web.portal.place import companies, company_of, drawn, sender_of
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid

HERE = "portal_methods"
SIZE = 50


@page("portal", "payment.view", methods="GET", guests=ONLY)
def methods(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is kept, to which words it was agreed, and what may be added."""
    return listed(request, visit)


def listed(request: HttpRequest, visit: Visit, *, fault: str = "") -> HttpResponse:
    """The page, with what was wrong."""
    with visit.reading():
        found = [one for one in queries.list_saved(by=visit.by, limit=SIZE) if one.is_active]
        adding = adding_words(request, visit, found) | {"fault": fault}
        rows = [
            SimpleNamespace(
                id=one.id,
                label=one.label or str(choices.METHODS.get(one.method, one.method)),
                service=queries.title_of(one.gateway_kind),
                agreed_at=one.agreed_at,
                consent=one.consent,
                collects=one.collects,
                replace_url=f"?client={one.partner_id}&replace={one.id}#add",
            )
            for one in found
        ]
        status = 422 if fault else 200
        return drawn(request, visit, HERE, methods=rows, status=status, **adding)


def adding_words(request: HttpRequest, visit: Visit, found: list[SavedRecord]) -> dict[str, Any]:
    """What the form to add one says; nothing is offered where the person has no company."""
    whose = company_of(request, visit)
    known = companies(visit)
    asked = request.GET.get("replace", "")
    old = next((one for one in found if str(one.id) == asked and one.partner_id == whose), None)
    return {
        "company": SimpleNamespace(id=whose, name=known.get(whose, "") if whose else ""),
        "several": len(known) > 1,
        "elsewhere": [
            SimpleNamespace(name=name, url=f"?client={one}#add")
            for one, name in known.items()
            if one != whose
        ],
        "action": f"{reverse('web:portal_method_add')}?client={whose}" if whose else "",
        "offers": leaving.offers_of(whose, by=visit.by) if whose else [],
        "consent": leaving.consent_words(sender_of(visit).name),
        "attempt": leaving.attempt(),
        "replaces": old.id if old else "",
        "replaced": (old.label or str(choices.METHODS.get(old.method, old.method))) if old else "",
    }


@page("portal", "charge.start", methods="POST", guests=ONLY)
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begin: the next page leads to the service."""
    with visit.reading():
        whose = company_of(request, visit)
        sender = sender_of(visit).name
    if whose is None:
        return listed(request, visit, fault=_("Choose one of the ways offered."))
    wanted = leaving.Leaving(
        by=visit.by,
        partner_id=whose,
        now=visit.now,
        origin="portal",
        mark=f"portal:{visit.by.user_id}",
        here=f"{reverse('web:portal_methods')}{{setup}}/added/",
        sender=sender,
    )
    try:
        record = leaving.begun(request, wanted)
    except (Invalid, Conflict):
        return listed(request, visit, fault=_("Choose one of the ways offered."))
    return redirect(f"{reverse('web:portal_method', args=[record.id])}?go=1")


@page("portal", "payment.view", methods="GET", guests=ONLY)
def added(request: HttpRequest, visit: Visit, setup_id: UUID) -> HttpResponse:
    """Where it stands: asked of the service itself."""
    with visit.reading():
        record = queries.get_setup(setup_id, by=visit.by)
    goes = leaving.is_leaving(request, record)
    if not goes:
        record = leaving.looked_after(request, record, by=visit.by, now=visit.now)
    back = reverse(f"web:{HERE}")
    words = leaving.state_words(record, back=back, back_label=_("Ways to pay"), is_leaving=goes)
    return drawn(request, visit, "portal_method", setup=words)


@page("portal", "charge.start", methods="POST", guests=ONLY)
def withdraw(request: HttpRequest, visit: Visit, saved_id: UUID) -> HttpResponse:
    """It is never charged again."""
    operations.withdraw_method(saved_id, by=visit.by, at=visit.now)
    answers.say(request, _("It is removed and not charged any more."))
    return redirect(f"web:{HERE}")
