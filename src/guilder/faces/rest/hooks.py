"""Calls of payment services: counted, judged, stored, acknowledged; a job does the rest.

The address holds a secret of its own for each gateway, and the call is signed besides.
"""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from guilder.books.charging import operations as charging
from guilder.faces.rest import problems
from guilder.foundation.edges import throttle
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import GuilderError, Invalid, NotAllowed, NotFound, Unavailable

MOST = 1 << 20


@csrf_exempt  # a service has no session; its signature is judged
def hook(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """One call; what is refused is told no reason that could help to guess."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    who = throttle.who_at(request.META.get("REMOTE_ADDR", ""))
    try:
        throttle.spend("hook", who)
        return HttpResponse(received(request, kind, token, who=who), content_type="text/plain")
    except throttle.TooManyRequests as error:
        return refused(request, 429, error, headers=error.verdict.headers())
    except (NotAllowed, Invalid, NotFound) as error:
        return refused(request, 404 if isinstance(error, NotFound) else 400, error)
    except (Unavailable, RequestDataTooBig) as error:
        status = 503 if isinstance(error, Unavailable) else 413
        return refused(request, status, error)


def received(request: HttpRequest, kind: str, token: str, *, who: str) -> bytes:
    """Find the gateway by the address, then judge and store the call."""
    now = datetime.now(UTC)
    if int(request.headers.get("Content-Length") or 0) > MOST:
        raise RequestDataTooBig
    try:
        link = identities.find_access_token("hook", token, at=now)
    except identities.NoSuchToken:
        throttle.spend("secret", f"hook:{who}")
        raise
    by = identity.system_actor(link.organization_id, "api")  # type: ignore[attr-defined]
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = charging.Call(body=request.body, headers=headers, at=now)
    return charging.receive(link.target_id, kind=kind, call=call, by=by)


def refused(
    request: HttpRequest, status: int, error: Exception, *, headers: Any = None
) -> HttpResponse:
    """The refusal, without what was wrong with the signature."""
    code = error.code if isinstance(error, GuilderError) else "request.too_large"
    answer = problems.problem(
        status=status,
        title="This call is not taken",
        code=code,
        detail="Check address, secret and mode in the settings of the gateway.",
        request_id=getattr(request, "request_id", ""),
        instance="/hooks/",
    )
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer
