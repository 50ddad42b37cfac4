"""Entity tags: every read has one, who has it already is told so, and a lost race changes nothing.

A tag is `"<version>-<mark>"` where the thing has a version and `"r<mark>"` elsewhere; the mark is
of the very bytes, since an answer may change while its row does not (what is due today is overdue
tomorrow). A write that names a tag is held to the version where there is one.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from guilder.kernel.errors import Stale

MARK_BYTES = 12
VERSION = re.compile(r'(?:W/)?"?(\d{1,9})(?:-[0-9a-f]{24})?"?')
LISTED = re.compile(r'(?:W/)?("[^"]*")')
ANY = {"", "*"}


def tag_of(content: bytes, *, version: str = "") -> str:
    """The tag of an answer with these bytes, of a thing with this version ("" for none)."""
    mark = hashlib.blake2b(content, digest_size=MARK_BYTES).hexdigest()
    return f'"{version}-{mark}"' if version else f'"r{mark}"'


def version_in(result: Any) -> str:
    """The version that a thing shows of itself, as `etag` or `version`; "" where it has none."""
    return str(getattr(result, "etag", "") or getattr(result, "version", "")).strip('"')


def version_of(given: str) -> int | None:
    """The version in an If-Match; None where any will do, -1 where no version was ever so."""
    if given in ANY:
        return None
    found = VERSION.fullmatch(given.strip())
    return int(found[1]) if found else -1  # never equal: the race counts as lost


def settled(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer to a read with its tag, or 304 for who has it already (RFC 9110, 13.1.2)."""
    if answer.status_code != 200 or answer.streaming:
        return answer
    if "ETag" not in answer.headers:
        answer["ETag"] = tag_of(answer.content)
    if not is_known(request.headers.get("If-None-Match", ""), answer["ETag"]):
        return answer
    kept = {name: answer[name] for name in ("ETag", "Cache-Control") if name in answer.headers}
    return HttpResponse(status=304, headers=kept)


def is_known(given: str, tag: str) -> bool:
    """Whether an If-None-Match names a tag, compared weakly as reads are."""
    if not given:
        return False
    return given.strip() == "*" or tag in LISTED.findall(given)


def require_same(given: str, now: str) -> None:
    """Raise Stale unless an If-Match names what stands there now."""
    named, standing = VERSION.fullmatch(given.strip()), VERSION.fullmatch(now)
    if named and standing and named[1] == standing[1]:
        return
    if now not in LISTED.findall(given):
        raise lost()


def lost() -> Stale:
    """The error of who came second."""
    return Stale("It was changed in the meantime. Read it again; nothing was saved.")


@contextmanager
def losing_the_race() -> Iterator[None]:
    """Around a transaction of one view: what somebody else changed meanwhile raises Stale."""
    try:
        yield
    except (OperationalError, psycopg.OperationalError) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        if not isinstance(cause, psycopg.errors.SerializationFailure):
            raise
        raise lost() from None
