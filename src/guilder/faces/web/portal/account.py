"""One's own account in the portal: name, language, password, and where one is signed in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import answers, choices, typed
from guilder.faces.web.door import ONLY, page
from guilder.faces.web.portal.forms import PersonForm
from guilder.faces.web.portal.place import drawn
from guilder.faces.web.settings.forms import PasswordForm
from guilder.faces.web.settings.security import change
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.kernel.errors import Conflict, Invalid, NotAllowed

HERE = "portal_account"


@page("portal", guests=ONLY)
def account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name and language; POST saves them."""
    user: Any = request.user
    form = person_form(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            identity.update_user(user.pk, data=form.cleaned_data)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {})
        else:
            answers.say(request, _("Saved."))
            return redirect(f"web:{HERE}")
    return page_of(request, visit, form=form)


@sensitive_post_parameters("current", "password")
@page("portal", methods="POST", guests=ONLY)
def password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new password; this browser stays signed in, all others do not."""
    user: Any = request.user
    form = PasswordForm(request.POST, prefix="secret", has_password=user.has_usable_password())
    if form.is_valid():
        try:
            change(request, form.cleaned_data)
        except (Invalid, Conflict, NotAllowed) as error:
            typed.refuse(form, error, {})
        else:
            answers.say(request, _("Your password is changed; other sessions have ended."))
            return redirect(f"web:{HERE}")
    return page_of(request, visit, secret=form)


@page("portal", methods="POST", guests=ONLY)
def leave_others(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Sign out everywhere else."""
    del visit
    user: Any = request.user
    identity.end_other_sessions(user.pk, besides=str(request.session.session_key))
    answers.say(request, _("You are signed out everywhere else."))
    return redirect(f"web:{HERE}")


def person_form(user: Any, post: Any = None) -> PersonForm:
    """The form over what is stored."""
    spoken = [("", _("As your supplier has it")), *choices.languages()]
    return PersonForm(
        post,
        initial={"name": user.name, "language": user.language},
        choices={"language": spoken},
    )


def page_of(
    request: HttpRequest,
    visit: Visit,
    *,
    form: PersonForm | None = None,
    secret: PasswordForm | None = None,
) -> HttpResponse:
    """The page, with what was refused."""
    user: Any = request.user
    refused = next((one for one in (form, secret) if one is not None and one.errors), None)
    return drawn(
        request,
        visit,
        HERE,
        status=422 if refused else 200,
        form=form or person_form(user),
        secret=secret or PasswordForm(prefix="secret", has_password=user.has_usable_password()),
        email=visit.email,
        refused=refused,
    )
