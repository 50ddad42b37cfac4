"""`/health/live/` (the process answers) and `/health/ready/` (it can do its work).

Answered before all else: a probe comes by address, over plain HTTP, without a session.
"""

import logging
from collections.abc import Callable

from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, JsonResponse

from guilder.foundation.tenancy.roles import UnsafeRole

log = logging.getLogger("guilder.web")


class Health:
    """The first middleware: answers the two health addresses, passes on the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        probe = PROBES.get(request.path_info)
        if probe is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        well, word = probe()
        response = JsonResponse({"status": word}, status=200 if well else 503)
        response["Cache-Control"] = "no-store"
        return response


def live() -> tuple[bool, str]:
    """True as long as the process answers at all."""
    return True, "live"


def ready() -> tuple[bool, str]:
    """True when the database answers, as a safe role, and its tables are there.

    The cause of a no goes to the log, not to the outside.
    """
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            migrated = cursor.fetchone() is not None
    except (Error, UnsafeRole) as error:
        log.warning("not ready: %s", str(error).strip())
        migrated = False
    return (True, "ready") if migrated else (False, "not ready")


PROBES = {"/health/live/": live, "/health/ready/": ready}
