"""Settings of roles: the table of who may do what, and roles of the organization's own."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.faces.web import shell, typed
from guilder.faces.web.door import page
from guilder.faces.web.session.proving import proved
from guilder.faces.web.settings import rolewords
from guilder.faces.web.settings.forms import NewRoleForm, RoleForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import CustomRole
from guilder.foundation.identity.operations.roles import BASES
from guilder.foundation.identity.permissions import OWN_ONLY, PERMISSIONS, ROW_RULES, TABLE
from guilder.foundation.identity.queries import grantable
from guilder.kernel.errors import Conflict, Invalid

PAGE = "settings_roles"
RULES = ("all", "team", "assigned", "own")


@page("settings", "member.view")
@proved
def roles(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The table, and the organization's own roles; POST begins a new one."""
    pairs = [(role, shell.ROLES[role]) for role in shell.ROLES if role in BASES]
    form = NewRoleForm(
        request.POST or None, initial={"based_on": "agent"}, choices={"based_on": pairs}
    )
    if request.method == "POST" and form.is_valid():
        try:
            role = begun(form.cleaned_data, visit)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "name"})
        else:
            return redirect("web:settings_role", role.id)
    own = identities.list_roles(visit.by.organization_id)
    return panel(
        request,
        visit,
        PAGE,
        form=form,
        is_refused=bool(form.errors),
        matrix=rolewords.matrix(own),
        own=[
            SimpleNamespace(
                id=one.id,
                name=one.name,
                based_on=shell.ROLES[one.based_on],
                rule=rolewords.RULES[one.row_rule],
                count=len(one.permissions),
            )
            for one in own
        ],
    )


def begun(given: dict[str, str], visit: Visit) -> CustomRole:
    """A role that holds what the one it is based on does, as far as it may."""
    base = given["based_on"]
    rule = ROW_RULES.get(base, "own")
    held = PERMISSIONS.get(base, frozenset()) & grantable(rule)
    return identity.create_role(
        by=visit.by,
        name=given["name"],
        based_on=base,
        permissions=held,
        own=OWN_ONLY.get(base, frozenset()) & held,
        row_rule=rule,
    )


@page("settings", "member.view")
@proved
def role(request: HttpRequest, visit: Visit, role_id: UUID) -> HttpResponse:
    """One role of the organization's: what it holds, and for which rows; POST saves."""
    one = identities.get_role(role_id, by=visit.by)
    form = role_form(one, post=request.POST if request.method == "POST" else None)
    held, own = set(one.permissions), set(one.own)
    if request.method == "POST" and form.is_valid():
        held, own = levels_of(request.POST)
        if saved(one, form, held, own, visit):
            messages.success(request, _("The role is saved; it holds from the next click on."))
            return redirect("web:settings_role", role_id)
    holders = [
        row.user.get_full_name()
        for row in identities.list_members(visit.by.organization_id)
        if row.is_active and row.custom_role and row.custom_role.id == role_id
    ]
    return panel(
        request,
        visit,
        PAGE,
        template="role",
        form=form,
        is_refused=bool(form.errors),
        role=SimpleNamespace(id=one.id, name=one.name, based_on=shell.ROLES[one.based_on]),
        holders=holders,
        groups=editable(held, own),
    )


def saved(one: CustomRole, form: RoleForm, held: set[str], own: set[str], visit: Visit) -> bool:
    """Save what was posted of a role; faults go to the form."""
    given = form.cleaned_data
    try:
        identity.update_role(
            one.id,
            by=visit.by,
            name=given["name"],
            permissions=held,
            own=own,
            row_rule=given["row_rule"],
            version=typed.version(given["version"]),
        )
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {"": "name", "/permissions": "name", "/own": "name"})
    return not form.errors


def role_form(one: CustomRole, *, post: Mapping[str, Any] | None) -> RoleForm:
    """The form of a role."""
    pairs = [(rule, str(rolewords.RULES[rule])) for rule in RULES]
    initial = {"name": one.name, "row_rule": one.row_rule, "version": str(one.version)}
    return RoleForm(post, initial=initial, choices={"row_rule": pairs})


def levels_of(post: Any) -> tuple[set[str], set[str]]:
    """(what is held, what of it for own things only) of the posted table."""
    held, own = set(), set()
    for name in TABLE:
        level = post.get(f"level-{name}", "")
        if level in {"all", "own"}:
            held.add(name)
        if level == "own":
            own.add(name)
    return held, own


def editable(held: set[str], own: set[str]) -> list[SimpleNamespace]:
    """The table as it is edited: what an own role may hold at all."""
    names = [name for name in TABLE if name in grantable("all")]
    return [
        SimpleNamespace(
            label=label,
            rows=[
                SimpleNamespace(
                    name=name,
                    label=rolewords.act_words(name),
                    level=rolewords.level_of(held, own, name),
                    has_own=name in HAS_OWN,
                    only_whole=name not in grantable("own"),
                )
                for name in members
            ],
        )
        for label, members in rolewords.groups(names)
    ]


HAS_OWN = frozenset(name for held in OWN_ONLY.values() for name in held)


@page("settings", "member.edit", methods="POST")
@proved
def role_delete(request: HttpRequest, visit: Visit, role_id: UUID) -> HttpResponse:
    """Delete a role that nobody has."""
    identity.delete_role(role_id, by=visit.by)
    messages.success(request, _("The role is gone."))
    return redirect("web:settings_roles")
