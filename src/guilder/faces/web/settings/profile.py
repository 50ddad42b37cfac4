"""My profile: who I am, and how I read."""

from typing import Any
from uuid import UUID

from babel import Locale
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.settings.forms import ProfileForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as people
from guilder.kernel.errors import Conflict, Invalid
from guilder.papers.rendering import operations as rendering

STORED = ("name", "phone", "language", "formats", "time_zone")
LOCALES = (
    "en-GB", "en-US", "en-IE", "de-DE", "de-AT", "de-CH", "fr-FR", "fr-BE", "fr-CH", "es-ES",
    "es-MX", "nl-NL", "nl-BE", "it-IT", "pt-PT", "pl-PL", "sv-SE", "da-DK", "fi-FI", "ar-AE",
)  # fmt: skip
PICTURE_LIMIT = 5 << 20


@page("settings")
def profile(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name, language, formats, picture; POST saves them."""
    user: Any = request.user
    form = profile_form(user, request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return drawn(request, visit, form=form)
    try:
        save(form.cleaned_data, user.pk)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {"": "picture"})
        return drawn(request, visit, form=form)
    messages.success(request, _("Your profile is saved."))
    return redirect("web:profile")


@page("settings", methods="GET")
def picture(request: HttpRequest, visit: Visit, user_id: UUID) -> HttpResponse:
    """Somebody's picture; its address changes with it, so that browsers may keep it."""
    del request
    answer = HttpResponse(people.picture_of(user_id, by=visit.by), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def profile_form(user: Any, post: Any = None, sent: Any = None) -> ProfileForm:
    """The form over what is stored."""
    zones = choices.time_zones().after(("", _("As the organization's")))
    return ProfileForm(
        post,
        sent,
        initial={name: getattr(user, name) for name in STORED},
        choices={
            "language": [("", _("As the organization's")), *choices.languages()],
            "formats": [("", _("As the language has it")), *locale_pairs(user.formats)],
            "time_zone": zones,
        },
    )


def locale_pairs(own: str) -> choices.Pairs:
    """Ways to write figures and dates, by their own names with an example."""
    codes = [*LOCALES, *([own] if own and own not in LOCALES else [])]
    return [(code, (Locale.parse(code, sep="-").get_display_name() or code)) for code in codes]


def save(given: dict[str, Any], user_id: UUID) -> None:
    """What was typed, and the picture."""
    identity.update_user(user_id, data={name: given[name] for name in STORED})
    if given["picture"]:
        data = given["picture"].read(PICTURE_LIMIT + 1)
        identity.set_picture(user_id, png=rendering.square_picture(data))
    elif given["remove_picture"]:
        identity.set_picture(user_id, png=b"")


def drawn(request: HttpRequest, visit: Visit, *, form: ProfileForm | None = None) -> HttpResponse:
    """The page; what was refused comes with its faults."""
    user: Any = request.user
    return panel(
        request,
        visit,
        "profile",
        form=form or profile_form(user),
        person=form or profile_form(user),
        mark=user.picture_mark,
        user_id=user.pk,
        is_refused=form is not None and bool(form.errors),
    )
