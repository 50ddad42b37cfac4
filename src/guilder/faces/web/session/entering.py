"""Somebody has proved who they are: their browser is signed in, and they go where they wanted."""

import time
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from guilder.faces.web import lasting
from guilder.faces.web.shell import address_of
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
PROVED = "proved_at"  # the session's key: seconds since 1970
HALF = "half"  # who has given a password and owes a second factor
LINK = "link"  # the secret of a link by mail, while its page is open
HALF_LIVES = 600  # seconds
BEFORE = (HALF, LINK, "leaving", "mfa.webauthn.state")


def enter(request: HttpRequest, user: Any, *, method: str) -> None:
    """Sign the browser in, under a new key; `method` is one of BrowserSession.Method."""
    for name in BEFORE:
        request.session.pop(name, None)
    before = request.session.session_key
    auth.login(request, user, backend=BACKEND)
    if before and request.session.session_key == before:  # the same person came in once more
        identity.forget_browser(before)
        request.session.cycle_key()
    request.session[PROVED] = int(time.time())
    lasting.renew(request, at=timezone.now(), now=True)
    if not request.session.session_key:
        request.session.create()
    identity.note_browser(
        user,
        key=str(request.session.session_key),
        method=method,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )


def go_on(request: HttpRequest, wanted: str) -> HttpResponse:
    """Where a person goes who is signed in now: set-up where it is not done, else as wanted."""
    return redirect("web:setup_company" if awaits_company(request) else wanted)


def awaits_company(request: HttpRequest) -> bool:
    """Whether somebody looks who may make an organization and has none of their own yet."""
    user: Any = request.user
    if not user.is_authenticated:
        return False
    theirs = identities.memberships_of(user.pk)
    if user.is_operator:
        return all(one.is_demo for one in theirs)
    return identity.registration() == "open" and not theirs


def next_of(request: HttpRequest) -> str:
    """Where to go after: an address of ours, else the overview."""
    return ours(request.POST.get("next") or request.GET.get("next") or "")


def ours(wanted: str) -> str:
    """`wanted` where it is an address of ours, else the overview."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith("/") else reverse("web:overview")


def keep_half(request: HttpRequest, user: User, onward: str) -> None:
    """Remember who gave the right password, until the second factor comes."""
    request.session[HALF] = {"user": str(user.pk), "at": int(time.time()), "next": onward}
    request.session.cycle_key()


def half_of(request: HttpRequest) -> tuple[User, str] | None:
    """(who gave the right password here a moment ago, where they want to go)."""
    kept = request.session.get(HALF)
    if not kept or time.time() - kept["at"] > HALF_LIVES:
        return None
    user = User.objects.filter(id=kept["user"], is_active=True).first()
    return (user, ours(kept["next"])) if user else None


def base_of(request: HttpRequest) -> str:
    """Our own address in links of mails: the setting's; else a name that is known to be ours."""
    if settings.BASE_URL:
        return str(settings.BASE_URL)
    host = request.get_host()
    named = {name for name in settings.ALLOWED_HOSTS if "*" not in name and name[:1] != "."}
    if host.rpartition(":")[0] in named or host in named:
        return f"{request.scheme}://{host}"
    return "http://127.0.0.1:8000"
