"""Loading a file of clients or items: read, matched to fields, tried out, shown, then made."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import answers
from guilder.faces.web.door import sentences
from guilder.faces.web.lists.table import Words
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import GuilderError, Invalid

MOST_ROWS = 1_000
MOST_BYTES = 2_000_000
SHOWN = 100
Rows = list[list[str]]


class NotReadable(Invalid):
    """The file cannot be read as rows."""

    code = "import.not_readable"


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column may fill; `names` are heads that mean it, in small letters."""

    key: str
    label: Words
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What is loaded, from what, and how: `wire` makes a row's values into what the room takes,
    `make` enters all rows or none and gives each row's error, or None."""

    title: Words
    route: str
    home: str
    accept: str
    hint: Words
    targets: Sequence[Target]
    sample: str
    wire: Callable[[Mapping[str, str], Visit], dict[str, Any]]
    make: Callable[[Sequence[Mapping[str, Any]], Visit, bool], list[GuilderError | None]]
    nouns: Callable[[int], str]
    cards: Callable[[str], Rows] | None = None


def answer(request: HttpRequest, visit: Visit, loading: Loading) -> HttpResponse:
    """The form; what a file would give; and the loading itself."""
    words: dict[str, Any] = {"loading": loading, "step": "file", "problem": ""}
    if request.method != "POST":
        return render(request, "lists/import.html", words)
    try:
        rows = rows_of(request, loading)
    except NotReadable as error:
        words["problem"] = said(error.detail)
        return render(request, "lists/import.html", words, status=422)
    chosen = matched(request, rows[0], loading)
    found = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    return checked(request, visit, loading, rows[0], found, chosen)


def checked(
    request: HttpRequest,
    visit: Visit,
    loading: Loading,
    heads: list[str],
    rows: Rows,
    chosen: list[str],
) -> HttpResponse:
    """Try the rows out; make them where that was asked for and nothing stands in the way."""
    wired = [loading.wire(values_of(row, chosen), visit) for row in rows]
    errors = loading.make(wired, visit, True)
    skip = bool(request.POST.get("skip"))
    good = [one for one, error in zip(wired, errors, strict=True) if error is None]
    if request.POST.get("do") == "load" and good and (skip or len(good) == len(wired)):
        loading.make(good, visit, False)
        answers.say(request, loading.nouns(len(good)))
        return answers.redirect(reverse(loading.home))
    faults = sum(error is not None for error in errors)
    words = {
        "loading": loading,
        "step": "check",
        "problem": "",
        "heads": [
            {"name": name or _("Column %(n)s") % {"n": n + 1}, "key": f"col-{n}", "chosen": key}
            for n, (name, key) in enumerate(zip(heads, chosen, strict=True))
        ],
        "rows": drawn(rows, errors, len(heads)),
        "hidden_rows": max(0, len(rows) - SHOWN),
        "count": len(rows),
        "good": len(good),
        "faults": faults,
        "fault_words": ngettext(
            "%(n)s row has a fault.", "%(n)s rows have a fault.", faults
        ) % {"n": faults},
        "text": text_of([heads, *rows]),
        "skip": skip,
    }  # fmt: skip
    return render(request, "lists/import.html", words, status=422 if faults else 200)


def drawn(rows: Rows, errors: Sequence[GuilderError | None], width: int) -> list[dict[str, Any]]:
    """Rows with what is wrong with each; those with faults first, at most SHOWN in all."""
    made = [
        {
            "n": n,
            "cells": [*row, *[""] * (width - len(row))][:width],
            "faults": sentences(error) if error is not None else [],
        }
        for n, (row, error) in enumerate(zip(rows, errors, strict=True), start=2)
    ]
    return sorted(made, key=lambda one: not one["faults"])[:SHOWN]


# Reading


def rows_of(request: HttpRequest, loading: Loading) -> Rows:
    """The rows of the file that came, or of what was read before; the first are the heads.

    Raises NotReadable.
    """
    sent = request.FILES.get("file")
    if sent is None:
        text = request.POST.get("text", "")
        if not text.strip():
            raise NotReadable(_("Choose a file."))
        return table_of(text)
    if sent.size > MOST_BYTES:
        raise NotReadable(_("The file is too large: 2 MB and 1,000 rows at most. Split it."))
    text = decoded(sent.read())
    if loading.cards is not None and text.lstrip().upper().startswith("BEGIN:VCARD"):
        return bounded(loading.cards(text))
    return table_of(text)


def decoded(data: bytes) -> str:
    """Text of UTF-8, UTF-16 with its mark, or what Windows writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def table_of(text: str) -> Rows:
    """CSV with whichever of , ; tab and | parts its first line. Raises NotReadable."""
    if "\x00" in text:
        raise NotReadable(_("This is not a text file. Save the table as CSV and try again."))
    first = text.split("\n", 1)[0]
    mark = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=mark, strict=False))
    except csv.Error as error:
        raise NotReadable(_("The file cannot be read as a table. Save it as CSV.")) from error
    return bounded([row for row in rows if row])


def bounded(rows: Rows) -> Rows:
    """The rows, heads among them, if they are as many as one file may hold. Raises NotReadable."""
    if len(rows) < 2:
        raise NotReadable(_("The file has no rows under its heads."))
    if len(rows) > MOST_ROWS + 1:
        raise NotReadable(_("The file has more than 1,000 rows. Split it."))
    if len(rows[0]) > 60:
        raise NotReadable(_("The file has more than 60 columns."))
    return rows


def text_of(rows: Rows) -> str:
    """Rows as the form carries them to the next step."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


# Matching


def matched(request: HttpRequest, heads: Sequence[str], loading: Loading) -> list[str]:
    """The field that each column fills: as chosen, else as its head says; "" for none."""
    known = {one.key for one in loading.targets}
    taken: set[str] = set()
    chosen = []
    for n, head in enumerate(heads):
        key = request.POST.get(f"col-{n}", guess(head, loading.targets))
        key = key if key in known and key not in taken else ""
        taken.add(key)
        chosen.append(key)
    return chosen


def guess(head: str, targets: Sequence[Target]) -> str:
    """The field that a head means."""
    plain = head.strip().casefold().replace("_", " ").replace("-", " ").replace("*", "").strip()
    for one in targets:
        if plain == one.key.replace("_", " ") or plain in one.names:
            return one.key
    return ""


def values_of(row: Sequence[str], chosen: Sequence[str]) -> dict[str, str]:
    """A row's values by field, without those that are empty."""
    pairs = zip(chosen, row, strict=False)
    return {key: cell.strip() for key, cell in pairs if key and cell.strip()}
