"""The door of the API: every request passes here, once, in the same order.

Who asks → how often → seen before? → read the body → one transaction around the operation and the
stored answer → the answer. An error on the way undoes everything and becomes a problem.
"""

import logging
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from guilder.faces.rest import auth, noting, problems
from guilder.faces.rest.decode import Unreadable, read_object
from guilder.faces.rest.routes import OPEN, SIGNED_IN, Call, Route
from guilder.foundation.edges import idempotency
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import GuilderError, Unavailable

log = logging.getLogger("guilder.rest")
encoder = msgspec.json.Encoder(decimal_format="string", enc_hook=str)
VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')
VARY = ("Authorization", "Cookie", "Guilder-Organization")
JSON_TYPES = ("application/json", "")


TROUBLE = (OperationalError, psycopg.OperationalError)


class Busy(Unavailable):
    """The database did not answer in time."""

    code = "server.busy"


def view_of(routes: dict[str, Route]) -> Callable[..., HttpResponse]:
    """The Django view of one path: method → route."""

    @csrf_exempt  # auth.sign_in checks the token wherever a cookie speaks for somebody
    def view(request: HttpRequest, **path: Any) -> HttpResponse:
        request_id = getattr(request, "request_id", "")
        began = time.perf_counter_ns()
        try:
            answer = answered(request, routes, path)
        except GuilderError as error:
            answer = problems.problem_of(error, request_id=request_id, instance=request.path)
        except TROUBLE:
            log.exception("database trouble", extra={"request_id": request_id})
            answer = problems.problem_of(
                Busy("The database is busy. Try again in a moment; nothing was saved."),
                request_id=request_id,
                instance=request.path,
            )
        except Exception:
            log.exception("request failed", extra={"request_id": request_id})
            answer = problems.crashed(request_id=request_id, instance=request.path)
        noting.note(request, answer, routes, began=began)
        return finished(answer, routes)

    return view


def finished(answer: HttpResponse, routes: dict[str, Route]) -> HttpResponse:
    """Headers that every answer has."""
    answer.headers.setdefault("Cache-Control", "no-store")
    patch_vary_headers(answer, VARY)  # type: ignore[arg-type]  (the stub forgot the rest)
    if answer.status_code == 405:
        answer["Allow"] = ", ".join(sorted(routes))
    return answer


def answered(request: HttpRequest, routes: dict[str, Route], path: dict[str, Any]) -> HttpResponse:
    """The answer of a request's route; raises the errors of the house."""
    method = "GET" if request.method == "HEAD" else request.method or "GET"
    route = routes.get(method)
    signed = signed_in(request, route)
    request.signed = signed  # type: ignore[attr-defined]  (for the log of calls)
    if route is None:
        raise problems.NoSuchMethod(f"Use one of: {', '.join(sorted(routes))}.")
    if route.permission not in {OPEN, SIGNED_IN}:
        signed.actor.require(route.permission)
    body = body_of(request, route)
    call = call_of(request, signed, path=path, body=body)
    if route.before is not None:
        route.before(call)
    if route.permission == OPEN or route.is_bare:
        answer = encoded(route, route.handler(call), call)
    else:
        answer = once(request, route, call)
    for name, value in signed.headers.items():
        answer[name] = value
    return answer


def signed_in(request: HttpRequest, route: Route | None) -> auth.Signed:
    """Who asks. The first statement of a request stands in for a check of the connection: when the
    database was started anew meanwhile, nothing is done yet and it is asked once more."""
    connections["default"].health_check_done = True  # type: ignore[attr-defined]
    try:
        return auth.sign_in(request, route)
    except TROUBLE:
        connections["default"].close()
        return auth.sign_in(request, route)


def body_of(request: HttpRequest, route: Route) -> dict[str, Any]:
    """The JSON object that was sent, where the method carries one."""
    if not route.changes or request.method == "DELETE":
        return {}
    if route.media_type == "application/octet-stream":
        return {}
    if (request.content_type or "") not in JSON_TYPES and request.headers.get("Content-Length"):
        raise Unreadable("Send the body as application/json.")
    try:
        return read_object(request.body)
    except RequestDataTooBig:
        raise Unreadable("The request is too large. Send less at once.") from None


def call_of(
    request: HttpRequest, signed: auth.Signed, *, path: dict[str, Any], body: dict[str, Any]
) -> Call:
    """The request as handlers see it. The clock comes in here."""
    at = datetime.now(UTC)
    return Call(
        request=request,
        by=signed.actor,
        path=path,
        body=body,
        at=at,
        today=at.astimezone(ZoneInfo(signed.time_zone)).date(),
        version=version_of(request.headers.get("If-Match", "")),
    )


def version_of(given: str) -> int | None:
    """The version in an If-Match; `*` and none match any."""
    if given in {"", "*"}:
        return None
    found = VERSION.fullmatch(given.strip())
    return int(found[1]) if found else -1  # never equal: the race counts as lost


def once(request: HttpRequest, route: Route, call: Call) -> HttpResponse:
    """The route's work in one transaction; with an Idempotency-Key at most once."""
    key = request.headers.get("Idempotency-Key") if route.method == "POST" else None
    if key is None:
        with transaction(call.by.organization_id):
            return encoded(route, route.handler(call), call)
    claim = idempotency.begin(
        call.by.organization_id,
        key,
        method=route.method,
        route=route.path,
        fingerprint=idempotency.fingerprint(
            method=route.method,
            path=request.get_full_path(),
            body=request.body,
            who=call.by.key_id or call.by.user_id,
        ),
    )
    if isinstance(claim, idempotency.Answer):
        return replayed(claim)
    try:
        with transaction(call.by.organization_id):
            answer = encoded(route, route.handler(call), call)
            kept = {name: answer.headers[name] for name in KEPT if name in answer.headers}
            idempotency.finish(claim, status=answer.status_code, body=answer.content, headers=kept)
            return answer
    except BaseException:
        idempotency.release(claim)
        raise


KEPT = ("Content-Type", "ETag", "Location", "Content-Disposition")


def replayed(stored: idempotency.Answer) -> HttpResponse:
    """The answer that was given the first time."""
    answer = HttpResponse(stored.body, status=stored.status)
    for name, value in stored.headers.items():
        answer[name] = value
    answer["Idempotent-Replayed"] = "true"
    return answer


def encoded(route: Route, result: Any, call: Call) -> HttpResponse:
    """The handler's result as an answer; an `etag` in it becomes the header too."""
    if isinstance(result, HttpResponse):
        return result
    if result is None:
        return HttpResponse(status=204)
    answer = HttpResponse(
        encoder.encode(result), status=route.status, content_type="application/json"
    )
    etag = getattr(result, "etag", "").strip('"')
    if etag:
        answer["ETag"] = f'"{etag}"'
        if route.method == "GET" and call.request.headers.get("If-None-Match") == f'"{etag}"':
            answer = HttpResponse(status=304, headers={"ETag": f'"{etag}"'})
    for name, value in call.headers.items():
        answer[name] = value
    return answer
