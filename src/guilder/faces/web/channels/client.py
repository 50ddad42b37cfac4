"""How a client gets documents: channel, address there, format."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guilder.faces.web import answers, typed
from guilder.faces.web.channels.forms import AgreementForm
from guilder.faces.web.channels.words import told
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.office.channels import operations, queries
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.registers.parties import queries as parties
from guilder.registers.parties.schemas import DELIVERY_FORMATS


@page("clients", "partner.edit")
def client_channel(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """The form; POST agrees."""
    with visit.reading():
        partner = parties.get_partner(visit.by.organization_id, client_id, side="customer")
        agreed = queries.agreement_with(client_id, by=visit.by)
        channels = queries.list_channels(by=visit.by)
    initial = {
        "channel": str(agreed.channel_id) if agreed else "",
        "address": agreed.address if agreed else "",
        "format": queries.format_of(partner),
    }
    form = form_of(request.POST or None, initial, channels, agreed)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        data: dict[str, Any] = {"address": given["address"], "format": given["format"]}
        data["channel"] = given["channel"] or None
        try:
            operations.set_agreement(client_id, by=visit.by, data=data, at=visit.now)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {})
        else:
            answers.say(request, _("The changes are saved."))
            return redirect("web:client", client_id)
    words = {"form": form, "client": partner, "hints": hints_of(channels)}
    status = 422 if form.errors else 200
    return render(request, "channels/client.html", words, status=status)


def form_of(post: Any, initial: dict[str, str], channels: list[Any], agreed: Any) -> AgreementForm:
    """The form with the channels that are on, and the agreed one."""
    known = queries.transports()
    kept = agreed.channel_id if agreed else None
    offered = [one for one in channels if one.is_active or one.id == kept]
    names = [
        (str(one.id), one.name)
        for one in offered
        if one.transport in known and known[one.transport].sends
    ]
    return AgreementForm(
        post,
        initial=initial,
        choices={
            "channel": [("", _("Mail to the client’s address")), *names],
            "format": formats(),
        },
    )


def formats() -> list[tuple[str, str]]:
    """The formats that a client may want, the plain PDF first."""
    named = [(name, TARGETS[name].title) for name in DELIVERY_FORMATS if name in TARGETS]
    return [("pdf", _("PDF")), *named]


def hints_of(channels: list[Any]) -> list[dict[str, str]]:
    """What an address looks like, by channel."""
    known = queries.transports()
    return [
        {"name": one.name, "hint": told(known[one.transport].address_hint)}
        for one in channels
        if one.is_active and one.transport in known and known[one.transport].address_hint
    ]
