"""The door of the API: every request passes here, once, in the same order.

Who asks → how often → seen before? → read the body → one transaction around the operation and the
stored answer → the answer. An error on the way undoes everything and becomes a problem.
"""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from guilder.faces.rest import auth, kept, noting, problems, tags
from guilder.faces.rest.decode import Unreadable, read_object
from guilder.faces.rest.routes import OPEN, SIGNED_IN, AskFirst, Call, Route, reading_of
from guilder.foundation.edges import along, idempotency
from guilder.foundation.edges.late import Late, put_in
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import one_view, transaction
from guilder.kernel.errors import GuilderError, Unavailable

log = logging.getLogger("guilder.rest")
encoder = msgspec.json.Encoder(decimal_format="string", enc_hook=str)
VARY = ("Authorization", "Cookie", "Guilder-Organization")
JSON_TYPES = ("application/json", "")
LEASE_APART = timedelta(minutes=5)  # files are read and others are asked meanwhile


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
            connections["default"].close()  # it may be dead, and nobody else would notice
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

    view.is_door = True  # type: ignore[attr-defined]  (for the short way)
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
    with along.used_or_given_back(signed.pending):
        answer = answered_to(signed, request, route, routes, path)
    for name, value in signed.headers.items():
        answer[name] = value
    return answer


def answered_to(
    signed: auth.Signed,
    request: HttpRequest,
    route: Route | None,
    routes: dict[str, Route],
    path: dict[str, Any],
) -> HttpResponse:
    """The answer to somebody who is known."""
    if route is None:
        raise problems.NoSuchMethod(f"Use one of: {', '.join(sorted(routes))}.")
    if route.permission not in {OPEN, SIGNED_IN}:
        signed.actor.require(route.permission)
    body = body_of(request, route)
    call = call_of(request, signed, route, path=path, body=body)
    if route.before is not None:
        route.before(call)
    try:
        return read(route, call, signed) if route.method == "GET" else written(route, call)
    except AskFirst:
        route.asks(call)  # type: ignore[misc]  (only handlers of routes that have one raise it)
        call.was_asked = True
        return written(route, call)


def read(route: Route, call: Call, signed: auth.Signed) -> HttpResponse:
    """The answer to a read: the one that is kept, else the work; 304 where that will do."""
    place = kept.place_of(route, call, generation=signed.generation)
    answer = kept.find(place)
    if answer is None:
        answer = written(route, call)
        kept.keep(place, answer)
    return tags.settled(call.request, answer)


def written(route: Route, call: Call) -> HttpResponse:
    """The answer after the work was done."""
    key = call.request.headers.get("Idempotency-Key") if route.takes_key else None
    if not route.is_bare and route.permission != OPEN:
        return once(call.request, route, call, key=key)
    if key is not None:
        return once_apart(call.request, route, call, key=key)
    return encoded(route, route.handler(call), call)


def signed_in(request: HttpRequest, route: Route | None) -> auth.Signed:
    """Who asks. The first statement of a request stands in for a check of the connection: when the
    database was started anew meanwhile, nothing is done yet and it is asked once more. An open
    route asks nothing first, so there the connection is looked at."""
    if route is not None and route.permission == OPEN:
        connections["default"].close_if_health_check_failed()  # type: ignore[attr-defined]
    connections["default"].health_check_done = True  # type: ignore[attr-defined]
    wanting = auth.wanted(request, route)
    try:
        return auth.sign_in(request, route, wanting=wanting)
    except TROUBLE:
        connections["default"].close()
        return auth.sign_in(request, route, wanting=wanting)


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
    request: HttpRequest,
    signed: auth.Signed,
    route: Route,
    *,
    path: dict[str, Any],
    body: dict[str, Any],
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
        version=tags.version_of(request.headers.get("If-Match", "")),
        pending=signed.pending,
        founded=uuid7() if route.founds else None,
    )


