"""Keeping lists as people want to see them again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from guilder.office.desk.events import ViewChanged
from guilder.office.desk.models import SavedView
from guilder.office.desk.queries import NoSuchView, require_person

TABLE = "desk_savedview"
LONGEST_NAME = 60
LONGEST_QUERY = 2000
MOST_COLUMNS = 40


class ViewExists(Conflict):
    """The person has a view of that name."""

    code = "desk.view_exists"


class BadView(Invalid):
    """The view lacks a name, or is too long."""

    code = "desk.bad_view"


def save_view(*, by: Actor, data: Mapping[str, Any], at: datetime) -> SavedView:
    """Keep a list under a name. `data`: kind, name, query, columns, is_shared.

    Raises BadView, ViewExists; sharing needs “view.share”.
    """
    user_id = require_person(by)
    columns = read(data)
    require_sharing(by, columns["is_shared"])
    kind = str(data.get("kind", ""))[:30]
    with transaction(by.organization_id):
        refuse_taken(by, user_id, kind, columns["name"])
        last = SavedView.objects.of(by.organization_id).filter(kind=kind).count()
        view = SavedView.objects.create(
            organization_id=by.organization_id,
            user_id=user_id,
            kind=kind,
            position=min(last, 30_000),
            created_at=at,
            updated_at=at,
            **columns,
        )
        return told(view, by=by, action="view.create", before=None)


def update_view(view_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime) -> SavedView:
    """Change what `data` names of an own view (an admin: of any shared one)."""
    require_person(by)
    with transaction(by.organization_id):
        view = locked(view_id, by=by)
        before = audited(view)
        columns = read({**before, **data})
        if columns["is_shared"] and not view.is_shared:
            require_sharing(by, True)
        if columns["name"] != view.name:
            refuse_taken(by, view.user_id, view.kind, columns["name"])
        for name, value in columns.items():
            setattr(view, name, value)
        view.updated_at = at
        view.save()
        return told(view, by=by, action="view.update", before=before)


def delete_view(view_id: UUID, *, by: Actor) -> None:
    """Forget an own view (an admin: any shared one). Raises NoSuchView."""
    require_person(by)
    with transaction(by.organization_id):
        view = locked(view_id, by=by)
        before = audited(view)
        SavedView.objects.of(by.organization_id).filter(id=view.id).delete()
        told(view, by=by, action="view.delete", before=before, is_gone=True)


def order_views(kind: str, view_ids: Sequence[UUID], *, by: Actor) -> None:
    """Put a person's own views of a list into this order; unknown ids are passed over."""
    user_id = require_person(by)
    with transaction(by.organization_id):
        rows = SavedView.objects.of(by.organization_id).filter(kind=kind, user_id=user_id)
        views = {view.id: view for view in rows.lock()}
        wanted = [views[one] for one in view_ids if one in views]
        for position, view in enumerate(wanted):
            view.position = position
        SavedView.objects.bulk_update(wanted, ["position"])


def read(data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a view from raw values. Raises BadView."""
    name, query = str(data.get("name", "")).strip(), str(data.get("query", "")).lstrip("?")
    if not name:
        raise BadView(problems=[Problem("/name", "required", "Give the view a name.")])
    if len(name) > LONGEST_NAME:
        words = f"Keep the name to {LONGEST_NAME} characters."
        raise BadView(problems=[Problem("/name", "too_long", words)])
    if len(query) > LONGEST_QUERY:
        raise BadView(problems=[Problem("/query", "too_long", "This filter is too long to keep.")])
    return {
        "name": name,
        "query": query,
        "columns": [str(one)[:30] for one in data.get("columns") or ()][:MOST_COLUMNS],
        "is_shared": bool(data.get("is_shared")),
    }


def require_sharing(by: Actor, is_shared: bool) -> None:
    """That a view may be shared with everybody."""
    if is_shared:
        by.require("view.share")


def refuse_taken(by: Actor, user_id: UUID, kind: str, name: str) -> None:
    """Raise ViewExists when the person has a view of that name."""
    rows = SavedView.objects.of(by.organization_id)
    if rows.filter(user_id=user_id, kind=kind, name=name).exists():
        raise ViewExists(f"You have a view “{name}” already. Choose another name.")


def locked(view_id: UUID, *, by: Actor) -> SavedView:
    """The row, held. Raises NoSuchView; NotAllowed for somebody else's shared view."""
    view = SavedView.objects.of(by.organization_id).lock().filter(id=view_id).first()
    if view is None or not (view.is_shared or view.user_id == by.user_id):
        raise NoSuchView("There is no such view.")
    if view.user_id != by.user_id and not by.may("member.edit"):
        raise NotAllowed("Only who made this view, or an admin, may change it.")
    return view


def audited(view: SavedView) -> dict[str, Any]:
    """What the trail keeps of a view."""
    return {
        "kind": view.kind,
        "name": view.name,
        "query": view.query,
        "columns": list(view.columns),
        "is_shared": view.is_shared,
    }


def told(
    view: SavedView, *, by: Actor, action: str, before: dict[str, Any] | None, is_gone: bool = False
) -> SavedView:
    """Write it down and tell of it."""
    audit.record(
        by=by,
        action=action,
        table=TABLE,
        row_id=view.id,
        before=before,
        after=None if is_gone else audited(view),
    )
    event = ViewChanged(
        view_id=view.id, user_id=view.user_id, kind=view.kind, is_shared=view.is_shared
    )
    bus.publish(event, by=by)
    return view
