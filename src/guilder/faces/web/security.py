"""Headers that every answer carries, and the id that every request has."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from guilder.foundation.tenancy.ids import uuid7

Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "report-uri /reports/policy/",
        "report-to policy",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Reporting-Endpoints": 'policy="/reports/policy/"',
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000; includeSubDomains"
INDENTED = re.compile(rb"\n[ \t\n]+<")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class SecurityHeaders:
    """Adds the security headers; a view may set one of its own first."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.headers = dict(HEADERS)
        if settings.BASE_URL.startswith("https://"):
            self.headers["Strict-Transport-Security"] = HSTS

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            seal_off(response)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # Pages are people's own, and what is not found now may be there in a minute.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def framed_by_us(response: HttpResponse) -> HttpResponse:
    """A page that pages of our own may show inside of them; it must answer nothing but reads."""
    policy = response.get("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def shows_ours(response: HttpResponse) -> HttpResponse:
    """A page that shows others of our own inside of it."""
    policy = response.get("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


def seal_off(response: HttpResponse) -> None:
    """A file for somebody: it sets no cookies, and opened after all it runs and loads nothing."""
    response.cookies.clear()
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"


class Compressed(GZipMiddleware):
    """Packs pages and fragments; streams, files and what is packed already pass as they are.

    Django adds random bytes to each, so that the length tells nothing about the token in a page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Only text that people read; pages without the indentation of their templates."""
        kind = response.get("Content-Type", "")
        if not kind.startswith(("text/html", "text/csv")):
            return response
        if kind.startswith("text/html") and isinstance(response, HttpResponse):
            flatten(response)
        return super().process_response(request, response)


def flatten(response: HttpResponse) -> None:
    """Take the white space before tags that begin a line; what is preformatted stays as it is.

    What people wrote is escaped, so no tag begins a line of theirs.
    """
    if response.has_header("Content-Encoding") or b"<pre" in response.content:
        return
    response.content = INDENTED.sub(b"\n<", response.content)  # type: ignore[assignment]
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))


class RequestId:
    """Gives each request an id: the proxy's X-Request-ID if it is well-formed, else a new one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid7().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
