"""Webhooks: who is called when something happens, what became of each call, sending again."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables

from guilder.faces.web import answers, forms, lists, typed
from guilder.faces.web.developer import frame
from guilder.faces.web.door import context, page
from guilder.faces.web.once import only_here
from guilder.faces.web.sentences import said
from guilder.faces.web.session.proving import proved
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.office.webhooks import operations, queries
from guilder.office.webhooks.models import Delivery, Endpoint

NEWEST = "-id"
PERMISSION = "webhook.edit"
STATUS = {"waiting": "queued", "delivered": "delivered", "failed": "failed", "stopped": "stopped"}
WHY = {
    "person": gettext_lazy("Somebody switched it off."),
    "failing": gettext_lazy("Every call failed for days, so it was switched off."),
    "gone": gettext_lazy("It answered that it is gone for good (410), so it was switched off."),
}
SPANS = {"1": 1, "24": 24, "72": 72, "720": 720}  # hours of a replay


class EndpointForm(forms.PaperForm):
    """An endpoint."""

    url = forms.text(
        gettext_lazy("Address"), required=True, limit=2000, placeholder="https://",
        hint=gettext_lazy("Is called by POST, signed. Public and HTTPS."),
    )  # fmt: skip
    name = forms.text(
        gettext_lazy("Name"), limit=100, hint=gettext_lazy("Empty: the name of its host.")
    )


@page("developers", PERMISSION, methods="GET")
def webhooks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every webhook, and how it does."""
    with visit.reading():
        found = queries.list_endpoints(by=visit.by)
        figures = queries.figures([one.id for one in found], by=visit.by)
    rows = [endpoint_row(one, figures.get(one.id)) for one in found]
    shown = context(tabs=frame.tabs(request, visit), rows=rows)
    return render(request, "developer/webhooks.html", shown)


@page("developers", PERMISSION, methods="GET POST")
@proved
def webhook_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make a webhook; its secret is on the answer only."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = operations.create_endpoint(
                by=visit.by, data=data_of(request, form), at=visit.now
            )
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/url": "url", "/name": "name"})
        else:
            return only_here(detail(request, visit, row, secret=secret))
    return edited(request, form, chosen=request.POST.getlist("types"))


