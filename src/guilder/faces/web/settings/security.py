"""Sign-in and security: password, second factors, passkeys, directories, where one is signed in."""

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from guilder.faces.web import typed
from guilder.faces.web.agents import told as agent_told
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.session import tasks
from guilder.faces.web.session.entering import base_of
from guilder.faces.web.session.proving import is_proved, proved
from guilder.faces.web.settings.forms import AppForm, PasswordForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as people
from guilder.foundation.identity.operations.passkeys import UnknownPasskey
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.errors import Conflict, GuilderError, Invalid

APP_SECRET = "app_secret"  # noqa: S105  (the session's key, while an app is set up)
HERE = "profile_security"


@page("settings", methods="GET")
def security(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All of it on one page."""
    return drawn(request, visit)


@sensitive_post_parameters("current", "password")
@page("settings", methods="POST")
def password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new password; this session stays, all others end."""
    user: Any = request.user
    form = PasswordForm(request.POST, prefix="secret", has_password=user.has_usable_password())
    if form.is_valid():
        try:
            change(request, form.cleaned_data)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {})
        else:
            messages.success(request, _("Your password is changed; other sessions have ended."))
            return redirect(f"web:{HERE}")
    return drawn(request, visit, secret=form)


def change(request: HttpRequest, given: dict[str, str]) -> None:
    """Change the password, keep this session under a new key, end the others, tell by mail."""
    user: Any = request.user
    if user.has_usable_password():
        identity.change_password(user.pk, current=given["current"], password=given["password"])
    elif is_proved(request):
        identity.set_password(user.pk, password=given["password"])
    else:
        raise Conflict(_("Confirm who you are first: sign out and in again."))
    before = str(request.session.session_key)
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    identity.move_browser(before, str(request.session.session_key))
    identity.end_other_sessions(user.pk, besides=str(request.session.session_key))
    tell(request, "password")


