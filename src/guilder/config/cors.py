"""Which other sites' scripts may call the API: those of GUILDER_CORS_ORIGINS, by default none.

Never with cookies: a call from another site signs in by token or key, or not at all.
"""

import os
from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PLACES = ("/api/", "/graphql/")
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
SENT = (
    "Accept, Authorization, Content-Type, Guilder-Organization, Idempotency-Key, If-Match, "
    "If-None-Match, X-Request-ID"
)
SHOWN = (
    "ETag, Location, Content-Disposition, Idempotent-Replayed, RateLimit, RateLimit-Policy, "
    "Retry-After, WWW-Authenticate, X-Request-ID"
)
KEPT_SECONDS = "600"


class Cors:
    """Answers preflights and marks answers for the origins that are allowed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        allowed = settings.CORS_ORIGINS
        if not allowed or not request.path_info.startswith(PLACES):
            return self.get_response(request)
        origin = request.headers.get("Origin", "")
        may = origin in allowed or (bool(origin) and "*" in allowed)
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = preflight() if may and asks else self.get_response(request)
        patch_vary_headers(response, ("Origin",))
        if may:
            response["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin
            response["Access-Control-Expose-Headers"] = SHOWN
        return response


def preflight() -> HttpResponse:
    """What may be sent; a browser asks before it sends."""
    return HttpResponse(
        status=204,
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": SENT,
            "Access-Control-Max-Age": KEPT_SECONDS,
        },
    )


def origins(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The origins that are named, such as https://app.example.com, or * alone."""
    given = environment.get("GUILDER_CORS_ORIGINS", "").split(",")
    return tuple(one.strip().rstrip("/").lower() for one in given if one.strip())
