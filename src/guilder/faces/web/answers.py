"""What an act answers: a toast (with undo), a closed sheet, a fresh list; to htmx or plainly."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

SECONDS = 8  # how long a toast stays
SHEET = "sheet-body"


@dataclass(frozen=True, slots=True)
class Undo:
    """Where an act is taken back, by POST, and the button's word; no address, no button."""

    url: str = ""
    label: str = ""


def swaps(request: HttpRequest) -> bool:
    """Whether htmx asked, so that a fragment and triggers are wanted and no page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


def in_sheet(request: HttpRequest) -> bool:
    """Whether the answer goes into the sheet: render the form inside <c-sheet> alone."""
    return request.headers.get("HX-Target") == SHEET


def say(request: HttpRequest, text: str, *, undo: str = "", undo_label: str = "") -> None:
    """A toast on the next page. `undo` is the address that takes the act back by POST."""
    tags = urlencode({"undo": undo, "label": undo_label}) if undo else ""
    messages.success(request, text, extra_tags=tags)


def undo_of(message: Any) -> Undo:
    """What `say` put into a message."""
    found = parse_qs(getattr(message, "extra_tags", "") or "")
    return Undo(found.get("undo", [""])[0], found.get("label", [""])[0])


def done(
    request: HttpRequest,
    *,
    to: str,
    text: str = "",
    undo: str = "",
    undo_label: str = "",
    refresh: bool = True,
) -> HttpResponse:
    """An act is through: a toast, the sheet closed and what is shown fetched anew for htmx;
    else a redirect to `to` with the same words."""
    if not swaps(request):
        if text:
            say(request, text, undo=undo, undo_label=undo_label)
        return redirect(to)
    events: dict[str, Any] = {}
    if text:
        events["toast"] = toast_of(text, undo=undo, undo_label=undo_label)
    if refresh:
        events["refresh"] = True
    # Last, since closing takes the form away that the others are told through.
    return trigger(HttpResponse(status=204), **events, sheet_close=True)


def toast_of(text: str, *, undo: str = "", undo_label: str = "") -> dict[str, Any]:
    """The toast's own part of an HX-Trigger header."""
    said: dict[str, Any] = {"text": str(text), "seconds": SECONDS}
    if undo:
        said |= {"undo_url": undo, "undo_label": str(undo_label)}
    return said


def trigger(response: HttpResponse, **events: Any) -> HttpResponse:
    """Add events to the answer's HX-Trigger; underscores are written as hyphens."""
    before = json.loads(response.headers.get("HX-Trigger", "{}"))
    named = {name.replace("_", "-"): value for name, value in events.items()}
    response["HX-Trigger"] = json.dumps(before | named)  # ASCII: a header takes no more
    return response
