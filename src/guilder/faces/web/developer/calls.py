"""The log of API calls."""

from types import SimpleNamespace
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import lists
from guilder.faces.web.developer import frame
from guilder.faces.web.door import context, page
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import queries as identities
from guilder.office.calls import queries
from guilder.office.calls.models import ApiCall

NEWEST = "-id"


@page("developers", "event.view", methods="GET")
def calls(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Calls, newest first."""
    place = lists.place_of(request, sort=NEWEST)
    request_id = request.GET.get("request", "")[:64]
    found = queries.list_calls(
        by=visit.by,
        status=request.GET.get("view", ""),
        path=request.GET.get("path", "").strip()[:200],
        request_id=request_id,
        before_id=place.row_id if place else None,
        limit=lists.PAGE + 1,
    )
    names = key_names(visit)
    shown = lists.paged(found, place, sort=NEWEST, key=lambda one: (None, one.id))
    pager = lists.pager(request, shown)
    if place is not None:
        pager.newer = lists.address(request, cursor="")
    tabs = [("", _("All")), ("ok", _("Succeeded")), ("refused", _("Refused")),
            ("broken", _("Broken"))]  # fmt: skip
    values = context(
        tabs=frame.tabs(request, visit),
        rows=[call_row(one, names) for one in shown.rows],
        pager=pager,
        path=request.GET.get("path", ""),
        request_id=request_id,
        views=lists.views(request, tabs, counts={}),
        kept_words=ngettext("Kept for %(n)s day.", "Kept for %(n)s days.", settings.CALL_KEEP_DAYS)
        % {"n": settings.CALL_KEEP_DAYS},
        is_kept=settings.CALL_KEEP_DAYS > 0,
        announce=ngettext("%(n)s call", "%(n)s calls", len(shown.rows)) % {"n": len(shown.rows)},
    )
    return render(request, lists.template_of(request, "developer/calls.html"), values)


def key_names(visit: Visit) -> dict[UUID, str]:
    """The names of the organization's keys."""
    return {one.id: one.name for one in identities.list_api_keys(visit.by.organization_id)}


def call_row(row: ApiCall, names: dict[UUID, str]) -> SimpleNamespace:
    """A call as a list draws it."""
    return SimpleNamespace(
        id=row.id,
        url=reverse("web:call", args=[row.id]),
        method=row.method,
        path=row.path,
        status=row.status,
        tone="red" if row.status >= 500 else "amber" if row.status >= 400 else "green",
        code=row.code,
        span=frame.milliseconds(row.microseconds),
        who=names.get(row.key_id, "") if row.key_id else row.source,
        at=row.at,
    )


@page("developers", "event.view", methods="GET")
def call(request: HttpRequest, visit: Visit, call_id: UUID) -> HttpResponse:
    """One call."""
    row = queries.get_call(call_id, by=visit.by)
    values = context(
        call=call_row(row, key_names(visit)),
        agent=row.agent,
        address=row.address,
        request_id=row.request_id,
        request_body=frame.pretty_text(row.request_text),
        response_body=frame.pretty_text(row.response_text),
        bodies=bool(row.request_text or row.response_text),
    )
    return render(request, "developer/call.html", values)
