"""Accounts by mail: registering, a forgotten password, and the pages behind the links.

What is answered does not tell whether an address is known: the request queues the same job either
way, and the job finds out. A link's secret goes from the address into the session by a redirect.
"""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import answers, typed
from guilder.faces.web.door import outside
from guilder.faces.web.session import tasks
from guilder.faces.web.session.entering import LINK, base_of, enter, go_on
from guilder.faces.web.session.forms import (
    ActivateForm,
    AddressForm,
    NewPasswordForm,
    RegisterForm,
)
from guilder.faces.web.shell import address_of
from guilder.foundation.edges import throttle
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.operations.letters import NoSuchLink
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.errors import Conflict, Invalid

ACTIVATE, RESET = "activate", "reset"
LETTER = "letter"


@outside
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the address; a link for a new password goes there if it is somebody's."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if may_write(request, email):
            enqueue(tasks.mail_reset, email=email, language=spoken(), base=base_of(request))
        return redirect(f"{reverse('web:mail_sent')}?for=reset")
    return render(request, "session/forgotten.html", {"form": form}, status=status_of(form))


@outside
def register(request: HttpRequest) -> HttpResponse:
    """Ask for name and address; the password comes once the address is proved."""
    if identity.registration() != "open":
        words = {"is_by_invitation": identity.registration() == "invitation"}
        return render(request, "session/closed.html", words, status=403)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if may_write(request, given["email"]):
            enqueue(
                tasks.mail_activation,
                email=given["email"],
                name=given["name"],
                language=spoken(),
                base=base_of(request),
            )
        return redirect(f"{reverse('web:mail_sent')}?for=activate")
    return render(request, "session/register.html", {"form": form}, status=status_of(form))


@outside
def mail_sent(request: HttpRequest) -> HttpResponse:
    """What to do now."""
    words = {"is_reset": request.GET.get("for") == RESET}
    return render(request, "session/mail_sent.html", words)


def may_write(request: HttpRequest, email: str) -> bool:
    """Count the request for where it comes from (raises TooManyRequests) and the mail for where it
    goes to: past that, nothing is sent, and the answer is the same."""
    throttle.spend("secret", throttle.who_at(address_of(request)))
    plain = email.strip().lower()
    verdict = throttle.count(LETTER, hashlib.sha256(plain.encode()).hexdigest()[:32])
    return "@" in plain and (verdict is None or verdict.allowed)


@outside
def arrive(request: HttpRequest, kind: str, secret: str) -> HttpResponse:
    """A link of a mail: its secret leaves the address, and nothing is used up by looking."""
    if not request.session.session_key:
        request.session.create()
    request.session[LINK] = {"kind": kind, "secret": secret}
    return redirect("web:activate" if kind == ACTIVATE else "web:reset")


@sensitive_post_parameters("password")
@outside
def reset(request: HttpRequest) -> HttpResponse:
    """Choose a new password."""
    secret = secret_of(request, RESET)
    try:
        link = identity.find_link(RESET, secret, at=timezone.now())
    except NoSuchLink:
        return gone(request, RESET)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        try:
            user = identity.reset_password(secret, password=password, at=timezone.now())
        except Invalid as error:
            typed.refuse(form, error, {"/password": "password"})
        else:
            request.session.pop(LINK, None)
            enqueue(tasks.mail_change, user_id=user.pk, kind="password", base=base_of(request))
            answers.say(request, _("Your password is changed. Sign in with it."))
            return redirect("web:sign_in")
    words = {"form": form, "email": link.email}
    return render(request, "session/reset.html", words, status=status_of(form))


@sensitive_post_parameters("password")
@outside
def activate(request: HttpRequest) -> HttpResponse:
    """Choose name and password; the account is made now, and one is signed in."""
    secret = secret_of(request, ACTIVATE)
    try:
        link = identity.find_link(ACTIVATE, secret, at=timezone.now())
    except NoSuchLink:
        return gone(request, ACTIVATE)
    form = ActivateForm(request.POST or None, initial={"name": link.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = identity.activate(secret, at=timezone.now(), **form.cleaned_data)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/password": "password", "/name": "name"})
        else:
            enter(request, user, method="link")
            return go_on(request, reverse("web:overview"))
    words = {"form": form, "email": link.email}
    return render(request, "session/activate.html", words, status=status_of(form))


def secret_of(request: HttpRequest, kind: str) -> str:
    """The secret that the session holds for a kind of link; "" for none."""
    kept = request.session.get(LINK) or {}
    return str(kept.get("secret", "")) if kept.get("kind") == kind else ""


def gone(request: HttpRequest, kind: str) -> HttpResponse:
    """The link is unknown, used or too old; counted as a guess."""
    request.session.pop(LINK, None)
    throttle.spend("secret", throttle.who_at(address_of(request)))
    return render(request, "session/link_gone.html", {"is_reset": kind == RESET}, status=404)


def spoken() -> str:
    """The language of the page, for a mail to somebody who has none."""
    return get_language() or ""


def status_of(form: NewPasswordForm | AddressForm | RegisterForm) -> int:
    """422 where something was refused."""
    return 422 if form.errors else 200
