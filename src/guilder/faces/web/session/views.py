"""Signing in and out, and going to another organization."""

from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web.door import outside, page
from guilder.faces.web.session.forms import SignInForm
from guilder.faces.web.session.setup import BACKEND, awaits_company
from guilder.faces.web.shell import Visit, address_of, choose_organization
from guilder.foundation.edges.throttle import TooManyRequests
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.operations.sessions import DEMO_EMAIL, MfaRequired, WrongCode
from guilder.kernel.errors import NotAllowed

DEMO = {"email": DEMO_EMAIL, "password": "guilder-demo"}
HERE = {"127.0.0.1", "::1"}


@sensitive_post_parameters("password")
@outside
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; go where the person wanted to."""
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
        user = identity.check_password(
            email=given["email"],
            password=given["password"],
            code=given["code"],
            address=address_of(request),
        )
    except TooManyRequests:
        raise
    except (MfaRequired, WrongCode) as error:
        form.refuse([("code", error.detail)])
        return sign_in_page(request, form, onward, asks_code=True)
    except NotAllowed as error:
        form.refuse([("", error.detail)])
        return sign_in_page(request, form, onward)
    auth.login(request, user, backend=BACKEND)
    return redirect("web:setup_company" if awaits_company(request) else onward)


def sign_in_page(
    request: HttpRequest, form: SignInForm, onward: str, *, asks_code: bool = False
) -> HttpResponse:
    """The page, with the demo's words where there is a demo and the browser is on this machine."""
    near = address_of(request) in HERE
    demo = DEMO if near and identities.user_by_email(DEMO_EMAIL) else None
    words = {
        "form": form,
        "next": onward,
        "demo": demo,
        "asks_code": asks_code,
        "may_set_up": demo is not None and not identities.is_set_up(),
    }
    return render(request, "session/sign_in.html", words, status=422 if form.errors else 200)


def next_of(request: HttpRequest) -> str:
    """Where to go after: an address of ours, else the overview."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and wanted.startswith("/") else reverse("web:overview")


@outside
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; by a link, ask first."""
    if not request.user.is_authenticated:
        return redirect("web:sign_in")
    if request.method != "POST":
        return render(request, "session/sign_out.html")
    auth.logout(request)
    return redirect("web:sign_in")


@page("", methods="POST")
def switch_organization(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Go to another of the person's organizations."""
    wanted = request.POST.get("organization", "")
    if wanted not in {str(one.organization_id) for one in visit.memberships}:
        raise identities.NoSuchMember(_("There is no such organization among yours."))
    choose_organization(request, UUID(wanted))
    return redirect("web:overview")
