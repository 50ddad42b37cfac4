"""Signing in and out, and going to another organization."""

from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web.door import TOO, outside, page
from guilder.faces.web.session import tasks
from guilder.faces.web.session.entering import (
    HALF,
    base_of,
    enter,
    go_on,
    half_of,
    keep_half,
    next_of,
)
from guilder.faces.web.session.forms import CodeForm, SignInForm
from guilder.faces.web.shell import Visit, address_of, choose_organization
from guilder.foundation.edges.throttle import TooManyRequests
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.operations.sessions import DEMO_EMAIL
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.errors import NotAllowed, Unavailable

DEMO = {"email": DEMO_EMAIL, "password": "guilder-demo"}
HERE = {"127.0.0.1", "::1"}


@sensitive_post_parameters("password", "code")
@outside
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; go on to the second factor, or where the person wanted to."""
    onward = next_of(request)
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(onward)
        if not identities.any_user():
            return redirect("web:setup")
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return sign_in_page(request, form, onward)
    given = form.cleaned_data
    try:
        user = identity.check_first_factor(
            email=given["email"], password=given["password"], address=address_of(request)
        )
    except TooManyRequests:
        raise
    except (NotAllowed, Unavailable) as error:
        form.refuse([("", error.detail)])
        return sign_in_page(request, form, onward)
    if identity.has_second_factor(user):
        keep_half(request, user, onward)
        return redirect("web:second_step")
    enter(request, user, method="password")
    return go_on(request, onward)


def sign_in_page(request: HttpRequest, form: SignInForm, onward: str) -> HttpResponse:
    """The page, with the demo's words where there is a demo and the browser is on this machine."""
    near = address_of(request) in HERE
    demo = DEMO if near and identities.user_by_email(DEMO_EMAIL) else None
    words = {
        "form": form,
        "next": onward,
        "demo": demo,
        "may_set_up": demo is not None and not identities.is_set_up(),
        "may_register": identity.registration() == "open",
        "directories": identities.directories(),
    }
    return render(request, "session/sign_in.html", words, status=422 if form.errors else 200)


@sensitive_post_parameters("code")
@outside
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of an app or a recovery code, or a passkey, after the right password."""
    half = half_of(request)
    if half is None:
        return redirect("web:sign_in")
    user, onward = half
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = form.cleaned_data["code"]
            by = identity.check_code(user, code, address=address_of(request))
        except TooManyRequests:
            raise
        except NotAllowed as error:
            form.refuse([("code", error.detail)])
        else:
            if by == "recovery":
                base = base_of(request)
                enqueue(tasks.mail_change, user_id=user.pk, kind="recovery", base=base)
            enter(request, user, method="password")
            return go_on(request, onward)
    factors = identities.factors_of(user.pk)
    words = {
        "form": form,
        "email": user.email,
        "has_passkey": bool(factors["passkeys"]),
        "has_app": factors["app"] is not None,
    }
    return render(request, "session/second_step.html", words, status=422 if form.errors else 200)


@outside
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; by a link, ask first."""
    if not request.user.is_authenticated:
        request.session.pop(HALF, None)
        return redirect("web:sign_in")
    if request.method != "POST":
        return render(request, "session/sign_out.html")
    identity.forget_browser(str(request.session.session_key))
    auth.logout(request)
    return redirect("web:sign_in")


@page("", methods="POST", guests=TOO)
def switch_organization(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Go to another of the person's organizations."""
    wanted = request.POST.get("organization", "")
    if wanted not in {str(one.organization_id) for one in visit.memberships}:
        raise identities.NoSuchMember(_("There is no such organization among yours."))
    choose_organization(request, UUID(wanted))
    return redirect("web:overview")
