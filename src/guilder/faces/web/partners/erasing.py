"""Erasing what is kept of a client without need: what goes and what stays, and the act itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guilder.faces.web.door import page
from guilder.faces.web.session.proving import proved
from guilder.faces.web.shell import Visit
from guilder.office.erasure import operations, queries


@page("clients", "partner.erase")
@proved
def client_erase(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """What an erasure would mean today; POST does it."""
    plan = queries.plan(client_id, by=visit.by, today=visit.today)
    if request.method == "POST":
        operations.erase_partner(client_id, by=visit.by, at=visit.now, today=visit.today)
        words = _("What need not be kept is erased.")
        if plan.is_whole:
            words = _("Everything is erased.")
        messages.success(request, words)
        return redirect("web:client", client_id)
    return render(request, "partners/erase.html", {"plan": plan})
