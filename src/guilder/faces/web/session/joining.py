"""Coming in by an invitation: with the account that one has, or with a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import answers, typed
from guilder.faces.web.door import outside
from guilder.faces.web.session.entering import LINK, enter
from guilder.faces.web.session.forms import ActivateForm
from guilder.faces.web.shell import ROLES, address_of, choose_organization
from guilder.foundation.edges import throttle
from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import Conflict, Invalid, NotAllowed
from guilder.registers.parties import operations as parties

KIND = "join"


@outside
def arrive(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of a mail: its secret leaves the address, and nothing is used up by looking."""
    if not request.session.session_key:
        request.session.create()
    request.session[LINK] = {"kind": KIND, "secret": secret}
    return redirect("web:join")


@sensitive_post_parameters("password")
@outside
def join(request: HttpRequest) -> HttpResponse:
    """Say yes: as who is signed in, or by choosing name and password."""
    kept = request.session.get(LINK) or {}
    secret = str(kept.get("secret", "")) if kept.get("kind") == KIND else ""
    try:
        invitation = identities.find_invitation(secret, at=timezone.now())
    except identities.NoSuchToken:
        request.session.pop(LINK, None)
        throttle.spend("secret", throttle.who_at(address_of(request)))
        return render(request, "session/link_gone.html", {"is_reset": False}, status=404)
    user: Any = request.user
    known = identities.user_by_email(invitation.email)
    is_me = user.is_authenticated and known is not None and known.id == user.pk
    form = ActivateForm(
        request.POST if request.method == "POST" and known is None else None,
        initial={"name": invitation.name},
    )
    words = {
        "form": form,
        "email": invitation.email,
        "organization": invitation.organization.name,
        "role": invitation.custom_role.name
        if invitation.custom_role
        else ROLES.get(invitation.role, invitation.role),
        "is_guest": invitation.role == "client",
        "inviter": invitation.invited_by.get_full_name() if invitation.invited_by else "",
        "is_me": is_me,
        "has_account": known is not None,
        "signed_in_as": user.email if user.is_authenticated else "",
    }
    if request.method == "POST" and (is_me or (known is None and form.is_valid())):
        return accepted(request, secret, form, words, is_me=is_me)
    return render(request, "session/join.html", words, status=422 if form.errors else 200)


def accepted(
    request: HttpRequest, secret: str, form: ActivateForm, words: dict[str, Any], *, is_me: bool
) -> HttpResponse:
    """Let them in, and into the organization that invited them."""
    given: dict[str, Any] = {"user_id": request.user.pk} if is_me else form.cleaned_data
    if not is_me:
        given = {**given, "language": get_language() or ""}
        if request.user.is_authenticated:
            return render(request, "session/join.html", words, status=403)
    try:
        member, organization_id = parties.accept_invitation(secret, at=timezone.now(), **given)
    except (Invalid, Conflict, NotAllowed) as error:
        typed.refuse(form, error, {"/password": "password", "/name": "name"})
        return render(request, "session/join.html", words, status=422)
    if is_me:
        request.session.pop(LINK, None)
    else:
        enter(request, member, method="link")
    choose_organization(request, organization_id)
    answers.say(request, _("Welcome to %(who)s.") % {"who": words["organization"]})
    return redirect(reverse("web:overview"))
