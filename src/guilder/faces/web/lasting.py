"""How long a session lasts: renewed by use, at most once in a while, and said to the page."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

RENEWED = "renewed"  # the session's key: seconds since 1970
STEPS = 20  # a session is written anew after this part of its length


def length() -> timedelta:
    """How long a session lasts without use."""
    return timedelta(seconds=settings.SESSION_COOKIE_AGE)


def renew(request: HttpRequest, *, at: datetime, now: bool = False) -> None:
    """Let the session last its full length from `at` on; often enough, or `now`."""
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
