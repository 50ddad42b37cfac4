"""Which language a page speaks, and in which locale it writes figures and dates.

Three things are told apart: the language of the pages (the person's, else the organization's, else
the browser's), the locale of figures (the person's `formats`, else the language's own), and the
language of a document (its client's; the rooms know that one).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from guilder.faces.web import formats
from guilder.foundation.identity.models import Organization


def known(tag: str) -> str:
    """The language of ours that serves a BCP 47 tag: "de" for "de-AT"; "" for one we lack."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return language if language in dict(settings.LANGUAGES) else ""


def of_browser(request: HttpRequest) -> str:
    """The best of ours that the browser asks for, else English."""
    return known(translation.get_language_from_request(request)) or settings.LANGUAGE_CODE


def of_reader(request: HttpRequest) -> str:
    """What whoever is signed in has chosen, else what their browser asks for."""
    user = getattr(request, "user", None)
    return known(getattr(user, "language", "") or "") or of_browser(request)


def greet(user: Any, organization: Organization) -> None:
    """Go over to what a person reads and writes in an organization; see `speak`."""
    language = known(user.language) or known(organization.language)
    speak(language or settings.LANGUAGE_CODE, written=user.formats)
    formats.zone_of_reader.set(user.time_zone)


@contextmanager
def spoken(language: str, *, written: str = "") -> Iterator[None]:
    """Speak `language` for a while; figures in the locale `written`, or the language's own."""
    before = formats.written_in.set(written)
    zone = formats.zone_of_reader.set("")
    try:
        with translation.override(language):
            yield
    finally:
        formats.zone_of_reader.reset(zone)
        formats.written_in.reset(before)


def speak(language: str, *, written: str = "") -> None:
    """Go over to `language` until the surrounding `spoken` ends."""
    translation.activate(language)
    formats.written_in.set(written)


def told(response: HttpResponse) -> HttpResponse:
    """The answer, which names its language."""
    response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return response
