"""A client's own people in the portal: asked in, asked again, shown out."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import answers, timeline, typed
from guilder.faces.web.door import page
from guilder.faces.web.partners.forms import GuestForm
from guilder.faces.web.session import tasks as letters
from guilder.faces.web.session.entering import base_of
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.errors import Conflict, Invalid
from guilder.registers.parties import operations, queries
from guilder.registers.parties.models import Partner

SIDE, TAB = "customer", "portal"


def tab(request: HttpRequest, visit: Visit, partner: Partner) -> dict[str, Any]:
    """Who comes in for the client, who is asked, and the form that asks."""
    del request
    return about(visit, partner, GuestForm(initial=suggested(partner)))


def about(visit: Visit, partner: Partner, form: GuestForm) -> dict[str, Any]:
    """The tab's words."""
    found = queries.guests_of(partner.id, by=visit.by, at=visit.now)
    return {
        "form": form,
        "guests": [guest_of(one, partner.id, visit) for one in found],
        "invite_url": reverse("web:guest_invite", args=[partner.id]),
    }


def suggested(partner: Partner) -> dict[str, str]:
    """The client's own address, to begin with."""
    return {"email": partner.email}


def guest_of(guest: queries.Guest, client_id: UUID, visit: Visit) -> SimpleNamespace:
    """One row."""
    waits = guest.invitation_id is not None
    one = guest.invitation_id or guest.user_id
    return SimpleNamespace(
        name=guest.name,
        email=guest.email,
        waits=waits,
        is_over=guest.is_over,
        since=timeline.moment(guest.since, visit),
        again_url=reverse("web:guest_again", args=[client_id, one]) if waits else "",
        remove_url=reverse(
            "web:guest_withdraw" if waits else "web:guest_remove", args=[client_id, one]
        ),
    )


def back(client_id: UUID) -> str:
    """The tab's address."""
    return f"{reverse('web:client', args=[client_id])}?tab={TAB}"


def mail(invitation_id: UUID, request: HttpRequest, visit: Visit) -> None:
    """The mail with the link, tried until a server takes it."""
    enqueue(
        letters.mail_invitation,
        organization_id=visit.by.organization_id,
        invitation_id=invitation_id,
        base=base_of(request),
    )


@page("clients", "portal.invite", methods="POST")
def guest_invite(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Ask somebody of the client in."""
    with visit.reading():
        partner = queries.get_partner(visit.by.organization_id, client_id, side=SIDE)
    form = GuestForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = operations.invite_guest(
                client_id, by=visit.by, email=given["email"], name=given["name"], at=visit.now
            )
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "email"})
        else:
            told = {"to": given["email"]}
            if made is not None:
                mail(made.id, request, visit)
                answers.say(request, _("The invitation goes to %(to)s.") % told)
            else:
                answers.say(request, _("%(to)s sees this client's documents now.") % told)
            return redirect(back(client_id))
    with visit.reading():
        words = {**about(visit, partner, form), "client": partner, "back": back(client_id)}
    return render(request, "partners/invite.html", words, status=422)


@page("clients", "portal.invite", methods="POST")
def guest_again(
    request: HttpRequest, visit: Visit, client_id: UUID, invitation_id: UUID
) -> HttpResponse:
    """Mail the link once more."""
    known = queries.guests_of(client_id, by=visit.by, at=visit.now)
    if not any(one.invitation_id == invitation_id for one in known):
        raise operations.NoSuchGuest(_("There is no such person."))
    made = identity.resend_invitation(invitation_id, by=visit.by, at=visit.now)
    mail(made.id, request, visit)
    answers.say(request, _("The invitation goes to %(to)s again.") % {"to": made.email})
    return redirect(back(client_id))


@page("clients", "portal.invite", methods="POST")
def guest_withdraw(
    request: HttpRequest, visit: Visit, client_id: UUID, invitation_id: UUID
) -> HttpResponse:
    """The link works no more."""
    operations.uninvite_guest(client_id, by=visit.by, invitation_id=invitation_id, at=visit.now)
    answers.say(request, _("The invitation is taken back."))
    return redirect(back(client_id))


@page("clients", "portal.invite", methods="POST")
def guest_remove(
    request: HttpRequest, visit: Visit, client_id: UUID, user_id: UUID
) -> HttpResponse:
    """The person no longer sees the client's documents."""
    operations.show_out(client_id, by=visit.by, user_id=user_id)
    answers.say(request, _("The person no longer sees this client's documents."))
    return redirect(back(client_id))