@page("developers", PERMISSION, methods="GET POST")
def webhook_edit(request: HttpRequest, visit: Visit, endpoint_id: UUID) -> HttpResponse:
    """Change address, name and types."""
    row = queries.get_endpoint(endpoint_id, by=visit.by)
    form = EndpointForm(request.POST or None, initial={"url": row.url, "name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            operations.update_endpoint(
                endpoint_id,
                by=visit.by,
                data=data_of(request, form),
                at=visit.now,
                version=typed.version(request.POST.get("version", "")),
            )
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/url": "url", "/name": "name"})
        else:
            to = reverse("web:webhook", args=[endpoint_id])
            return answers.done(request, to=to, text=_("The webhook was changed."))
    chosen = request.POST.getlist("types") if request.method == "POST" else list(row.types)
    return edited(request, form, chosen=chosen, row=row)


def data_of(request: HttpRequest, form: EndpointForm) -> dict[str, Any]:
    """What was typed, as the room takes it."""
    given = form.cleaned_data
    return {**given, "types": request.POST.getlist("types")}


def edited(
    request: HttpRequest, form: EndpointForm, *, chosen: list[str], row: Endpoint | None = None
) -> HttpResponse:
    """The form with every type that there is, by family."""
    back = reverse("web:webhook", args=[row.id]) if row else reverse("web:webhooks")
    shown = context(form=form, families=families(chosen), endpoint=row, back_url=back)
    status = 422 if form.errors else 200
    return render(request, "developer/webhook_edit.html", shown, status=status)


def families(chosen: list[str]) -> list[SimpleNamespace]:
    """The types by family, each ticked where it was chosen, itself or with its family."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in queries.catalogue_of_events():
        family = one["type"].partition(".")[0]
        is_chosen = one["type"] in chosen or f"{family}.*" in chosen
        found.setdefault(family, []).append({**one, "is_chosen": is_chosen})
    return [
        SimpleNamespace(
            label=frame.family_label(name),
            types=types,
            is_open=any(one["is_chosen"] for one in types),
        )
        for name, types in sorted(found.items(), key=lambda pair: frame.family_label(pair[0]))
    ]


@page("developers", PERMISSION, methods="GET")
def webhook(request: HttpRequest, visit: Visit, endpoint_id: UUID) -> HttpResponse:
    """One webhook with its deliveries."""
    return detail(request, visit, queries.get_endpoint(endpoint_id, by=visit.by))


@sensitive_variables("secret")
def detail(request: HttpRequest, visit: Visit, row: Endpoint, *, secret: str = "") -> HttpResponse:
    """The page of a webhook; a fresh secret stands on top, this once."""
    view = request.GET.get("view", "")
    place = lists.place_of(request, sort=NEWEST)
    with visit.reading():
        found = queries.list_deliveries(
            row.id,
            by=visit.by,
            states=[view] if view in STATUS else [],
            before_id=place.row_id if place else None,
            limit=lists.PAGE + 1,
        )
        figures = queries.figures([row.id], by=visit.by)
    shown = lists.paged(found, place, sort=NEWEST, key=lambda one: (None, one.id))
    pager = lists.pager(request, shown)
    if place is not None:  # this list goes one way only: back is the beginning
        pager.newer = lists.address(request, cursor="")
    until = row.previous_until
    tabs = [("", _("All")), ("waiting", _("Waiting")), ("delivered", _("Delivered")),
            ("failed", _("Failed"))]  # fmt: skip
    values = context(
        endpoint=endpoint_row(row, figures.get(row.id)),
        secret=secret,
        types=list(row.types),
        why=WHY.get(row.disabled_because, ""),
        previous_until=until if until and until > visit.now else None,
        rows=[delivery_row(one, row.id) for one in shown.rows],
        pager=pager,
        views=lists.views(request, tabs, counts={}),
        announce=ngettext("%(n)s delivery", "%(n)s deliveries", len(shown.rows))
        % {"n": len(shown.rows)},
        spans=[("24", _("the last day")), ("1", _("the last hour")), ("72", _("the last 3 days")),
               ("720", _("the last 30 days"))],
    )  # fmt: skip
    template = "developer/webhook.html"
    return render(request, template if secret else lists.template_of(request, template), values)


def endpoint_row(row: Endpoint, figures: queries.Figures | None) -> SimpleNamespace:
    """A webhook as it is shown."""
    return SimpleNamespace(
        id=row.id,
        name=row.name,
        target=row.url,
        url=reverse("web:webhook", args=[row.id]),
        version=row.version,
        api_version=row.api_version,
        is_active=row.is_active,
        is_failing=row.is_active and row.failing_since is not None,
        failing_since=row.failing_since,
        disabled_at=row.disabled_at,
        last_success_at=row.last_success_at,
        created_at=row.created_at,
        types=len(row.types),
        waiting=figures.waiting if figures else 0,
        delivered=figures.delivered if figures else 0,
        failed=figures.failed if figures else 0,
    )


def delivery_row(row: Delivery, endpoint_id: UUID) -> SimpleNamespace:
    """A delivery as a list draws it."""
    return SimpleNamespace(
        id=row.id,
        url=reverse("web:webhook_delivery", args=[endpoint_id, row.id]),
        type=row.message.type,
        sequence=row.message.sequence,
        status=STATUS[row.state],
        last_status=row.last_status,
        problem=said(row.problem),
        attempts=row.attempts,
        at=row.created_at,
        next_at=row.next_attempt_at if row.attempts else None,
    )


@page("developers", PERMISSION, methods="GET")
def webhook_delivery(
    request: HttpRequest, visit: Visit, endpoint_id: UUID, delivery_id: UUID
) -> HttpResponse:
    """One delivery: what is sent, and what each call met."""
    with visit.reading():
        row = queries.get_delivery(delivery_id, by=visit.by, endpoint_id=endpoint_id)
        tries = queries.list_attempts(delivery_id, by=visit.by)
    event_id = row.message.event_id
    shown = context(
        delivery=delivery_row(row, endpoint_id),
        endpoint=endpoint_row(row.endpoint, None),
        message_id=str(row.message),
        body=frame.pretty_text(row.message.body),
        event_url=reverse("web:event", args=[event_id]) if event_id else "",
        tries=[attempt_row(one) for one in tries],
        may_retry=row.endpoint.is_active,
    )
    return render(request, "developer/delivery.html", shown)


def attempt_row(one: Any) -> SimpleNamespace:
    """One call as it is shown."""
    return SimpleNamespace(
        number=one.number,
        at=one.at,
        milliseconds=one.milliseconds,
        status=one.status,
        problem=said(one.problem),
        is_good=bool(one.status and 200 <= one.status < 300),
        request_head="\n".join(f"{name}: {value}" for name, value in one.request_head.items()),
        response_head="\n".join(f"{name}: {value}" for name, value in one.response_head.items()),
        response_text=one.response_text,
    )


@page("developers", PERMISSION, methods="POST")
def webhook_retry(
    request: HttpRequest, visit: Visit, endpoint_id: UUID, delivery_id: UUID
) -> HttpResponse:
    """Send a delivery again, now."""
    operations.retry_delivery(delivery_id, endpoint_id=endpoint_id, by=visit.by, at=visit.now)
    to = reverse("web:webhook_delivery", args=[endpoint_id, delivery_id])
    return answers.done(request, to=to, text=_("It is sent again now."))


@page("developers", PERMISSION, methods="POST")
def webhook_ping(request: HttpRequest, visit: Visit, endpoint_id: UUID) -> HttpResponse:
    """Send a message about nothing."""
    operations.ping(endpoint_id, by=visit.by, at=visit.now)
    to = reverse("web:webhook", args=[endpoint_id])
    return answers.done(request, to=to, text=_("A ping is on its way."))


@page("developers", PERMISSION, methods="POST")
def webhook_replay(request: HttpRequest, visit: Visit, endpoint_id: UUID) -> HttpResponse:
    """Tell a while again."""
    hours = SPANS.get(request.POST.get("span", ""), 24)
    operations.ask_replay(
        endpoint_id,
        by=visit.by,
        since=visit.now - timedelta(hours=hours),
        until=visit.now,
        only_missed=request.POST.get("everything") != "on",
    )
    to = reverse("web:webhook", args=[endpoint_id])
    return answers.done(request, to=to, text=_("It is told again, oldest first."))


@page("developers", PERMISSION, methods="POST")
@proved
def webhook_rotate(request: HttpRequest, visit: Visit, endpoint_id: UUID) -> HttpResponse:
    """A new secret, shown this once."""
    row, secret = operations.rotate_secret(endpoint_id, by=visit.by, at=visit.now)
    return only_here(detail(request, visit, row, secret=secret))


@page("developers", PERMISSION, methods="POST")
def webhook_switch(request: HttpRequest, visit: Visit, endpoint_id: UUID) -> HttpResponse:
    """On or off."""
    is_active = request.POST.get("to") == "on"
    operations.update_endpoint(
        endpoint_id, by=visit.by, data={"is_active": is_active}, at=visit.now
    )
    text = _("The webhook is on.") if is_active else _("The webhook is off.")
    return answers.done(request, to=reverse("web:webhook", args=[endpoint_id]), text=text)


@page("developers", PERMISSION, methods="POST")
@proved
def webhook_delete(request: HttpRequest, visit: Visit, endpoint_id: UUID) -> HttpResponse:
    """Take a webhook away."""
    operations.delete_endpoint(endpoint_id, by=visit.by)
    return answers.done(request, to=reverse("web:webhooks"), text=_("The webhook was deleted."))
