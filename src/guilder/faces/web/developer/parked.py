"""Events that a part of Guilder failed to hear for good: what, since when, why, and what to do."""

from types import SimpleNamespace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web import lists
from guilder.faces.web.door import context, page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.foundation.events import operations, queries
from guilder.foundation.events.queries import Parked
from guilder.kernel.errors import Invalid

NEWEST = "-sequence"
# Who listens, in words, by the room that the listener is in.
WHO: dict[str, str | Promise] = {
    "channels": gettext_lazy("Sending by channel"),
    "charging": gettext_lazy("Online payments"),
    "demo": gettext_lazy("Demo"),
    "desk": gettext_lazy("Inbox"),
    "dispatch": gettext_lazy("Mails"),
    "dunning": gettext_lazy("Reminders"),
    "search": gettext_lazy("Search"),
    "sepa": gettext_lazy("Payment orders"),
    "verifactu": gettext_lazy("Billing records"),
    "webhooks": gettext_lazy("Webhooks"),
}


@page("developers", "event.view", methods="GET")
def events_parked(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is parked, newest first."""
    place = lists.place_of(request, sort=NEWEST)
    found = queries.list_parked(
        visit.by.organization_id,
        before=(place.value, place.row_id) if place and place.value else None,
        limit=lists.PAGE + 1,
    )
    shown = lists.paged(found, place, sort=NEWEST, key=lambda one: (one.sequence, one.id))
    pager = lists.pager(request, shown)
    if place is not None:
        pager.newer = lists.address(request, cursor="")
    values = context(
        rows=[row_of(one) for one in shown.rows],
        pager=pager,
        may={"edit": visit.by.may("settings.edit")},
        announce=ngettext("%(n)s event", "%(n)s events", len(shown.rows)) % {"n": len(shown.rows)},
    )
    return render(request, "developer/parked.html", values)


@page("developers", "settings.edit", methods="POST")
def parked_retry(request: HttpRequest, visit: Visit, parked_id: UUID) -> HttpResponse:
    """Tell it again."""
    operations.try_parked(parked_id, by=visit.by)
    messages.success(request, _("It is tried again."))
    return redirect("web:events_parked")


@page("developers", "settings.edit", methods="POST")
def parked_give_up(request: HttpRequest, visit: Visit, parked_id: UUID) -> HttpResponse:
    """Tell it no more."""
    try:
        operations.give_up(parked_id, by=visit.by, reason=request.POST.get("reason", ""))
        messages.success(request, _("It was given up. The reason is in the audit trail."))
    except Invalid as error:
        messages.error(request, said(error.detail))
    return redirect("web:events_parked")


def row_of(one: Parked) -> SimpleNamespace:
    """A parked event as the page draws it."""
    return SimpleNamespace(
        id=one.id,
        type=one.type or _("unknown"),
        url=reverse("web:event", args=[one.id]) if one.type else "",
        words=one.payload.get("number") or one.payload.get("name") or "",
        happened_at=one.occurred_at,
        parked_at=one.parked_at,
        failures=[failure_of(part) for part in one.problem.split("; ") if part],
        heard=[who_of(name) for name in one.heard],
    )


def failure_of(problem: str) -> SimpleNamespace:
    """Who failed, and with which words of the program."""
    name, _colon, why = problem.partition(": ")
    known = name.startswith("guilder.")
    return SimpleNamespace(who=who_of(name) if known else "", why=why if known else problem)


def who_of(name: str) -> str:
    """The room of a listener in words."""
    rooms = name.split(".")
    room = rooms[2] if len(rooms) > 2 else name
    return str(WHO.get(room, room))
