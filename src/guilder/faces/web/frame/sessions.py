"""A session is extended, and an ended one begun again, without leaving the page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import answers, lasting
from guilder.faces.web.door import TOO, outside, page
from guilder.faces.web.session.entering import enter
from guilder.faces.web.session.forms import SignInForm
from guilder.faces.web.shell import ORGANIZATION, Visit, address_of, choose_organization
from guilder.foundation.edges.throttle import TooManyRequests
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.operations.sessions import MfaRequired, WrongCode
from guilder.kernel.errors import NotAllowed, Unavailable


@outside
def state(request: HttpRequest) -> HttpResponse:
    """When the session ends; 401 where there is none. Asking does not lengthen it."""
    signed_in = request.user.is_authenticated
    ends = lasting.ends_at(request) if signed_in else 0
    return JsonResponse({"ends_at": ends}, status=200 if signed_in else 401)


@page("", methods="POST", guests=TOO)
def extend(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Stay signed in for the full length from now on."""
    lasting.renew(request, at=visit.now, now=True)
    if not answers.swaps(request):
        return redirect("web:overview")
    return JsonResponse({"ends_at": lasting.ends_at(request)})


@sensitive_post_parameters("password")
@outside
def again(request: HttpRequest) -> HttpResponse:
    """Sign in within the page that somebody was on; another person gets a page of their own."""
    form = SignInForm(
        request.POST or None, auto_id="again-%s", initial={"email": request.GET.get("email", "")}
    )
    if request.method != "POST" or not form.is_valid():
        return fragment(request, form)
    given = form.cleaned_data
    try:
        user = identity.check_password(
            email=given["email"],
            password=given["password"],
            code=given["code"],
            address=address_of(request),
        )
    except (TooManyRequests, Unavailable) as error:
        form.refuse([("", error.detail)])
        return fragment(request, form)
    except (MfaRequired, WrongCode) as error:
        form.refuse([("code", error.detail)])
        return fragment(request, form, asks_code=True)
    except NotAllowed as error:
        form.refuse([("", error.detail)])
        return fragment(request, form)
    return entered(request, user)


def entered(request: HttpRequest, user: Any) -> HttpResponse:
    """The same person goes on where they were, in the same organization; another one does not."""
    enter(request, user, method="password")
    if str(user.pk) != request.POST.get("person", "") or not returned(request, user.pk):
        return HttpResponse(status=204, headers={"HX-Redirect": "/"})
    now_on = {"ends_at": lasting.ends_at(request), "token": get_token(request)}
    return answers.trigger(HttpResponse(status=204), signed_in=now_on)


def returned(request: HttpRequest, user_id: UUID) -> bool:
    """Whether the page's organization is still one of theirs; then it is the session's again."""
    wanted = request.POST.get(ORGANIZATION, "")
    for one in identities.memberships_of(user_id):
        if str(one.organization_id) == wanted:
            choose_organization(request, one.organization_id)
            return True
    return False


def fragment(request: HttpRequest, form: SignInForm, *, asks_code: bool = False) -> HttpResponse:
    """The dialog's inside; the page around it stays as it was typed."""
    given = request.POST or request.GET
    known = {name: given.get(name, "") for name in ("person", ORGANIZATION)}
    words = {"form": form, "asks_code": asks_code, "known": known}
    return render(request, "frame/again.html", words, status=422 if form.errors else 200)
