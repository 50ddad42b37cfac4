"""What browsers report: breaches of our own policy, counted and written to the log."""

import json
import logging
import re
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from guilder.faces.web.shell import address_of
from guilder.foundation.edges import throttle

logger = logging.getLogger("guilder.policy")

LARGEST = 16 * 1024  # bytes
MOST = 20  # reports in one request
DAY = 24 * 3600
SECRET = re.compile(r"(?![0-9a-f-]{36}$)[\w-]{20,}")  # a part of a path that may be a token
COUNTER = "policy-reports"


@csrf_exempt  # browsers send these by themselves, without cookies of ours
def policy_report(request: HttpRequest) -> HttpResponse:
    """Take reports in either form, `csp-report` or the Reporting API's list. Always 204 or 4xx."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        throttle.spend("report", throttle.who_at(address_of(request)))
    except throttle.TooManyRequests as error:
        return HttpResponse(status=429, headers=error.verdict.headers())
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        reports = breaches(json.loads(request.body[:LARGEST]))
    except (ValueError, TypeError, AttributeError):
        return HttpResponse(status=400)
    for directive, blocked, document in reports:
        logger.warning(
            "A page broke its own policy: %s refused %s on %s (%s today).",
            directive, blocked, document, counted(),
        )  # fmt: skip
    return HttpResponse(status=204)


def breaches(given: Any) -> list[tuple[str, str, str]]:
    """(directive, what was refused, page) of each report, without query strings and line breaks."""
    if isinstance(given, dict):
        bodies = [given["csp-report"]] if "csp-report" in given else []
    else:
        bodies = [one["body"] for one in given[:MOST] if one.get("type") == "csp-violation"]
    return [
        (
            word(body.get("effective-directive") or body.get("effectiveDirective") or "?"),
            place(body.get("blocked-uri") or body.get("blockedURL") or "?"),
            place(body.get("document-uri") or body.get("documentURL") or "?"),
        )
        for body in bodies
    ]


def word(text: Any) -> str:
    """A word for the log."""
    return "".join(letter for letter in str(text)[:80] if letter.isprintable())


def place(address: Any) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(word(str(address)[:80]))
    path = "/".join("…" if SECRET.fullmatch(part) else part for part in parts.path.split("/"))
    return f"{parts.scheme}://{parts.netloc}{path}" if parts.netloc else word(address)


def counted() -> int:
    """One more report today, in all processes that share a cache."""
    cache.add(COUNTER, 0, DAY)
    try:
        return cache.incr(COUNTER)
    except ValueError:  # it ran out between the two
        cache.set(COUNTER, 1, DAY)
        return 1
