"""Answers with what every page has and none changes; see everywhere.py."""

from django.http import HttpRequest, HttpResponse

from guilder.faces.web import everywhere
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit

KEPT = "private, max-age=31536000, immutable"


@page("", methods="GET")
def told(request: HttpRequest, visit: Visit, stamp: str) -> HttpResponse:
    """The pieces as markup; `stamp` is the hash of what the page that asks was drawn with."""
    del stamp
    runs_all = getattr(request.user, "is_operator", False)
    return HttpResponse(everywhere.markup(visit.by.permissions, is_operator=runs_all))


def shared(request: HttpRequest, stamp: str) -> HttpResponse:
    """The same, kept by the browser where it is what the page asked for."""
    response = told(request, stamp)
    if response.status_code == 200 and everywhere.stamp_of(response.content.decode()) == stamp:
        del response["Expires"]
        response["Cache-Control"] = KEPT
    return response


shared.methods = told.methods  # type: ignore[attr-defined]
