"""Signing in through a directory of OpenID Connect: the way there, and back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guilder.faces.web import answers
from guilder.faces.web.door import outside
from guilder.faces.web.sentences import said
from guilder.faces.web.session import tasks
from guilder.faces.web.session.entering import base_of, enter, go_on, next_of, ours
from guilder.faces.web.session.proving import note_proof
from guilder.faces.web.shell import address_of
from guilder.foundation.edges import throttle
from guilder.foundation.identity import operations as identity
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.errors import GuilderError, NotAllowed, NotFound

LEAVING = "leaving"  # the session's key: what must come back from the directory


@outside
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """To the directory; a signed-in person proves themselves there once more."""
    throttle.spend("login", throttle.who_at(address_of(request)))
    again = request.user.is_authenticated
    try:
        leaving = identity.begin_directory(
            code, redirect_uri=return_of(request), at=timezone.now(), again=again
        )
    except NotFound:
        raise
    except GuilderError as error:
        return failed(request, error, status=502)
    if not request.session.session_key:
        request.session.create()
    request.session[LEAVING] = {**leaving.kept, "next": next_of(request)}
    return HttpResponseRedirect(leaving.url)


@outside
def arrive(request: HttpRequest) -> HttpResponse:
    """Back from the directory; what the session kept counts once."""
    kept = request.session.pop(LEAVING, None) or {}
    try:
        returned = identity.finish_directory(
            answer={name: str(request.GET[name]) for name in request.GET},
            kept=kept,
            redirect_uri=return_of(request),
            address=address_of(request),
            at=timezone.now(),
        )
    except (NotAllowed, NotFound) as error:
        throttle.spend("secret", throttle.who_at(address_of(request)))
        return failed(request, error, status=403)
    except GuilderError as error:
        return failed(request, error, status=502)
    user, onward = returned.user, ours(str(kept.get("next", "")))
    if returned.is_linked:
        enqueue(tasks.mail_change, user_id=user.pk, kind="directory", base=base_of(request))
    if kept.get("again"):
        return proved(request, user, onward)
    enter(request, user, method="directory")
    return go_on(request, onward)


def proved(request: HttpRequest, user: Any, onward: str) -> HttpResponse:
    """A signed-in person proved themselves once more; another person does not come in that way."""
    if not request.user.is_authenticated or request.user.pk != user.pk:
        return redirect("web:confirm")
    note_proof(request)
    answers.say(request, _("Confirmed. You can go on now."))
    return redirect(onward)


def return_of(request: HttpRequest) -> str:
    """Where the directory sends people back to, as it must be registered there."""
    return base_of(request) + reverse("web:directory_return")


def failed(request: HttpRequest, error: GuilderError, *, status: int) -> HttpResponse:
    """Why it did not work, and the way to begin again."""
    words = {"detail": said(error.detail)}
    return render(request, "session/directory_failed.html", words, status=status)
