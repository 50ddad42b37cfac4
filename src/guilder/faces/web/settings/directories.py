"""Single sign-on: the directories that people of this installation sign in with; for operators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from guilder.faces.web import forms, typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.session.directory import return_of
from guilder.faces.web.session.proving import proved
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import ROLES, Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import Conflict, GuilderError, Invalid, NotAllowed, NotFound

HERE = "settings_directories"
TEXTS = ("name", "issuer", "client_id", "scopes", "groups_claim")
SWITCHES = ("trusts_mail", "makes_users", "is_active")


class NotAnOperator(NotAllowed):
    """Directories are of the whole installation."""

    code = "web.not_an_operator"


class DirectoryForm(forms.PaperForm):
    """A directory; its rules a line each."""

    code = forms.text(
        gettext_lazy("Code"), required=True, limit=40,
        hint=gettext_lazy("In addresses: small letters, digits, hyphens."),
    )  # fmt: skip
    name = forms.text(
        gettext_lazy("Name"), limit=100, hint=gettext_lazy("What the button says: Sign in with …")
    )
    issuer = forms.text(
        gettext_lazy("Issuer"), required=True, limit=500, inputmode="url",
        hint=gettext_lazy("Such as https://login.example.com/realms/office."),
    )  # fmt: skip
    client_id = forms.text(gettext_lazy("Client id"), required=True, limit=300)
    client_secret = forms.secret(
        gettext_lazy("Client secret"), required=False, autocomplete="off",
        hint=gettext_lazy("Left empty, the stored one stays."),
    )  # fmt: skip
    scopes = forms.text(gettext_lazy("Scopes"), limit=300)
    groups_claim = forms.text(
        gettext_lazy("Claim with groups or roles"), limit=200,
        hint=gettext_lazy("Keycloak: realm_access.roles. Entra: roles."),
    )  # fmt: skip
    rules = forms.long_text(
        gettext_lazy("Who gets which role"), rows=4,
        hint=gettext_lazy("A line each: group = role @ organization. An asterisk is everybody."),
    )  # fmt: skip
    makes_users = forms.tick(gettext_lazy("Who is new gets an account"))
    trusts_mail = forms.tick(
        gettext_lazy("It proves mail addresses without saying so"),
        hint=gettext_lazy("Only where nobody can enter another's address there."),
    )
    is_active = forms.tick(gettext_lazy("Offered on the sign-in page"))


@sensitive_post_parameters("client_secret")
@page("settings")
@proved
def directories(request: HttpRequest, visit: Visit, code: str = "") -> HttpResponse:
    """The directories, and the form of one; POST saves it."""
    require_operator(request)
    known = next((one for one in identities.directories(active=False) if one.code == code), None)
    if code and known is None:
        raise NotFound(_("There is no such directory."))
    form = DirectoryForm(request.POST or None, initial=stored(known))
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"/rules": "rules"})
        else:
            messages.success(request, _("The directory is saved."))
            return redirect("web:settings_directory", form.cleaned_data["code"])
    return drawn(request, visit, form, known)


@page("settings", methods="POST")
@proved
def directory_check(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Ask the directory for its description, as signing in does."""
    del visit
    require_operator(request)
    try:
        identity.check_directory(code)
    except GuilderError as error:
        messages.error(request, said(error.detail))
    else:
        messages.success(request, _("The provider answers."))
    return redirect("web:settings_directory", code)


@page("settings", methods="POST")
@proved
def directory_remove(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Take the directory away; its people keep their accounts."""
    del visit
    require_operator(request)
    identity.remove_directory(code)
    messages.success(request, _("The directory is removed."))
    return redirect(f"web:{HERE}")


def require_operator(request: HttpRequest) -> None:
    """Raise NotAnOperator: whoever sets a directory can sign in as everybody that it names."""
    if not getattr(request.user, "is_operator", False):
        raise NotAnOperator(_("Only who looks after this installation may do that."))


def save(given: dict[str, Any]) -> None:
    """What was typed."""
    data = {name: given[name] for name in (*TEXTS, *SWITCHES, "client_secret")}
    identity.set_directory(given["code"], data={**data, "rules": rules_of(given["rules"])})


def rules_of(text: str) -> list[dict[str, str]]:
    """The lines as rules; an organization may be named or given by its id."""
    named = {one.name.lower(): str(one.id) for one in identities.organizations()}
    rules = []
    for line in text.splitlines():
        if not line.strip():
            continue
        value, _equals, rest = line.rpartition("=")
        role, _at, organization = rest.partition("@")
        found = organization.strip()
        rules.append(
            {
                "value": value.strip(),
                "role": role.strip(),
                "organization": named.get(found.lower(), found),
            }
        )
    return rules


def stored(directory: Any) -> dict[str, Any]:
    """The form's values; of a new directory what most need."""
    if directory is None:
        return {
            "scopes": "openid email profile", "groups_claim": "groups", "makes_users": True,
            "is_active": True,
        }  # fmt: skip
    names = {str(one.id): one.name for one in identities.organizations()}
    places = [names.get(rule["organization"], rule["organization"]) for rule in directory.rules]
    own = identities.role_names(rule["role"] for rule in directory.rules)
    lines = [
        f"{rule['value']} = {written(rule['role'], own)} @ {place}"
        for rule, place in zip(directory.rules, places, strict=True)
    ]
    values = {name: getattr(directory, name) for name in ("code", *TEXTS, *SWITCHES)}
    return values | {"rules": "\n".join(lines)}


def written(role: str, own: dict[str, str]) -> str:
    """A rule's role as people write it: by name, where a line can be read with it."""
    name = own.get(role, role)
    return role if {"=", "@"} & set(name) else name


def drawn(request: HttpRequest, visit: Visit, form: DirectoryForm, known: Any) -> HttpResponse:
    """The page."""
    rows = [
        {
            "name": one.name,
            "issuer": one.issuer,
            "is_active": one.is_active,
            "url": reverse("web:settings_directory", args=[one.code]),
            "current": known is not None and one.code == known.code,
        }
        for one in identities.directories(active=False)
    ]
    return panel(
        request,
        visit,
        HERE,
        form=form,
        rows=rows,
        known=known,
        return_address=return_of(request),
        roles=", ".join(code for code in ROLES if code != "client"),
        is_refused=bool(form.errors),
    )
