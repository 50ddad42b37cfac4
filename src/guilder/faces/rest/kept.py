"""Answers that are kept: while nothing of an organization changed, a read is not done twice.

A place is named by who asks, what they may see, what they asked and the organization's generation,
which every write raises in its own transaction; so a kept answer is never older than what was
committed when its asker signed in, and never anybody else's. What the cache forgets is read again.
"""

import hashlib
import logging
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils.translation import get_language

import guilder
from guilder.faces.rest.routes import Call, Route
from guilder.kernel.actor import Actor

LARGEST = 64 * 1024  # bytes of an answer that is worth keeping
RESTING = 5.0  # seconds for which a cache that does not answer is left alone

log = logging.getLogger("guilder.rest")
_rests_until = 0.0


def place_of(route: Route, call: Call, *, generation: int | None) -> str:
    """Where the answer to a call is kept; "" for one that never is."""
    if not route.is_kept or generation is None or settings.ANSWERS_KEPT_SECONDS <= 0:
        return ""
    asked = (
        guilder.__version__, generation, call.request.get_full_path(), call.today.isoformat(),
        get_language(), call.request.META.get("HTTP_HOST", ""), view_of(call.by),
    )  # fmt: skip
    mark = hashlib.blake2b(repr(asked).encode(), digest_size=20).hexdigest()
    return f"answer:{call.by.organization_id.hex}:{mark}"


def view_of(by: Actor) -> str:
    """Who asks and what they may see, as a mark."""
    return mark_of(
        str(by.user_id), str(by.key_id), by.role, by.row_rule, by.standing, by.permissions, by.own
    )


@lru_cache(maxsize=1024)
def mark_of(*parts: Any) -> str:
    """One mark of texts and sets of texts."""
    plain = [sorted(part) if isinstance(part, frozenset) else part for part in parts]
    return hashlib.blake2b(repr(plain).encode(), digest_size=16).hexdigest()


def find(place: str) -> HttpResponse | None:
    """The answer that is kept in a place."""
    if not place or time.monotonic() < _rests_until:
        return None
    try:
        found = cache.get(place)
    except Exception:
        leave_alone()
        return None
    if found is None:
        return None
    tag, content = found
    return HttpResponse(content, content_type="application/json", headers={"ETag": tag})


def keep(place: str, answer: HttpResponse) -> None:
    """Keep an answer, where it is a whole one of a fair size."""
    if not place or time.monotonic() < _rests_until:
        return
    if answer.status_code != 200 or len(answer.content) > LARGEST:
        return
    try:
        found = (answer["ETag"], answer.content)
        cache.set(place, found, timeout=settings.ANSWERS_KEPT_SECONDS)
    except Exception:
        leave_alone()


def leave_alone() -> None:
    """The cache has trouble: go on without it for a moment, and say so once."""
    global _rests_until
    _rests_until = time.monotonic() + RESTING
    log.warning("The cache does not answer; reads go on without it.", exc_info=True)
