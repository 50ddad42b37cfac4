"""The ways of paying that a client left with us, and taking one back."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.books.charging import operations, queries
from guilder.faces.web import answers, choices
from guilder.faces.web.door import ONLY, page
from guilder.faces.web.portal.place import drawn
from guilder.faces.web.shell import Visit

HERE = "portal_methods"
SIZE = 50


@page("portal", "payment.view", methods="GET", guests=ONLY)
def methods(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is kept, and to which words it was agreed."""
    with visit.reading():
        found = [one for one in queries.list_saved(by=visit.by, limit=SIZE) if one.is_active]
        rows = [
            SimpleNamespace(
                id=one.id,
                label=one.label or str(choices.METHODS.get(one.method, one.method)),
                service=queries.title_of(one.gateway_kind),
                agreed_at=one.agreed_at,
                consent=one.consent,
                collects=one.collects,
            )
            for one in found
        ]
        return drawn(request, visit, HERE, methods=rows)


@page("portal", "charge.start", methods="POST", guests=ONLY)
def withdraw(request: HttpRequest, visit: Visit, saved_id: UUID) -> HttpResponse:
    """It is never charged again."""
    operations.withdraw_method(saved_id, by=visit.by, at=visit.now)
    answers.say(request, _("It is removed and not charged any more."))
    return redirect(f"web:{HERE}")
