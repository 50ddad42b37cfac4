"""The log of events: everything that happened, with what was said of it."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import lists
from guilder.faces.web.developer import frame
from guilder.faces.web.developer.webhooks import STATUS
from guilder.faces.web.door import context, page
from guilder.faces.web.shell import Visit
from guilder.foundation.events import queries
from guilder.foundation.events.models import Event
from guilder.office.webhooks import queries as webhooks

NEWEST = "-sequence"


@page("developers", "event.view", methods="GET")
def events(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Events, newest first; of one type, or of one thing."""
    known = webhooks.public_types()
    chosen = request.GET.get("type", "")
    types = tuple(one for one in known if one == chosen or one.startswith(f"{chosen}."))
    subject = lists.identity(request.GET.get("subject", ""))
    place = lists.place_of(request, sort=NEWEST)
    found = queries.list_events(
        visit.by.organization_id,
        types=types if chosen else (),
        subject_id=subject,
        before=(place.value, place.row_id) if place and place.value else None,
        limit=lists.PAGE + 1,
    )
    shown = lists.paged(found, place, sort=NEWEST, key=lambda one: (one.sequence, one.id))
    pager = lists.pager(request, shown)
    if place is not None:
        pager.newer = lists.address(request, cursor="")
    families = sorted({one.partition(".")[0] for one in known}, key=frame.family_label)
    values = context(
        tabs=frame.tabs(request, visit),
        rows=[event_row(one) for one in shown.rows],
        pager=pager,
        chosen=chosen,
        subject=subject or "",
        families=[
            SimpleNamespace(
                code=family,
                label=frame.family_label(family),
                types=[one for one in known if one.startswith(f"{family}.")],
            )
            for family in families
        ],
        parked=parked_words(visit),
        announce=ngettext("%(n)s event", "%(n)s events", len(shown.rows)) % {"n": len(shown.rows)},
    )
    return render(request, lists.template_of(request, "developer/events.html"), values)


def parked_words(visit: Visit) -> str:
    """How many events were not dealt with; "" for none."""
    count = queries.backlog(visit.by.organization_id).parked
    if not count:
        return ""
    words = ngettext(
        "%(n)s event could not be dealt with.", "%(n)s events could not be dealt with.", count
    )
    return words % {"n": count}


def event_row(row: Event) -> SimpleNamespace:
    """An event as a list draws it."""
    return SimpleNamespace(
        id=row.id,
        url=reverse("web:event", args=[row.id]),
        type=row.type,
        words=row.payload.get("number") or row.payload.get("name") or "",
        source=row.source,
        subject_id=row.subject_id,
        at=row.occurred_at,
    )


@page("developers", "event.view", methods="GET")
def event(request: HttpRequest, visit: Visit, event_id: UUID) -> HttpResponse:
    """One event: what it says, the thing as it is now, and to whom it was told."""
    with visit.reading():
        row = queries.get_event(event_id, visit.by.organization_id)
        data = webhooks.data_of(row, by=visit.by, at=visit.now)
        told = webhooks.deliveries_of_event(row.id, by=visit.by) if may_webhooks(visit) else []
    family = row.type.partition(".")[0]
    values = context(
        event=event_row(row),
        actor=row.actor_id,
        request_id=row.request_id,
        payload=frame.pretty(row.payload),
        data=frame.pretty(data),
        thing_url=frame.place_of(family, row.subject_id),
        thing_label=frame.family_label(family),
        others_url=f"{reverse('web:events')}?subject={row.subject_id}" if row.subject_id else "",
        calls_url=f"{reverse('web:calls')}?request={row.request_id}" if row.request_id else "",
        deliveries=[
            SimpleNamespace(
                name=one.endpoint.name,
                url=reverse("web:webhook_delivery", args=[one.endpoint_id, one.id]),
                status=STATUS[one.state],
            )
            for one in told
        ],
        told_words=_("Told to"),
    )
    return render(request, "developer/event.html", values)


def may_webhooks(visit: Visit) -> bool:
    """Whether somebody may look at deliveries."""
    return visit.by.may("webhook.edit")
