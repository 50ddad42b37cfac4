"""Sensitive acts want a fresh proof of who one is: a quarter of an hour, then it is asked again."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import answers
from guilder.faces.web.door import TOO, came_from, page
from guilder.faces.web.once import put_off
from guilder.faces.web.session.entering import PROVED, next_of
from guilder.faces.web.session.forms import ConfirmForm
from guilder.faces.web.shell import Visit, address_of
from guilder.foundation.edges.throttle import TooManyRequests
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import NotAllowed, Unavailable

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]


def is_proved(request: HttpRequest) -> bool:
    """Whether the person proved themselves in this browser a short while ago."""
    age = time.time() - request.session.get(PROVED, 0)
    return 0 <= age < settings.PROOF_SECONDS


def proved(view: Page[P]) -> Page[P]:
    """Under `page`: changes want a fresh proof; reading does not."""

    @wraps(view)
    def opened(
        request: HttpRequest, visit: Visit, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if request.method in {"GET", "HEAD"} or is_proved(request):
            return view(request, visit, *args, **kwargs)
        return ask(request)

    return opened


def ask(request: HttpRequest) -> HttpResponse:
    """To the page that asks, and back to where the act was begun."""
    to = f"{reverse('web:confirm')}?{urlencode({'next': came_from(request)})}"
    if answers.swaps(request):
        return put_off(HttpResponse(status=204, headers={"HX-Redirect": to}))
    return put_off(redirect(to))


@sensitive_post_parameters("password", "code")
@page("", guests=TOO)
def confirm(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for password or passkey once more; then back to what was wanted."""
    del visit
    onward = next_of(request)
    user: Any = request.user
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prove(request, form.cleaned_data["secret"])
        except TooManyRequests:
            raise
        except (NotAllowed, Unavailable) as error:
            form.refuse([("secret", error.detail)])
        else:
            answers.say(request, _("Confirmed. You can go on now."))
            return redirect(onward)
    factors = identities.factors_of(user.pk)
    words = {
        "form": form,
        "next": onward,
        "has_password": user.has_usable_password(),
        "has_app": factors["app"] is not None,
        "has_passkey": bool(factors["passkeys"]),
        "directories": [one.directory for one in identities.directory_accounts(user.pk)],
    }
    return render(request, "session/confirm.html", words, status=422 if form.errors else 200)


def prove(request: HttpRequest, secret: str) -> None:
    """A code of the app where there is one, else the password. Raises NotAllowed and kin."""
    user: Any = request.user
    address = address_of(request)
    if identities.factors_of(user.pk)["app"] is not None and looks_like_code(secret):
        identity.check_code(user, secret, address=address)
    else:
        identity.check_first_factor(email=user.email, password=secret, address=address)
    note_proof(request)


def looks_like_code(secret: str) -> bool:
    """Whether six or eight digits were typed."""
    plain = "".join(secret.split())
    return plain.isdecimal() and len(plain) in (6, 8)


def note_proof(request: HttpRequest) -> None:
    """From now on, for a while, acts need no further proof."""
    request.session[PROVED] = int(time.time())
