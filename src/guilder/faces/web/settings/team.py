"""Settings of people: who belongs to the organization, as what, and who is invited."""

from contextlib import suppress
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.books.workflow import operations as workflow
from guilder.books.workflow import queries as approvals
from guilder.faces.web import choices, shell, timeline, typed
from guilder.faces.web.door import page
from guilder.faces.web.session import tasks as letters
from guilder.faces.web.session.entering import base_of
from guilder.faces.web.session.proving import proved
from guilder.faces.web.settings import rolewords
from guilder.faces.web.settings.forms import InviteForm, MemberForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import Invitation, Membership
from guilder.foundation.identity.operations.invitations import VALID_FOR
from guilder.foundation.identity.permissions import ROW_RULES
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from guilder.kernel.money import Money
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as clients

PAGE = "settings_team"
MOST_CLIENTS = 50


@page("settings", "member.view")
@proved
def team(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everybody inside and everybody invited; POST invites somebody."""
    form = InviteForm(
        request.POST or None, initial={"role": "viewer"}, choices={"role": role_pairs(visit)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            invite(form.cleaned_data, request, visit)
        except (Invalid, Conflict, NotAllowed) as error:
            typed.refuse(form, error, {"": "email"})
        else:
            to = form.cleaned_data["email"]
            messages.success(request, _("The invitation goes to %(to)s.") % {"to": to})
            return redirect("web:settings_team")
    with visit.reading():
        inside = people(visit)
        waiting = identities.invitations_of(visit.by.organization_id)
        asked = [invited(one, visit) for one in waiting]
        return panel(
            request,
            visit,
            PAGE,
            form=form,
            is_refused=bool(form.errors),
            people=inside,
            invited=asked,
        )


def invite(given: dict[str, str], request: HttpRequest, visit: Visit) -> None:
    """Ask somebody in, and have the mail sent."""
    made = identity.invite_member(
        by=visit.by, email=given["email"], name=given["name"], role=given["role"], at=visit.now
    )
    mail(made.id, request, visit)


def mail(invitation_id: UUID, request: HttpRequest, visit: Visit) -> None:
    """The mail with the link, tried until a server takes it."""
    enqueue(
        letters.mail_invitation,
        organization_id=visit.by.organization_id,
        invitation_id=invitation_id,
        base=base_of(request),
    )


def role_pairs(visit: Visit) -> choices.Pairs:
    """The roles that one can give."""
    own = identities.list_roles(visit.by.organization_id)
    return [*shell.ROLES.items(), *((str(one.id), one.name) for one in own)]


def people(visit: Visit) -> list[SimpleNamespace]:
    """Members as the list shows them."""
    of = visit.by.organization_id
    of_roles, of_people = approvals.limits(of)
    assigned = clients.assigned(of)
    portal = clients.portal_people(of)
    members = [one for one in identities.list_members(of) if one.is_active]
    seen = identities.last_seen([one.user.id for one in members])
    return [
        SimpleNamespace(
            id=one.user.id,
            name=one.user.get_full_name(),
            email=one.user.email,
            initials=shell.initials(one.user.get_full_name()),
            role=one.custom_role.name if one.custom_role else shell.ROLES[one.role],
            rule=rule_of(one),
            lead=one.lead.get_full_name() if one.lead else "",
            clients=len(assigned.get(one.user.id, ()) or portal.get(one.user.id, ())),
            limit=of_people.get(one.user.id) or of_roles.get(one.role),
            seen=timeline.moment(seen[one.user.id], visit) if one.user.id in seen else "",
            is_me=one.user.id == visit.by.user_id,
        )
        for one in members
    ]


def rule_of(member: Membership) -> Any:
    """Which rows somebody sees, in words."""
    return rolewords.RULES[rule_code(member)]


def rule_code(member: Membership) -> str:
    """Which rows somebody sees."""
    return member.custom_role.row_rule if member.custom_role else ROW_RULES[member.role]


def invited(one: Invitation, visit: Visit) -> SimpleNamespace:
    """An invitation as the list shows it."""
    return SimpleNamespace(
        id=one.id,
        email=one.email,
        name=one.name,
        role=one.custom_role.name if one.custom_role else shell.ROLES[one.role],
        sent=timeline.moment(one.asked_at, visit),
        is_over=one.asked_at + VALID_FOR <= visit.now,
    )


@page("settings", "member.edit", methods="POST")
def invitation_resend(request: HttpRequest, visit: Visit, invitation_id: UUID) -> HttpResponse:
    """Mail the link once more."""
    one = identity.resend_invitation(invitation_id, by=visit.by, at=visit.now)
    mail(one.id, request, visit)
    messages.success(request, _("The invitation goes to %(to)s again.") % {"to": one.email})
    return redirect("web:settings_team")


@page("settings", "member.edit", methods="POST")
def invitation_withdraw(request: HttpRequest, visit: Visit, invitation_id: UUID) -> HttpResponse:
    """The link works no more."""
    identity.withdraw_invitation(invitation_id, by=visit.by, at=visit.now)
    messages.success(request, _("The invitation is taken back."))
    return redirect("web:settings_team")


@page("settings", "member.view")
@proved
def member(request: HttpRequest, visit: Visit, user_id: UUID) -> HttpResponse:
    """One member: role, team, limit and clients; POST saves."""
    one = the_member(user_id, visit)
    if request.method == "POST":
        visit.by.require("member.edit")
        form = member_form(one, visit, post=request.POST)
        if form.is_valid() and saved(one, form, request, visit):
            messages.success(request, _("Saved."))
            return redirect("web:settings_member", user_id)
    else:
        form = member_form(one, visit)
    return panel(
        request,
        visit,
        PAGE,
        template="member",
        form=form,
        is_refused=bool(form.errors),
        person=SimpleNamespace(
            id=one.user.id,
            name=one.user.get_full_name(),
            email=one.user.email,
            is_me=one.user.id == visit.by.user_id,
            rule=rule_of(one),
        ),
        picks=picks(one, request, visit),
    )


def the_member(user_id: UUID, visit: Visit) -> Membership:
    """An active member of that id. Raises NotFound."""
    for one in identities.list_members(visit.by.organization_id):
        if one.user.id == user_id and one.is_active:
            return one
    raise NotFound(_("There is no such member."))


def member_form(one: Membership, visit: Visit, *, post: Any = None) -> MemberForm:
    """The form of a member."""
    of_roles, of_people = approvals.limits(visit.by.organization_id)
    limit = of_people.get(one.user.id)
    others = [
        (str(other.user.id), other.user.get_full_name())
        for other in identities.list_members(visit.by.organization_id)
        if other.is_active and other.user.id != one.user.id
    ]
    given = of_roles.get(one.role)
    form = MemberForm(
        post,
        initial={
            "role": str(one.custom_role.id) if one.custom_role else one.role,
            "lead": str(one.lead.id) if one.lead else "",
            "limit": typed.shown(limit) if limit is not None else "",
        },
        choices={"role": role_pairs(visit), "lead": [("", _("Nobody")), *others]},
    )
    if given is not None:
        words = _("Empty: what the role has, %(limit)s.")
        form.fields["limit"].help_text = words % {"limit": typed.shown(given)}
    return form


def saved(one: Membership, form: MemberForm, request: HttpRequest, visit: Visit) -> bool:
    """Save what was posted of a member; faults go to the form."""
    given = form.cleaned_data
    by, user_id = visit.by, one.user.id
    try:
        limit = money_of(given["limit"], visit)
        with visit.reading():  # one transaction: all of it or nothing
            identity.set_role(user_id, by=by, role=given["role"])
            lead_id = UUID(given["lead"]) if given["lead"] else None
            identity.set_lead(user_id, by=by, lead_id=lead_id)
            workflow.set_limit(by=by, user_id=user_id, amount=limit)
            if "shown" in request.POST:
                assign(user_id, request, visit, at=visit.now)
    except (ValueError, ArithmeticError):
        form.add_error("limit", _("Enter an amount, for example 1,250.00."))
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {"": "role"})
    return not form.errors


def money_of(text: str, visit: Visit) -> Money | None:
    """A limit in the base currency; None where nothing is typed."""
    base = visit.organization.base_currency
    return Money.of(typed.number(text), base) if text.strip() else None


def assign(user_id: UUID, request: HttpRequest, visit: Visit, *, at: datetime) -> None:
    """Of the clients that the page showed those with a tick; others stay as they are."""
    one = the_member(user_id, visit)
    is_portal = one.role == "client"
    known = clients.portal_people if is_portal else clients.assigned
    before = known(visit.by.organization_id).get(user_id, [])
    shown = ids_of(request.POST.getlist("shown"))
    ticked = ids_of(request.POST.getlist("client"))
    wanted = [one for one in before if one not in shown] + ticked
    change = parties.open_portal if is_portal else parties.assign_clients
    change(user_id, by=visit.by, partner_ids=wanted, at=at)


def ids_of(texts: list[str]) -> list[UUID]:
    """The ids among some texts."""
    found = []
    for text in texts[: 2 * MOST_CLIENTS]:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def picks(one: Membership, request: HttpRequest, visit: Visit) -> SimpleNamespace | None:
    """The clients to choose from: those chosen, and those that a search finds; None where the role
    sees all anyway."""
    rule = rule_code(one)
    if rule not in {"assigned", "team", "portal"}:
        return None
    is_portal = rule == "portal"
    of = visit.by.organization_id
    known = (clients.portal_people if is_portal else clients.assigned)(of).get(one.user.id, [])
    q = request.GET.get("q", "").strip()[:100]
    with visit.reading():
        found = list(clients.list_partners(of, side="customer", q=q)[:MOST_CLIENTS])
        chosen = clients.names_of(of, known[:MOST_CLIENTS])
    names = {**chosen, **{row.id: row.name for row in found}}
    rows = sorted(names.items(), key=lambda row: (row[0] not in known, row[1].lower()))
    return SimpleNamespace(
        is_portal=is_portal,
        q=q,
        rows=[
            SimpleNamespace(id=id_, name=name, ticked=id_ in known)
            for id_, name in rows[: 2 * MOST_CLIENTS]
        ],
        count=len(known),
    )


@page("settings", "member.edit", methods="POST")
@proved
def member_remove(request: HttpRequest, visit: Visit, user_id: UUID) -> HttpResponse:
    """End a membership; the person's next request is refused."""
    one = the_member(user_id, visit)
    identity.remove_member(user_id, by=visit.by)
    who = one.user.get_full_name()
    messages.success(request, _("%(who)s does not belong here any more.") % {"who": who})
    return redirect("web:settings_team")
