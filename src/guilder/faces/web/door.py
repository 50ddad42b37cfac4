"""The door of every page: signed in, counted, allowed; and what a refusal looks like."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache

from guilder.faces.web import answers, arrivals, languages, lasting, late
from guilder.faces.web.once import once
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit, admins_of, visit_of
from guilder.foundation.edges import scanner, throttle
from guilder.foundation.identity.queries import Arrival, NoMembership
from guilder.kernel.errors import Conflict, GuilderError, Invalid, NotAllowed, NotFound, Unavailable

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]
TOO, ONLY = "too", "only"
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class ForMembers(NotAllowed):
    """A client's person asked for a page of the house."""

    code = "portal.for_members"


def page(
    section: str,
    permission: str = "",
    *,
    methods: str = "GET POST",
    files: bool = False,
    guests: str = "",
) -> Callable[[Page[P]], View[P]]:
    """A page for people inside: the view gets the request and its visit.

    `section` is what the navigation marks, `permission` what the page needs beyond what its
    operation asks for; `files` is said of what makes a file for somebody to take away. Clients'
    people come in only where `guests` says TOO or ONLY.
    """
    allowed = {*methods.split(), "HEAD"}

    def door(view: Page[P]) -> View[P]:
        @never_cache
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(allowed))})
            arrived = arrivals.arrive(request)
            if not request.user.is_authenticated:
                return to_sign_in(request)
            with languages.spoken(languages.of_browser(request)), late.drawn_for(request):
                try:
                    counted(request, arrived, files=files)
                    visit = visit_of(request, arrived)
                    languages.greet(request.user, visit.organization)
                    request.visit = visit  # type: ignore[attr-defined]
                    request.section = section  # type: ignore[attr-defined]
                    if is_guest(visit) != (guests == ONLY) and guests != TOO:
                        return turned_away(request, visit)
                    if not listens(request):
                        lasting.renew(request, at=visit.now)
                    if permission:
                        visit.by.require(permission)
                    with timezone.override(visit.zone):
                        run = partial(view, request, visit, *args, **kwargs)
                        return languages.told(once(request, by=visit.by, run=run))
                except GuilderError as error:
                    return languages.told(refusal(request, error))

        opened.methods = frozenset(allowed)  # type: ignore[attr-defined]  # tests ask for it
        opened.guests = guests  # type: ignore[attr-defined]
        return opened

    return door


def is_guest(visit: Visit) -> bool:
    """Whether a client's person looks, who has the portal and nothing else."""
    return visit.by.row_rule == "portal"


def turned_away(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Guests and people of the house each have pages of their own."""
    if not is_guest(visit):
        raise NotFound("There is no such page.")
    if request.method in {"GET", "HEAD"} and request.path == reverse("web:overview"):
        return redirect("web:portal")
    raise ForMembers("This page is for people of the house.")


def counted(request: HttpRequest, arrived: Arrival | None, *, files: bool) -> None:
    """Count a page, where whoever came was not counted as they `arrived`; and apart what costs
    more: forms with files, and files that are made."""
    who = str(request.user.pk)
    if arrived is None:
        throttle.spend("page", who)
    elif arrived.verdict is not None and not arrived.verdict.allowed:
        raise throttle.TooManyRequests(arrived.verdict)
    handed_in(request, who)
    if files or request.GET.get("format"):
        throttle.spend("export", who)


def handed_in(request: HttpRequest, who: str) -> None:
    """Count a form with files, and have the scanner look at each of them."""
    if request.method != "POST" or request.content_type != "multipart/form-data":
        return
    throttle.spend("upload", who)
    if scanner.is_on():
        for name in request.FILES:
            for file in request.FILES.getlist(name):
                scanner.scan(file.read())
                file.seek(0)


def outside(view: View[P]) -> View[P]:
    """A page for people who are not signed in."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with languages.spoken(languages.of_browser(request)):
            try:
                return languages.told(view(request, *args, **kwargs))
            except GuilderError as error:
                return languages.told(refusal(request, error))

    return opened


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; the script of an open page is told to ask in place."""
    if request.headers.get("HX-Request") or listens(request):
        return answers.trigger(HttpResponse(status=401), sign_in=True)
    back = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(back, reverse("web:sign_in"))


def listens(request: HttpRequest) -> bool:
    """Whether this is an open page's stream of news, which is no use of the session."""
    return "text/event-stream" in request.headers.get("Accept", "")


def refusal(request: HttpRequest, error: GuilderError) -> HttpResponse:
    """The page of an error that no form shows: one place for the whole face."""
    if isinstance(error, throttle.TooManyRequests):
        return too_many(request, error)
    if isinstance(error, NoMembership) and getattr(request.user, "is_operator", False):
        return redirect("web:setup_company")  # who set Guilder up stopped before the company
    if isinstance(error, ForMembers):
        return render(request, "portal/turned.html", status=403)
    if isinstance(error, NotAllowed):
        words = {"detail": allowed_words(error), "admins": helpers(request)}
        return render(request, "403.html", words, status=403)
    if isinstance(error, NotFound):
        return render(request, "404.html", {"detail": ""}, status=404)
    if isinstance(error, Conflict | Invalid | Unavailable):
        return back_with(request, error)
    raise error


def helpers(request: HttpRequest) -> list[Any]:
    """Who can give a right: the admins of the organization that somebody is in."""
    visit = getattr(request, "visit", None)
    return admins_of(visit) if visit else []


def allowed_words(error: NotAllowed) -> str:
    """What to do about a missing right; the template's own words where only a name is missing."""
    return "" if error.code == NotAllowed.code else said(error.detail)


def too_many(request: HttpRequest, error: throttle.TooManyRequests) -> HttpResponse:
    """429, with the seconds to wait."""
    seconds = error.verdict.retry_after
    again = "yes" if request.method == "GET" else ""
    left = format_html(
        '<span class="num" data-countdown="{}" data-retry="{}">{}</span>', seconds, again, seconds
    )
    answer = render(request, "429.html", {"seconds": seconds, "countdown": left}, status=429)
    for name, value in error.verdict.headers().items():
        answer[name] = value
    return answer


def back_with(request: HttpRequest, error: GuilderError) -> HttpResponse:
    """An act was refused: back to the page that it was on, which says why."""
    for sentence in sentences(error):
        messages.error(request, sentence)
    if answers.swaps(request):  # a redirect would be followed unseen
        return HttpResponse(status=204, headers={"HX-Redirect": came_from(request)})
    return redirect(came_from(request))


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form was on; the thing's own page above an act, else the overview."""
    seen = urlsplit(request.headers.get("HX-Current-URL", ""))
    if seen.netloc == request.get_host():
        return f"{seen.path}?{seen.query}" if seen.query else seen.path
    parts = request.path.rstrip("/").split("/")
    if request.method == "POST" and len(parts) > 3:
        return "/".join(parts[:-1]) + "/"
    return reverse("web:overview")


def sentences(error: GuilderError) -> list[str]:
    """Everything that is wrong, a sentence each."""
    return [said(problem.detail) for problem in error.problems] or [said(error.detail)]


def context(**values: Any) -> dict[str, Any]:
    """A template's context, spelled as keywords."""
    return values
