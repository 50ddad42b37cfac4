"""API keys: who has which, what they may, when they were last used; made, renewed, revoked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from guilder.faces.web import forms, typed
from guilder.faces.web.door import page
from guilder.faces.web.once import only_here
from guilder.faces.web.session.proving import proved
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import ROLES, Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.permissions import TABLE, permissions_of
from guilder.kernel.errors import Conflict, Invalid, NotAllowed

HERE = "developer_keys"
LIVES = {"30": 30, "90": 90, "365": 365, "": None}
KEEPS = {"0": 0, "1": 1, "24": 24, "168": 168}  # hours
THINGS = {
    "invoice": gettext_lazy("Invoices"),
    "quote": gettext_lazy("Quotes"),
    "partner": gettext_lazy("Clients and suppliers"),
    "item": gettext_lazy("Items"),
    "payment": gettext_lazy("Payments"),
    "refund": gettext_lazy("Refunds"),
    "tax": gettext_lazy("Taxes"),
    "currency": gettext_lazy("Exchange rates"),
    "series": gettext_lazy("Numbers"),
    "ledger": gettext_lazy("Ledger"),
    "report": gettext_lazy("Reports"),
    "document": gettext_lazy("Documents"),
    "event": gettext_lazy("Events"),
    "webhook": gettext_lazy("Webhooks"),
    "audit": gettext_lazy("Audit trail"),
    "settings": gettext_lazy("Settings"),
    "member": gettext_lazy("Team"),
    "key": gettext_lazy("API keys"),
    "export": gettext_lazy("Exports"),
    "import": gettext_lazy("Imports"),
}


class KeyForm(forms.PaperForm):
    """A new key."""

    name = forms.text(
        gettext_lazy("Name"), required=True, limit=100,
        hint=gettext_lazy("Which program uses it, such as Web shop."),
    )  # fmt: skip
    role = forms.choice(gettext_lazy("May do what this role may"))
    life = forms.choice(gettext_lazy("Works for"), required=False)
    plan = forms.text(
        gettext_lazy("Calls allowed"), limit=40,
        hint=gettext_lazy("Such as 5000/hour, or off for no limit; empty: as a person."),
    )  # fmt: skip


def key_form(visit: Visit, post: Any = None) -> KeyForm:
    """The form, with the roles that may do no more than the person."""
    roles = [
        (code, label)
        for code, label in ROLES.items()
        if code != "client" and permissions_of(code) <= visit.by.permissions
    ]
    lives = [
        ("90", _("90 days")), ("30", _("30 days")), ("365", _("A year")), ("", _("Until revoked")),
    ]  # fmt: skip
    form = KeyForm(
        post, choices={"role": roles, "life": lives}, initial={"role": visit.by.role, "life": "90"}
    )
    for thing, label in THINGS.items():
        form.fields[f"scope-{thing}"] = forms.choice(str(label), required=False)
        form.fields[f"scope-{thing}"].choices = scope_choices(thing)  # type: ignore[attr-defined]
    return form


def scope_choices(thing: str) -> list[tuple[str, str]]:
    """What a key may do with a thing."""
    readable = f"{thing}.view" in TABLE
    several = sum(name.startswith(f"{thing}.") for name in TABLE) > 1
    found = [("", _("Not named"))]
    found += [(f"{thing}.view", _("Read"))] if readable else []
    return [*found, (f"{thing}.*", _("Everything"))] if several or not readable else found


@page("settings", "key.view", methods="GET")
def keys(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All keys, and the form for a new one."""
    return drawn(request, visit, key_form(visit))


@page("settings", "key.edit", methods="POST")
@proved
def key_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make a key; its secret is shown on this answer only."""
    form = key_form(visit, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        days = LIVES.get(given["life"])
        scopes = tuple(given[f"scope-{thing}"] for thing in THINGS if given[f"scope-{thing}"])
        try:
            key, secret = identity.create_api_key(
                by=visit.by,
                name=given["name"],
                role=given["role"],
                scopes=scopes,
                plan=given["plan"],
                expires_at=None if days is None else visit.now + timedelta(days=days),
            )
        except (Invalid, Conflict, NotAllowed) as error:
            typed.refuse(form, error, {})
        else:
            return shown(request, visit, key, secret)
    return drawn(request, visit, form)


@page("settings", "key.edit", methods="POST")
@proved
def key_rotate(request: HttpRequest, visit: Visit, key_id: UUID) -> HttpResponse:
    """A new secret; the old key works for a while yet."""
    hours = KEEPS.get(request.POST.get("keep", "24"), 24)
    key, secret = identity.rotate_api_key(key_id, by=visit.by, keep_for=timedelta(hours=hours))
    return shown(request, visit, key, secret)


@page("settings", "key.edit", methods="POST")
@proved
def key_revoke(request: HttpRequest, visit: Visit, key_id: UUID) -> HttpResponse:
    """The key works no more."""
    identity.revoke_api_key(key_id, by=visit.by)
    messages.success(request, _("The key is revoked."))
    return redirect(f"web:{HERE}")


@sensitive_variables("secret")
def shown(request: HttpRequest, visit: Visit, key: Any, secret: str) -> HttpResponse:
    """The page with a new key's secret on top."""
    fresh = {"name": key.name, "secret": secret}
    return only_here(drawn(request, visit, key_form(visit), fresh=fresh))


def drawn(
    request: HttpRequest, visit: Visit, form: KeyForm, *, fresh: dict[str, str] | None = None
) -> HttpResponse:
    """The page."""
    rows = [row_of(one, visit) for one in identities.list_api_keys(visit.by.organization_id)]
    return panel(
        request,
        visit,
        HERE,
        form=form,
        scopes=[form[f"scope-{thing}"] for thing in THINGS],
        live=[row for row in rows if row["is_live"]],
        ended=[row for row in rows if not row["is_live"]],
        fresh=fresh,
        keeps=[
            ("24", _("a day")), ("1", _("an hour")), ("168", _("a week")), ("0", _("not at all")),
        ],
        is_refused=bool(form.errors),
    )  # fmt: skip


def row_of(key: Any, visit: Visit) -> dict[str, Any]:
    """A key as it is shown."""
    is_live = key.revoked_at is None and (key.expires_at is None or key.expires_at > visit.now)
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "role": ROLES.get(key.role, key.role),
        "scopes": ", ".join(key.scopes),
        "plan": plan_of(key),
        "created_at": key.created_at,
        "used_at": key.last_used_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "is_live": is_live,
    }


def plan_of(key: Any) -> str:
    """The key's own throttle in words; "" for a person's."""
    if key.plan_count is None:
        return ""
    if key.plan_count == 0:
        return _("no limit")
    return _("%(count)s calls in %(seconds)s s") % {
        "count": key.plan_count,
        "seconds": key.plan_seconds,
    }