@page("settings")
@proved
def app(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Set an authenticator app up: a code to scan, and the first code back."""
    if not is_proved(request):
        return redirect(f"{reverse('web:confirm')}?{urlencode({'next': request.path})}")
    user: Any = request.user
    secret = request.session.setdefault(APP_SECRET, identity.new_app_secret())
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = identity.add_app(user, secret=secret, code=form.cleaned_data["code"])
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/code": "code", "": "code"})
        else:
            request.session.pop(APP_SECRET, None)
            tell(request, "app")
            messages.success(request, _("The authenticator app is set up."))
            return shown(request, visit, codes) if codes else redirect(f"web:{HERE}")
    name = urlencode({"secret": secret, "issuer": "Guilder"})
    picture = segno.make(f"otpauth://totp/Guilder:{user.email}?{name}", error="m")
    return panel(
        request,
        visit,
        HERE,
        template="app",
        form=form,
        picture=picture.svg_data_uri(scale=5, border=2, light="#fff"),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        is_refused=bool(form.errors),
    )


@page("settings", methods="POST")
@proved
def codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """New recovery codes, shown once."""
    fresh = identity.new_recovery_codes(request.user)  # type: ignore[arg-type]
    tell(request, "codes")
    return shown(request, visit, fresh)


@sensitive_variables("codes")
def shown(request: HttpRequest, visit: Visit, codes: list[str]) -> HttpResponse:
    """Recovery codes, to be kept."""
    halves = [f"{code[:4]} {code[4:]}" for code in codes]
    return panel(request, visit, HERE, template="codes", codes=halves, text="\n".join(halves))


@page("settings", methods="POST")
@proved
def factor_remove(request: HttpRequest, visit: Visit, factor_id: int) -> HttpResponse:
    """Take an app or a passkey away."""
    del visit
    identity.remove_factor(factor_id, user=request.user)  # type: ignore[arg-type]
    tell(request, "factor_removed")
    messages.success(request, _("The second factor is removed."))
    return redirect(f"web:{HERE}")


@page("settings", methods="POST")
def passkey_begin(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the browser makes a passkey from; without a fresh proof, where to give one."""
    del visit
    if not is_proved(request):
        to = urlencode({"next": reverse(f"web:{HERE}")})
        return JsonResponse({"to": f"{reverse('web:confirm')}?{to}"}, status=403)
    return JsonResponse(identity.begin_new_passkey(request.user))  # type: ignore[arg-type]


@page("settings", methods="POST")
@proved
def passkey_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep the passkey; the recovery codes that came with it are shown once."""
    sent = request.POST.get("answer", "")
    try:
        fresh = identity.finish_new_passkey(sent.encode(), user=request.user)  # type: ignore[arg-type]
    except UnknownPasskey as error:
        messages.error(request, said(error.detail))
        return redirect(f"web:{HERE}")
    tell(request, "passkey")
    messages.success(request, _("The passkey is kept. You can sign in with it from now on."))
    return shown(request, visit, fresh) if fresh else redirect(f"web:{HERE}")


@page("settings", methods="POST")
def session_end(request: HttpRequest, visit: Visit, session_id: UUID) -> HttpResponse:
    """Sign a browser or a program out."""
    del visit
    user: Any = request.user
    identity.end_session(session_id, user_id=user.pk)
    messages.success(request, _("The session has ended."))
    return redirect(f"web:{HERE}")


@page("settings", methods="POST")
def sessions_end(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Sign out everywhere else."""
    del visit
    user: Any = request.user
    count = identity.end_other_sessions(user.pk, besides=str(request.session.session_key))
    words = ngettext("%(n)s other session has ended.", "%(n)s other sessions have ended.", count)
    messages.success(request, words % {"n": count})
    return redirect(f"web:{HERE}")


@page("settings", methods="POST")
@proved
def directory_unlink(request: HttpRequest, visit: Visit, account_id: UUID) -> HttpResponse:
    """Part with a directory."""
    del visit
    user: Any = request.user
    try:
        identity.unlink(account_id, user_id=user.pk)
    except GuilderError as error:
        messages.error(request, said(error.detail))
    else:
        messages.success(request, _("You are no longer linked with it."))
    return redirect(f"web:{HERE}")


def tell(request: HttpRequest, kind: str) -> None:
    """A mail to the person about what changed."""
    user: Any = request.user
    enqueue(tasks.mail_change, user_id=user.pk, kind=kind, base=base_of(request))


def drawn(
    request: HttpRequest, visit: Visit, *, secret: PasswordForm | None = None
) -> HttpResponse:
    """The page; what was refused comes with its faults."""
    user: Any = request.user
    has_password = user.has_usable_password()
    secret = secret or PasswordForm(prefix="secret", has_password=has_password)
    factors = people.factors_of(user.pk)
    return panel(
        request,
        visit,
        HERE,
        form=secret,
        secret=secret,
        has_password=has_password,
        app=factors["app"],
        passkeys=[passkey_row(one) for one in factors["passkeys"]],
        codes_left=factors["codes"],
        browsers=browsers_of(request, user.pk),
        programs=[
            {"id": one.id, "name": one.agent or _("A program"), "address": one.address,
             "at": one.refreshed_at}
            for one in people.token_sessions(user.pk)
        ],
        accounts=people.directory_accounts(user.pk),
        directories=people.directories(),
        is_refused=bool(secret.errors),
    )  # fmt: skip


def passkey_row(row: Any) -> dict[str, Any]:
    """A passkey as it is shown."""
    return {
        "id": row.pk,
        "name": row.data.get("name") or _("Passkey"),
        "created_at": row.created_at,
        "used_at": row.last_used_at,
    }


def browsers_of(request: HttpRequest, user_id: UUID) -> list[dict[str, Any]]:
    """Where the person is signed in, this browser first."""
    methods = {
        "password": _("with the password"),
        "passkey": _("with a passkey"),
        "directory": _("through a directory"),
        "link": _("by a link"),
    }
    key = str(request.session.session_key)
    rows = [
        {
            "id": one.id,
            "name": agent_told(one.agent),
            "address": one.address,
            "at": one.seen_at,
            "how": methods.get(one.method, ""),
            "here": one.key == key,
        }
        for one in people.browser_sessions(user_id)
    ]
    return sorted(rows, key=lambda row: not row["here"])