def once(request: HttpRequest, route: Route, call: Call, *, key: str | None) -> HttpResponse:
    """The route's work in one transaction; with an Idempotency-Key at most once."""
    if key is None:
        with racing(route, call), transaction(call.within):
            return done(route, call)
    claim = claimed(request, route, call, key=key)
    if isinstance(claim, idempotency.Answer):
        return replayed(claim)
    call.late = late = Late()
    try:
        with racing(route, call), transaction(call.within):
            answer = done(route, call)
            keep(claim, answer, late=late)
        if late.is_left:
            answer.content = put_in(answer.content, late.told())  # type: ignore[assignment]
            tag_again(answer)
        return answer
    except BaseException:
        idempotency.release(claim)
        raise


def once_apart(request: HttpRequest, route: Route, call: Call, *, key: str) -> HttpResponse:
    """The work of a route that opens its own transactions, once: its answer is kept after it. What
    ends in between is done anew under the same key, and its operation knows what it did."""
    claim = claimed(request, route, call, key=key, lease=LEASE_APART)
    if isinstance(claim, idempotency.Answer):
        return replayed(claim)
    try:
        answer = encoded(route, route.handler(call), call)
        with transaction(call.within):
            keep(claim, answer)
    except BaseException:
        idempotency.release(claim)
        raise
    return answer


def keep(claim: idempotency.Claim, answer: HttpResponse, *, late: Late | None = None) -> None:
    """Keep the answer with the COMMIT of the open transaction."""
    idempotency.finish(
        claim,
        status=answer.status_code,
        body=answer.content,
        headers={name: answer.headers[name] for name in KEPT if name in answer.headers},
        late=late,
    )


def claimed(
    request: HttpRequest,
    route: Route,
    call: Call,
    *,
    key: str,
    lease: timedelta = idempotency.LEASE,
) -> idempotency.Claim | idempotency.Answer:
    """The right to do it once, or the answer that was given; from the sign-in where that asked."""
    if call.pending is not None and not call.pending.is_used:
        return along.settle(call.pending)
    return idempotency.begin(
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
        lease=lease,
    )


def racing(route: Route, call: Call) -> AbstractContextManager[Any]:
    """Around a write that names a tag which its handler does not look at itself: all of it sees one
    moment, and what others change meanwhile makes it fail."""
    if call.version is None or route.judges_version or reading_of(route) is None:
        return nullcontext()
    company = ExitStack()
    company.enter_context(tags.losing_the_race())
    company.enter_context(one_view())
    return company


def done(route: Route, call: Call) -> HttpResponse:
    """The handler's work; where it does not look at a tag itself, the door reads and compares."""
    reading = None if call.version is None or route.judges_version else reading_of(route)
    if reading is not None:
        if reading.permission != SIGNED_IN:
            call.by.require(reading.permission)
        seen = encoded(reading, reading.handler(replace(call, headers={})), call)
        tags.require_same(call.request.headers.get("If-Match", ""), seen["ETag"])
    return encoded(route, route.handler(call), call)


KEPT = ("Content-Type", "ETag", "Location", "Content-Disposition")


def tag_again(answer: HttpResponse) -> None:
    """The tag of an answer that got its last words after it was made."""
    if "ETag" in answer.headers:
        version = tags.version_of(answer["ETag"])
        answer["ETag"] = tags.tag_of(answer.content, version=str(version))


def replayed(stored: idempotency.Answer) -> HttpResponse:
    """The answer that was given the first time."""
    answer = HttpResponse(stored.body, status=stored.status)
    for name, value in stored.headers.items():
        answer[name] = value
    if stored.is_put_in:
        tag_again(answer)
    answer["Idempotent-Replayed"] = "true"
    return answer


def encoded(route: Route, result: Any, call: Call) -> HttpResponse:
    """The handler's result as an answer; an `etag` in it becomes the header too."""
    if isinstance(result, HttpResponse):
        return result
    if result is None:
        return HttpResponse(status=204)
    content = encoder.encode(result)
    answer = HttpResponse(content, status=route.status, content_type="application/json")
    version = tags.version_in(result)
    if version or route.method == "GET":
        answer["ETag"] = tags.tag_of(content, version=version)
    for name, value in call.headers.items():
        answer[name] = value
    return answer
