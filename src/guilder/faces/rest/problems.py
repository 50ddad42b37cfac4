"""Errors as RFC 9457 problems: the one place where the five kinds become statuses."""

from typing import Any

import msgspec
from django.http import HttpResponse

from guilder.faces.rest.decode import Unreadable
from guilder.foundation.edges.throttle import TooManyRequests
from guilder.foundation.identity.queries import NotSignedIn
from guilder.kernel.errors import (
    Conflict,
    GuilderError,
    Invalid,
    NotAllowed,
    NotFound,
    Stale,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
DOCS = "/docs/errors/"


class NoSuchMethod(GuilderError):
    """The address exists, the method does not (HTTP 405)."""

    code = "request.method_not_allowed"


# The first that fits, from the special to the general.
STATUS: tuple[tuple[type[GuilderError], int, str], ...] = (
    (Unreadable, 400, "The request cannot be read"),
    (NotSignedIn, 401, "Sign in first"),
    (NotAllowed, 403, "This is not allowed"),
    (NotFound, 404, "There is no such thing"),
    (NoSuchMethod, 405, "This method is not supported here"),
    (Stale, 412, "It was changed in the meantime"),
    (Conflict, 409, "Its state forbids this"),
    (TooManyRequests, 429, "Too many requests"),
    (Invalid, 422, "Some fields need a change"),
    (Unavailable, 503, "Something outside does not answer"),
)


def status_of(error: GuilderError) -> tuple[int, str]:
    """(HTTP status, title) of an error."""
    for kind, status, title in STATUS:
        if isinstance(error, kind):
            return status, title
    return 500, "Something went wrong"


def problem(
    *,
    status: int,
    title: str,
    code: str,
    detail: str,
    request_id: str,
    instance: str,
    errors: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """One answer in the shape of RFC 9457."""
    content = {
        "type": f"{DOCS}#{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "instance": instance,
        "request_id": request_id,
        "errors": errors or [],
    }
    return HttpResponse(msgspec.json.encode(content), status=status, content_type=MEDIA_TYPE)


def problem_of(error: GuilderError, *, request_id: str, instance: str) -> HttpResponse:
    """The answer to an error of the house."""
    status, title = status_of(error)
    faults = [
        {"pointer": f"#{fault.pointer}", "code": fault.code, "detail": fault.detail}
        for fault in error.problems
    ]
    detail = error.detail
    if len(faults) > 1:
        detail = f"{len(faults)} fields need a change. Nothing was saved."
    answer = problem(
        status=status,
        title=title,
        code=error.code,
        detail=detail,
        request_id=request_id,
        instance=instance,
        errors=faults,
    )
    retry_after = getattr(error, "retry_after", None)
    if status == 503:
        retry_after = retry_after or 5
    if retry_after:
        answer["Retry-After"] = str(retry_after)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="guilder"'
    verdict = getattr(error, "verdict", None)
    for name, value in (verdict.headers() if verdict else {}).items():
        answer[name] = value
    return answer


def crashed(*, request_id: str, instance: str) -> HttpResponse:
    """The last resort: nothing of the fault is told, only the reference to find it by."""
    return problem(
        status=500,
        title="Something went wrong",
        code="server.error",
        detail=f"The request failed and nothing was saved. Reference {request_id}.",
        request_id=request_id,
        instance=instance,
    )
