"""Browsers that are signed in: noted, seen, and ended by their person."""

import logging
from collections.abc import Callable
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from guilder.foundation.identity.models import LoginSession, User
from guilder.foundation.identity.signing import BrowserSession
from guilder.kernel.errors import NotFound

logger = logging.getLogger("guilder.security")


class NoSuchSession(NotFound):
    """No session of that id among the person's own."""

    code = "identity.no_such_session"


def note_browser(
    user: User, *, key: str, method: str, address: str = "", agent: str = ""
) -> BrowserSession:
    """Somebody signed in with a browser."""
    User.objects.filter(id=user.id).update(last_login=Now())
    return BrowserSession.objects.create(
        user=user, key=key, method=method, address=address[:45], agent=agent[:300]
    )


def see_browser(key: str, *, address: str = "") -> None:
    """Note that a browser is in use; call it now and then, not at each request."""
    BrowserSession.objects.filter(key=key).update(seen_at=Now(), address=address[:45])


def move_browser(before: str, now: str) -> None:
    """The session of a browser has another key."""
    BrowserSession.objects.filter(key=before).update(key=now)


def end_session(session_id: UUID, *, user_id: UUID) -> None:
    """End one of a person's own sessions, of a browser or a program: its next request is refused.

    Raises NoSuchSession.
    """
    ended = LoginSession.objects.filter(id=session_id, user_id=user_id, revoked_at=None).update(
        revoked_at=Now(), revoked_because="signed_out"
    )
    found = BrowserSession.objects.filter(id=session_id, user_id=user_id).first()
    if found is not None:
        drop(found)
    elif not ended:
        raise NoSuchSession("This session has ended already.")
    logger.info("User %s ended session %s.", user_id, session_id)


def end_other_sessions(user_id: UUID, *, besides: str) -> int:
    """End all of a person's sessions but the browser's whose key is `besides`; gives how many."""
    programs = LoginSession.objects.filter(user_id=user_id, revoked_at=None).update(
        revoked_at=Now(), revoked_because="signed_out"
    )
    browsers = BrowserSession.objects.filter(user_id=user_id).exclude(key=besides)
    for one in list(browsers):
        drop(one)
        programs += 1
    return programs


def drop(session: BrowserSession) -> None:
    """End a browser's session, in the cache too where there is one."""
    store: Callable[[str], Session] = import_module(settings.SESSION_ENGINE).SessionStore
    store(session.key).delete()
    session.delete()


def forget_browser(key: str) -> None:
    """Somebody signed out."""
    BrowserSession.objects.filter(key=key).delete()


def forget_ended() -> int:
    """Delete what remains of sessions that are over; gives how many."""
    live = Session.objects.filter(expire_date__gt=Now()).values("session_key")
    return BrowserSession.objects.exclude(key__in=live).delete()[0]
