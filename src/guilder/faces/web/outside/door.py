"""The door for clients: a path with a secret becomes a cookie; pages are counted and private."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from guilder.faces.web import languages
from guilder.faces.web.door import too_many
from guilder.faces.web.outside.opened import (
    COOKIE_LASTS,
    by_cookie,
    by_signature,
    cookie_name,
)
from guilder.faces.web.security import framed_by_us
from guilder.faces.web.shell import address_of
from guilder.foundation.edges import throttle
from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import NotAllowed, NotFound

View = Callable[..., HttpResponse]
HIDDEN = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def hosted(kind: str, methods: str = "GET HEAD") -> Callable[[View], View]:
    """A page of a client: the view gets the request and what was opened.

    Its address has `link` (then the cookie holds the secret) or `signed` (then it is a preview,
    which answers reads alone).
    """
    allowed = set(methods.split())

    def door(view: View) -> View:
        @wraps(view)
        def entered(
            request: HttpRequest, *, link: UUID | None = None, signed: str = "", **rest: Any
        ) -> HttpResponse:
            refused = refused_method(request, allowed, is_preview=link is None)
            if refused is not None:
                return refused
            try:
                throttle.spend("portal", throttle.who_at(address_of(request)))
                found = (
                    by_cookie(request, kind, link) if link else by_signature(request, kind, signed)
                )
                with languages.spoken(found.language), timezone.override(found.zone):
                    answer = hidden(languages.told(view(request, found, **rest)))
                    return framed_by_us(answer) if found.is_preview else answer
            except throttle.TooManyRequests as error:
                return hidden(too_many(request, error))
            except (NotFound, NotAllowed):
                return gone(request)

        return entered

    return door


def refused_method(
    request: HttpRequest, allowed: set[str], *, is_preview: bool
) -> HttpResponse | None:
    """405 for what the address does not take; a preview takes nothing but reads."""
    may = allowed & {"GET", "HEAD"} if is_preview else allowed
    if request.method in may:
        return None
    return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(may))})


def exchange(kind: str) -> View:
    """The view of a link as it was mailed: its secret goes into a cookie, out of the address."""

    def opened(request: HttpRequest, secret: str) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        who = throttle.who_at(address_of(request))
        try:
            throttle.spend("portal", who)
            link = identities.find_access_token(kind, secret, at=datetime.now(UTC))
        except throttle.TooManyRequests as error:
            return hidden(too_many(request, error))
        except identities.NoSuchToken:
            return guessed(request, who)
        answer = hidden(redirect(f"/{kind}/{link.id}/"))
        answer["Referrer-Policy"] = "no-referrer"
        answer.set_cookie(
            cookie_name(kind, link.id),
            secret,
            max_age=COOKIE_LASTS,
            secure=settings.BASE_URL.startswith("https://"),
            httponly=True,
            samesite="Lax",
        )
        return answer

    return opened


def guessed(request: HttpRequest, who: str) -> HttpResponse:
    """A secret that is none: counted harder than pages are."""
    try:
        throttle.spend("secret", f"link:{who}")
    except throttle.TooManyRequests as error:
        return hidden(too_many(request, error))
    return gone(request)


def gone(request: HttpRequest) -> HttpResponse:
    """404 without a word about what is or was there, in the browser's language."""
    with languages.spoken(languages.of_browser(request)):
        return hidden(render(request, "outside/gone.html", status=404))


def hidden(answer: HttpResponse) -> HttpResponse:
    """No copy is kept on the way, and no search engine takes it up."""
    for name, value in HIDDEN.items():
        answer[name] = value
    return answer
