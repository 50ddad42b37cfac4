"""Settings of channels: which there are, whether they work, one to change."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from guilder.faces.web import answers, typed
from guilder.faces.web.channels.forms import PREFIX, ChannelForm
from guilder.faces.web.channels.words import KINDS, told
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.session.proving import proved
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.office.channels import operations, queries
from guilder.office.channels.models import Channel
from guilder.papers.exchange.transports.base import Transport

HERE, EDIT = "settings_channels", "settings.edit"


@page("settings", "settings.view", methods="GET")
def channels(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every channel with what it did, and the ways there are."""
    with visit.reading():
        rows = queries.list_channels(by=visit.by)
        figures = queries.figures(by=visit.by)
    return panel(
        request,
        visit,
        HERE,
        rows=[row_of(one, figures.get(one.id, {})) for one in rows],
        ways=[way_of(one) for one in queries.transports().values()],
    )


def row_of(row: Channel, figures: dict[str, int]) -> SimpleNamespace:
    """One channel as the list draws it; its plug-in may be gone."""
    transport = queries.transports().get(row.transport)
    return SimpleNamespace(
        id=row.id,
        name=row.name,
        way=told(transport.title) if transport else row.transport,
        is_active=row.is_active,
        problem=said(row.problem),
        waiting=figures.get("waiting", 0),
        failed=figures.get("failed", 0),
        total=figures.get("total", 0),
    )


def way_of(transport: Transport) -> SimpleNamespace:
    """One way of travelling that a channel can be made of."""
    return SimpleNamespace(
        name=transport.name, title=told(transport.title), about=KINDS.get(transport.name, "")
    )


@sensitive_post_parameters()
@sensitive_variables("secret")
@page("settings", EDIT)
@proved
def channel_new(request: HttpRequest, visit: Visit, transport: str) -> HttpResponse:
    """A new channel of one kind."""
    way = queries.transport_of(transport)
    initial = {"name": told(way.title), "is_active": True, "receives": True}
    initial |= {f"{PREFIX}{one.name}": one.default for one in way.fields if one.kind != "secret"}
    form = ChannelForm(request.POST or None, transport=way, is_new=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {**form.data_of(), "transport": transport}
        try:
            row, secret = operations.create_channel(by=visit.by, data=data, at=visit.now)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, pointers(way))
        else:
            if secret:
                return drawn(request, visit, form_over(row, way), way, row=row, secret=secret)
            messages.success(request, _("The channel is made."))
            return redirect("web:settings_channel", row.id)
    return drawn(request, visit, form, way)


@sensitive_post_parameters()
@page("settings", "settings.view")
@proved
def channel(request: HttpRequest, visit: Visit, channel_id: UUID) -> HttpResponse:
    """One channel: its settings, where others reach it, and what it did."""
    row = queries.get_channel(channel_id, by=visit.by)
    way = queries.transport_of(row.transport)
    form = form_over(row, way, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.update_channel(
                channel_id,
                by=visit.by,
                data=form.data_of(),
                at=visit.now,
                version=typed.version(form.cleaned_data["version"]),
            )
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, pointers(way))
        else:
            messages.success(request, _("The channel is saved."))
            return redirect("web:settings_channel", channel_id)
    return drawn(request, visit, form, way, row=row)


def form_over(row: Channel, way: Transport, post: Any = None) -> ChannelForm:
    """The form over what is stored; secrets never leave the house."""
    initial = {f"{PREFIX}{name}": value for name, value in row.settings.items()}
    initial |= {
        "name": row.name,
        "is_active": row.is_active,
        "receives": row.receives,
        "answers": row.answers,
        "version": str(row.version),
    }
    return ChannelForm(post, transport=way, is_new=False, initial=initial)


def pointers(way: Transport) -> dict[str, str]:
    """JSON pointer of a fault → field of the form."""
    return {f"/settings/{one.name}": f"{PREFIX}{one.name}" for one in way.fields} | {"": "name"}


def drawn(
    request: HttpRequest,
    visit: Visit,
    form: ChannelForm,
    way: Transport,
    *,
    row: Channel | None = None,
    secret: str = "",
) -> HttpResponse:
    """The page of one channel, or of a new one."""
    return panel(
        request,
        visit,
        HERE,
        template="channels/channel",
        is_refused=bool(form.errors),
        form=form,
        way=way_of(way),
        row=row,
        secret=secret,
        problem=said(row.problem) if row else "",
        address=called_at(request, row, way),
        folder=str(queries.folder_of(row)) if row and way.name == "folder" else "",
    )


def called_at(request: HttpRequest, row: Channel | None, way: Transport) -> str:
    """Where others call this channel; "" where nobody does."""
    if row is None or not way.is_called:
        return ""
    return queries.address_of(row) or request.build_absolute_uri(queries.path_of(row))


@page("settings", EDIT, methods="POST")
def channel_try(request: HttpRequest, visit: Visit, channel_id: UUID) -> HttpResponse:
    """See whether it works, and say what the other side said."""
    try:
        words = operations.try_channel(channel_id, by=visit.by, at=visit.now)
    except GuilderError as error:
        messages.error(request, said(error.detail))
    else:
        messages.success(request, said(words))
    return redirect("web:settings_channel", channel_id)


@page("settings", EDIT, methods="POST")
@proved
def channel_delete(request: HttpRequest, visit: Visit, channel_id: UUID) -> HttpResponse:
    """Take away a channel that nothing used."""
    try:
        operations.delete_channel(channel_id, by=visit.by)
    except Conflict as error:
        messages.error(request, said(error.detail))
        return redirect("web:settings_channel", channel_id)
    return answers.done(request, to="/settings/channels/", text=_("The channel was deleted."))
