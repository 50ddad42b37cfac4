"""A short way for programs: calls with a token or key, and without cookies, need no session.

What stands after this middleware (sessions, forms' tokens, messages, accounts) is for browsers.
Calls that carry a cookie, and addresses that are no route of the table, take the whole way.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, get_resolver
from django.utils import translation
from django.utils.cache import patch_vary_headers

START = "/api/v1/"
SIGNING_IN = "/api/v1/auth/"  # has to do with sessions
LANGUAGE = ("Accept-Language",)


class Lane:
    """Answers programs' calls itself, passes on the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        match = route_of(request)
        return self.get_response(request) if match is None else answered(request, match)


def route_of(request: HttpRequest) -> ResolverMatch | None:
    """The route that a program's call is for; None where it takes the whole way."""
    path = request.path_info
    if not path.startswith(START) or path.startswith(SIGNING_IN):
        return None
    if not request.META.get("HTTP_AUTHORIZATION") or request.META.get("HTTP_COOKIE"):
        return None
    try:
        match = get_resolver().resolve(path)
    except Resolver404:
        return None
    return match if getattr(match.func, "is_door", False) else None


def answered(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    """The answer, in the language that is asked for, as the whole way would give it."""
    request.get_host()  # refuses a host that is not ours
    language = translation.get_language_from_request(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    request.user = AnonymousUser()
    request.resolver_match = match
    response = match.func(request, *match.args, **match.kwargs)
    patch_vary_headers(response, LANGUAGE)
    response.headers.setdefault("Content-Language", language)
    if not response.streaming and not response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))
    return response
