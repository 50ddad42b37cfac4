"""How long a session lasts: renewed by use, at most once in a while, and said to the page."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from guilder.foundation.identity import operations as identity

SEEN_EVERY = 300  # seconds between two notes that a browser is in use
RENEWED = "renewed"  # the session's key: seconds since 1970
STEPS = 20  # a session is written anew after this part of its length


def length() -> timedelta:
    """How long a session lasts without use."""
    return timedelta(seconds=settings.SESSION_COOKIE_AGE)


_seen: dict[str, float] = {}


def see(request: HttpRequest, *, at: datetime) -> None:
    """Note now and then that a browser that somebody signed in with is in use."""
    key = request.session.session_key
    if not key or "proved_at" not in request.session:
        return
    last = _seen.get(key) or int(request.session["proved_at"])
    if at.timestamp() - last < SEEN_EVERY:
        return
    if len(_seen) > 10_000:
        _seen.clear()
    _seen[key] = at.timestamp()
    identity.see_browser(key, address=str(request.META.get("REMOTE_ADDR", "")))


def renew(request: HttpRequest, *, at: datetime, now: bool = False) -> None:
    """Let the session last its full length from `at` on; often enough, or `now`."""
    see(request, at=at)
    last = request.session.get(RENEWED)
    due = last is None or at.timestamp() - last >= length().total_seconds() / STEPS
    if due or now:
        request.session[RENEWED] = int(at.timestamp())


def ends_at(request: HttpRequest) -> int:
    """When the session ends unless it is used: milliseconds since 1970, 0 where it is not known."""
    last = request.session.get(RENEWED)
    if last is None:
        return 0
    return int((datetime.fromtimestamp(last, UTC) + length()).timestamp() * 1000)
