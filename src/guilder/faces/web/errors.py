"""The last resorts: an address that is none, and a page that broke."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guilder.faces.web import languages
from guilder.faces.web.shell import request_id_of


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that is none."""
    del exception
    with languages.spoken(languages.of_reader(request)):
        return render(request, "404.html", {"detail": ""}, status=404)


def crashed(request: HttpRequest) -> HttpResponse:
    """500, with the reference that the log has too; asks nothing that may be broken."""
    with languages.spoken(languages.of_browser(request)):
        words = {"request_id": request_id_of(request)}
        return render(request, "500.html", words, status=500)


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the token of its page; the page it was on is one step back."""
    del reason
    seen = urlsplit(request.headers.get("Referer", ""))
    back = seen.path if seen.netloc == request.get_host() else ""
    with languages.spoken(languages.of_browser(request)):
        words = {"request_id": request_id_of(request), "back": back}
        return render(request, "stale.html", words, status=403)
