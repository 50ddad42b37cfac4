"""Telling the log of calls what was asked and answered: a moment in memory, nothing more."""

import time
from datetime import UTC, datetime

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from guilder.faces.rest.auth import Signed
from guilder.faces.rest.routes import Route
from guilder.foundation.tenancy.ids import uuid7
from guilder.office.calls import operations as calls

NO_ORGANIZATION = 0


class Coded(msgspec.Struct):
    """What is wanted of a problem."""

    code: str = ""


def note(
    request: HttpRequest, answer: HttpResponse, routes: dict[str, Route], *, began: int
) -> None:
    """Note a call of somebody who is known; `began` is of perf_counter_ns."""
    signed: Signed | None = getattr(request, "signed", None)
    if signed is None or settings.CALL_KEEP_DAYS <= 0:
        return
    by = signed.actor
    if by.organization_id.int == NO_ORGANIZATION:
        return
    spent = (time.perf_counter_ns() - began) // 1000
    keeps = settings.CALL_BODIES
    calls.note(
        calls.Noted(
            id=uuid7(),
            organization_id=by.organization_id,
            at=datetime.now(UTC),
            method=request.method or "",
            route=next(iter(routes.values())).path,
            path=request.get_full_path(),
            status=answer.status_code,
            code=code_of(answer) if answer.status_code >= 400 else "",
            microseconds=min(spent, 2_000_000_000),
            user_id=by.user_id,
            key_id=by.key_id,
            source=by.source,
            address=by.address,
            agent=request.META.get("HTTP_USER_AGENT", ""),
            request_id=by.request_id,
            request_body=body_of(request) if keeps else b"",
            response_body=content_of(answer) if keeps else b"",
        )
    )


def code_of(answer: HttpResponse) -> str:
    """The code of a problem."""
    try:
        return msgspec.json.decode(answer.content, type=Coded).code
    except (msgspec.DecodeError, AttributeError):
        return ""


def body_of(request: HttpRequest) -> bytes:
    """What was sent, where it was read."""
    try:
        return request.body if "json" in (request.content_type or "json") else b""
    except (RawPostDataException, RequestDataTooBig):
        return b""


def content_of(answer: HttpResponse) -> bytes:
    """What was answered, where it is JSON."""
    return answer.content if "json" in answer.headers.get("Content-Type", "") else b""
