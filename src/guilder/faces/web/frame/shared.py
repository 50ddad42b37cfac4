"""Answers with what every page has and none changes; see everywhere.py."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guilder.faces.web import choices, everywhere
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import NotFound

KEPT = "private, max-age=31536000, immutable"


@page("", methods="GET")
def told(request: HttpRequest, visit: Visit, stamp: str) -> HttpResponse:
    """The pieces as markup; `stamp` is the hash of what the page that asks was drawn with."""
    del stamp
    runs_all = getattr(request.user, "is_operator", False)
    return HttpResponse(everywhere.markup(visit.by.permissions, is_operator=runs_all))


def shared(request: HttpRequest, stamp: str) -> HttpResponse:
    """The same, kept by the browser where it is what the page asked for."""
    return kept(request, told(request, stamp), stamp)


@page("", methods="GET")
def told_options(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Choices of one name as markup."""
    del request, visit
    if name not in choices.KNOWN:
        raise NotFound(_("There are no such choices."))
    return HttpResponse(everywhere.options(name))


def options(request: HttpRequest, name: str, stamp: str) -> HttpResponse:
    """The same, kept by the browser where it is what the page asked for."""
    return kept(request, told_options(request, name), stamp)


def kept(request: HttpRequest, response: HttpResponse, stamp: str) -> HttpResponse:
    """An answer that a browser keeps where it is what its address says."""
    if response.status_code == 200 and everywhere.stamp_of(response.content.decode()) == stamp:
        del response["Expires"]
        response["Cache-Control"] = KEPT
        # The address says what it is for any session: "Vary: Cookie" would have it fetched anew
        # with every cookie that comes.
        request.session.accessed = False
    return response


shared.methods = told.methods  # type: ignore[attr-defined]
options.methods = told_options.methods  # type: ignore[attr-defined]
