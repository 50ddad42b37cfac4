"""Where somebody is in a list: view, filters, order, columns and page, all of it in the address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from guilder.faces.web.kept import unchanged
from guilder.faces.web.lists.table import Column, Table, Words
from guilder.faces.web.shell import Visit
from guilder.office.desk import queries as desk

DENSITIES = ("compact", "roomy")
OWN = ("q", "sort", "cols", "density", "cursor")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class View:
    """A tab: built in, or saved by somebody here."""

    key: str
    label: Words
    query: Mapping[str, str]
    counted: bool = True
    saved: bool = False
    mine: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A list as its address describes it. What the address leaves out, the view says; a part that
    stands there empty takes the view's away."""

    table: Table
    path: str
    views: Sequence[View]
    view: View
    given: Mapping[str, str]
    ids: tuple[UUID, ...] = ()
    without: tuple[UUID, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)  # of filters, asked for once

    def value(self, name: str) -> str:
        """One part, from the address or the view."""
        return self.given.get(name, self.view.query.get(name, ""))

    @property
    def q(self) -> str:
        """The words typed into the filter box."""
        return self.value("q").strip()[:100]

    @property
    def sort(self) -> str:
        """The order; the list's own where none that it has is asked for."""
        asked = self.value("sort")
        return asked if asked.removeprefix("-") in self.table.sorts else self.table.sort

    @property
    def density(self) -> str:
        """How high rows are: "", "compact" or "roomy"."""
        asked = self.value("density")
        return asked if asked in DENSITIES else ""

    @property
    def columns(self) -> list[Column]:
        """The columns in their order, fixed ones first."""
        known = {column.key: column for column in self.table.columns}
        asked = [known[key] for key in self.value("cols").split(",") if key in known]
        fixed = [column for column in self.table.columns if column.fixed]
        chosen = asked or [column for column in self.table.columns if column.shown]
        return fixed + [one for one in dict.fromkeys(chosen) if not one.fixed]

    def url(self, **changes: str) -> str:
        """This list's address with some parts changed; any change but of the page begins anew."""
        parts = dict(self.given)
        if "cursor" not in changes:
            parts.pop("cursor", None)
        parts.update(changes)
        # What the view says anyway is left out; what takes the view's away stays, empty.
        kept = [
            (name, value) for name, value in parts.items() if value != self.view.query.get(name, "")
        ]
        if self.view.key:
            kept.insert(0, ("view", self.view.key))
        return f"{self.path}?{urlencode(kept, safe=',:')}" if kept else self.path

    def query(self) -> str:
        """What finds the same rows elsewhere: no page, order or look."""
        url = self.url(sort="", cols="", density="", cursor="")
        return url.partition("?")[2]

    def whole_query(self) -> dict[str, str]:
        """Everything that a saved view keeps, the view's own parts among it."""
        names = {*self.view.query, *self.given} - {"cursor"}
        return {name: self.value(name) for name in sorted(names) if self.value(name)}

    def seen_as(self, view: View) -> "State":
        """The same list in another view."""
        return replace(self, view=view, given={})

    def only(self, ids: Iterable[UUID], without: Iterable[UUID] = ()) -> "State":
        """Some rows of it, or all but some."""
        return replace(self, ids=tuple(ids), without=tuple(without))


def state_of(request: HttpRequest, table: Table, visit: Visit) -> State:
    """The state that the address describes."""
    return state_from(request.GET, table, visit)


def state_from(asked: QueryDict, table: Table, visit: Visit) -> State:
    """The state that a query describes."""
    views = [*built_in(table), *saved(table, visit)]
    view = next((one for one in views if one.key == asked.get("view", "")), views[0])
    names = [*OWN, *(name for one in table.filters for name in one.params)]
    given = {
        name: ",".join(part for part in asked.getlist(name) if part)[:LONGEST]
        for name in names
        if name in asked
    }
    for one in table.filters:
        one.tidy(given, visit)
    if not view.query:  # nothing to take away
        given = {name: value for name, value in given.items() if value}
    return State(table=table, path=reverse(table.route), views=views, view=view, given=given)


def built_in(table: Table) -> list[View]:
    """The views that every organization has."""
    return [View(one.key, one.label, one.query, one.counted) for one in table.views]


def saved(table: Table, visit: Visit) -> list[View]:
    """The person's own views and the shared ones."""
    if visit.by.user_id is None or not visit.by.may("desk.view"):
        return []

    def read() -> list[View]:
        return [
            View(
                str(one.id),
                one.name,
                flat(QueryDict(one.query)),
                saved=True,
                mine=one.user_id == visit.by.user_id,
                shared=one.is_shared,
            )
            for one in desk.list_views(table.kind, by=visit.by)
        ]

    return unchanged(("views", table.kind), visit, read)


def flat(query: QueryDict) -> dict[str, Any]:
    """A query with one value each."""
    return {
        name: ",".join(part for part in values if part)
        for name, values in query.lists()
        if name not in ("cursor", "view")
    }
