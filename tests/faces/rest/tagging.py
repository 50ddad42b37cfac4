"""What the sweep asks of each route about its entity tags."""

import re
from uuid import UUID

from django.apps import apps
from django.db import connection

from guilder.faces.rest.routes import ROUTES, Route, reading_of
from guilder.foundation.tenancy.raising import raising_tables
from tests.faces.rest.speaking import Said, Speaker
from tests.faces.rest.test_budgets import is_around, statements
from tests.faces.rest.twins import Request, address_of

NEVER = '"r0123456789abcdef01234567"'
# What being asked moves by itself: the log of calls, and when a key or a person was last seen.
MOVING = {"calls/", "calls/{id}/", "users/", "users/{id}/", "users/me/", "keys/", "keys/{id}/"}
NAMED = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z_]+)"?', re.IGNORECASE)
# What these change is no part of an organization's data: nothing that is kept shows it.
ELSEWHERE = {"POST validations/", "PATCH users/me/", "POST auth/prove/", "POST webhooks/{id}/ping/",
             "POST organizations/"}  # fmt: skip
# The rightful request of the sweep finds nothing to do here.
AT_REST = {f"POST {name}/{{id}}/restore/" for name in ("items", "clients", "suppliers")} | {
    "POST bank-accounts/{id}/match/",
    "POST charges/{id}/check/",
    "POST method-setups/{id}/check/",
    "PATCH verifactu/",  # switched off where it is off
}
BY_PATH = {(route.method, route.path): route for route in ROUTES}


def said_with_tags(speaker: Speaker, method: str, path: str, request: Request) -> Said:
    """The rightful answer to a request, after its tags were tried."""
    route = BY_PATH[method, path]
    if method == "GET":
        return read_twice(speaker, route, request)
    if method in {"PUT", "PATCH", "DELETE"}:
        return write_late(speaker, route, request)
    return raising(speaker, route, request)


def read_twice(speaker: Speaker, route: Route, request: Request) -> Said:
    """A read has a tag; who sends it is told 304, who sends another one gets the whole."""
    with statements() as seen:
        first = ask(speaker, route, request)
    if route.is_kept:
        assert tables_in(seen) <= raising_tables(), "a write to these would not be noticed"
    if first.status == 200:
        tag = first.headers["ETag"]
        again = ask(speaker, route, request, If_None_Match=f'"other", W/{tag}')
        other = ask(speaker, route, request, If_None_Match=NEVER)
        if route.path not in MOVING:
            assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
        assert other.status == 200
    return first


def write_late(speaker: Speaker, route: Route, request: Request) -> Said:
    """An update refuses tags that never were and changes nothing; it takes the one that holds."""
    reading = reading_of(route)
    assert reading is not None, "what is changed can be read"
    held = ask(speaker, reading, Request(request.path))
    assert held.status == 200, held.body
    for late in ('"999999"', NEVER, '"nonsense"'):
        refused = ask(speaker, route, request, If_Match=late)
        assert (refused.status, refused.body["status"]) == (412, 412), late
    now = ask(speaker, reading, Request(request.path)).headers["ETag"]
    assert now == held.headers["ETag"] or route.path in MOVING
    return raising(speaker, route, request, If_Match=now)


def raising(speaker: Speaker, route: Route, request: Request, **headers: str) -> Said:
    """A write after which nothing that was read before is taken for new."""
    assert speaker.actor is not None
    before = generation_of(speaker.actor.organization_id)
    said = ask(speaker, route, request, **headers)
    if f"{route.method} {route.path}" not in ELSEWHERE | AT_REST:
        assert generation_of(speaker.actor.organization_id) > before
    return said


def generation_of(organization_id: UUID) -> int:
    """How often an organization's data were changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guilder_generation(%s)", [organization_id])
        return cursor.fetchone()[0]


def tables_in(seen: list[str]) -> set[str]:
    """The tables of ours that statements look into, those of signing in left out."""
    ours = {model._meta.db_table for model in apps.get_models()}
    return {
        name
        for statement in seen
        if not is_around(statement) and "guilder_generation" not in statement
        for name in NAMED.findall(statement)
    } & ours


def ask(speaker: Speaker, route: Route, request: Request, **headers: str) -> Said:
    """The answer of a route."""
    return speaker(route.method, address_of(route.path, request), request.body, **headers)
