"""Who comes to a page, by one statement: session, person, where they belong, and the count of it.

A session's data are sealed, so whose it is can be read in them only. This process remembers whose
the sessions were that it has seen, and asks for all at once; what comes is looked at as Django
does, and where it is not as remembered, the request takes Django's way.
"""

from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from guilder.foundation.identity import queries as identity

TROUBLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
MOST = 10_000  # sessions that a process remembers

_seen: dict[str, tuple[UUID, UUID]] = {}  # session → its user, and where they were last


def arrive(request: HttpRequest) -> identity.Arrival | None:
    """Who comes, put into the request as Django's middleware would have it; None where it finds
    out by itself, as for a session that this process has not seen."""
    session: Any = request.session
    key = session.session_key or ""
    seen = _seen.get(key)
    if seen is None or not isinstance(session, SessionStore) or hasattr(session, "_session_cache"):
        return None
    if connections["default"].in_atomic_block:
        return None
    found = asked(key, *seen)
    data = session.decode(found.session_data) if found else {}
    if found is None or not is_of(data, found.user):
        _seen.pop(key, None)
        return None
    session._session_cache = data  # type: ignore[attr-defined]
    request._cached_user = found.user  # type: ignore[attr-defined]
    return found


def asked(session: str, user_id: UUID, here: UUID) -> identity.Arrival | None:
    """The statement. It stands in for a check of the connection: where the database was started
    anew meanwhile, nothing is done yet and it is asked once more."""
    connection = connections["default"]
    connection.health_check_done = True  # type: ignore[attr-defined]
    at = timezone.now()
    try:
        return identity.arrive(session, user_id=user_id, here=here, at=at)
    except TROUBLE:
        connection.close()
        return identity.arrive(session, user_id=user_id, here=here, at=at)


def is_of(session: dict[str, Any], user: Any) -> bool:
    """Whether a session is this user's, signed in with the password that they have now."""
    return (
        session.get(SESSION_KEY) == str(user.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


def remember(request: HttpRequest, organization_id: UUID) -> None:
    """Note whose session it is and where they are, for the next time."""
    key = request.session.session_key
    if not key:
        return
    if len(_seen) >= MOST:
        _seen.clear()
    user: Any = request.user
    _seen[key] = (user.pk, organization_id)


def forget() -> None:
    """Remember no session."""
    _seen.clear()
