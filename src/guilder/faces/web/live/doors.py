"""Who may listen: a session's person, in one of their organizations; looked at again and again."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie
from django.utils import timezone

from guilder.foundation.edges import throttle
from guilder.foundation.identity import queries as identity
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, NotAllowed

SCOPE = "live"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who listens, by which session; `mark` changes with what would end or change it."""

    by: Actor
    session_key: str
    mark: str


class NotListening(NotAllowed):
    """No session of a person came with the request, or it has ended (HTTP 401)."""

    code = "live.not_signed_in"


def admit(cookie: str, organization_id: UUID, *, is_new: bool = True) -> Visitor:
    """The visitor of a Cookie header. Runs in a thread of its own.

    Raises NotListening, NotAllowed, NoSuchMember, TooManyRequests.
    """
    close_old_connections()
    try:
        key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
        return visitor_of(key, organization_id, is_new=is_new)
    finally:
        close_old_connections()


def visitor_of(session_key: str, organization_id: UUID, *, is_new: bool) -> Visitor:
    """The visitor of a session."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user: Any = get_user(request) if session_key else None
    if user is None or not user.is_authenticated:
        raise NotListening("Sign in again.")
    if is_new:
        throttle.spend(SCOPE, str(user.pk))
    by = identity.actor_for(user.pk, organization_id, source="web")
    by.require("desk.view")
    return Visitor(
        by, session_key, identity.standing_mark(by.role, user.password, standing=by.standing)
    )


def ended(visitors: list[Visitor]) -> tuple[list[Visitor], dict[Visitor, Visitor]]:
    """Those whose session or membership has ended, and those who have other rights now, renewed.

    Two statements, however many there are.
    """
    close_old_connections()
    try:
        keys = {one.session_key for one in visitors}
        alive = set(
            Session.objects.filter(
                session_key__in=keys, expire_date__gt=timezone.now()
            ).values_list("session_key", flat=True)
        )
        marks = identity.standing_marks(
            {(one.by.user_id, one.by.organization_id) for one in visitors}
        )
        gone, changed = [], {}
        for one in visitors:
            mark = marks.get((one.by.user_id, one.by.organization_id))
            if one.session_key not in alive or mark is None:
                gone.append(one)
            elif mark != one.mark:
                renewed = renew(one)
                if renewed is None:
                    gone.append(one)
                else:
                    changed[one] = renewed
        return gone, changed
    finally:
        close_old_connections()


def renew(visitor: Visitor) -> Visitor | None:
    """The visitor with today's rights; None where the session does not hold any more."""
    try:
        return visitor_of(visitor.session_key, visitor.by.organization_id, is_new=False)
    except GuilderError:
        return None
