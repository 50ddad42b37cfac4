"""Retries, reply codes, placeholders and texts."""

from datetime import UTC, datetime, timedelta

import pytest

from guilder.office.dispatch import placeholders, texts
from guilder.office.dispatch.calc import STEPS, Failure, failure_of, next_attempt

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize("code", [None, 421, 450, 451, 452, 454, 530, 535])
def test_what_may_pass_is_tried_again(code: int | None) -> None:
    assert failure_of(code) is Failure.TEMPORARY


@pytest.mark.parametrize("code", [550, 551, 552, 553, 554, 500, 501])
def test_what_will_not_pass_is_given_up(code: int) -> None:
    assert failure_of(code) is Failure.PERMANENT


def test_tries_grow_rarer_and_end_after_about_three_days() -> None:
    waits = [next_attempt(n, at=NOW) for n in range(1, len(STEPS) + 1)]

    assert waits[0] == NOW + timedelta(minutes=1)
    assert list(STEPS) == sorted(STEPS)
    assert timedelta(days=2) < sum(STEPS, timedelta()) < timedelta(days=3)
    assert next_attempt(len(STEPS) + 1, at=NOW) is None


def test_a_template_is_filled_once_and_values_are_not_templates() -> None:
    filled = placeholders.fill(
        "Hello {{ client.name }},\n{{message}}\n", {"client.name": "{{ message }}", "message": "Hi"}
    )

    assert filled == "Hello {{ message }},\nHi\n"


def test_a_line_of_an_empty_placeholder_goes() -> None:
    assert placeholders.fill("A\n\n{{ message }}\n\nB", {}) == "A\n\nB\n"


@pytest.mark.parametrize(
    "template",
    [
        "{{ client.__class__ }}",
        "{{ settings.SECRET_KEY }}",
        "{% load x %}{{ evil() }}",
        "{{ open",
        "closed }}",
        "{{ a b }}",
        "x" * 20_001,
    ],
)
def test_a_template_outside_the_vocabulary_is_refused(template: str) -> None:
    with pytest.raises((placeholders.UnknownPlaceholder, placeholders.TemplateTooLong)):
        placeholders.check(template)


def test_a_subject_is_one_line_whatever_the_names_hold() -> None:
    subject = placeholders.fill_line(
        "Invoice for {{ client.name }}", {"client.name": "A\r\nBcc: x@y.example"}
    )

    assert subject == "Invoice for A Bcc: x@y.example"


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("kind", texts.KINDS)
def test_every_language_has_words_for_every_kind(language: str, kind: str) -> None:
    subject, text = texts.defaults(kind, language)

    placeholders.check(subject)
    placeholders.check(text)
    named = "organization.name" if kind in {"statement", "receipt"} else "document.number"
    assert f"{{{{ {named} }}}}" in subject
    told = "reminder.list" if kind in texts.REMINDERS else "document.total"
    assert f"{{{{ {told} }}}}" in text


def test_an_unknown_language_falls_back_to_english() -> None:
    assert texts.language_of("pt-BR") == "en"
    assert texts.language_of("de_CH") == "de"


def test_the_page_escapes_what_people_typed() -> None:
    page = texts.html_of("<b>x</b> & y\n\nz", subject="<i>", language="ar")

    assert "&lt;b&gt;x&lt;/b&gt; &amp; y" in page
    assert "<title>&lt;i&gt;</title>" in page
    assert 'dir="rtl"' in page
