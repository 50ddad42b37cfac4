"""Days as people type them; frontend/js/dates.js reads the same table in the browser tests."""

import json
from datetime import date
from pathlib import Path

import pytest

from guilder.faces.web import days

TABLE = json.loads(Path(__file__).with_name("days.json").read_text())
TODAY, BASE = (date.fromisoformat(TABLE[name]) for name in ("today", "base"))


@pytest.mark.parametrize(("text", "meant"), TABLE["cases"])
def test_a_typed_day_is_read(text: str, meant: str | None):
    found = days.read(text, today=TODAY, base=BASE)

    assert (found and found.isoformat()) == meant


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("20. Nov. 2026", "de", date(2026, 11, 20)),
        ("15. märz", "de", date(2027, 3, 15)),
        ("fr", "de", date(2026, 11, 27)),
        ("20 nov. 2026", "fr", date(2026, 11, 20)),
        ("20 de noviembre de 2026", "es", date(2026, 11, 20)),
        ("20 mrt", "nl", date(2027, 3, 20)),
        ("٢٠/١١/٢٠٢٦", "ar", date(2026, 11, 20)),
        ("11/12/2026", "en-us", date(2026, 11, 12)),
        ("11/12/2026", "en", date(2026, 12, 11)),
        ("20 nov", "de", date(2026, 11, 20)),
    ],
)
def test_a_typed_day_is_read_in_the_readers_language(text: str, language: str, meant: date):
    assert days.read(text, today=TODAY, language=language) == meant


def test_a_year_that_is_too_far_is_no_day():
    assert days.read("+9999y", today=TODAY) is None


def test_a_field_shows_its_day_with_the_month_in_letters_and_takes_it_back():
    from django.utils import translation

    from guilder.faces.web import forms

    field = forms.day("Due")

    with translation.override("en"):
        assert field.widget.format_value(date(2026, 11, 20)) == "20 Nov 2026"
        assert field.clean("20 Nov 2026") == date(2026, 11, 20)
        assert not field.has_changed(date(2026, 11, 20), "20.11.2026")
