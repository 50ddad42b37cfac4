"""Which language a page speaks, and in which locale it writes figures."""

from datetime import date

import pytest
from django.utils import translation

from guilder.faces.web import formats, languages
from guilder.faces.web.sentences import patterns, said
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import Invalid
from guilder.kernel.money import Money


def read_in(browsing, world, **changes) -> str:
    user = identities.user_by_email(world.alice_email)
    identity.update_user(user.id, data=changes)
    answer = browsing("alice").get("/", headers={"Accept-Language": "fr"})
    return answer.content.decode()


def test_the_person_decides_before_organization_and_browser(world, browsing):
    assert '<html lang="de" dir="ltr"' in read_in(browsing, world, language="de")


def test_the_organization_decides_where_the_person_has_not(world, browsing):
    assert '<html lang="en" dir="ltr"' in read_in(browsing, world, language="")


def test_arabic_runs_from_right_to_left(world, browsing):
    assert '<html lang="ar" dir="rtl"' in read_in(browsing, world, language="ar")


def test_who_is_not_signed_in_is_met_in_the_browsers_language(world, client_of_nobody):
    answer = client_of_nobody.get("/sign-in/", headers={"Accept-Language": "nl-BE,nl;q=0.8"})

    assert answer["Content-Language"] == "nl"
    assert '<html lang="nl"' in answer.content.decode()


def test_an_unknown_language_is_english(world, client_of_nobody):
    answer = client_of_nobody.get("/sign-in/", headers={"Accept-Language": "tlh"})

    assert answer["Content-Language"] == "en"


@pytest.fixture
def client_of_nobody():
    from django.test import Client

    return Client()


def test_figures_follow_the_language_unless_a_locale_is_chosen():
    amount, day = Money.of("1234.50", "EUR"), date(2026, 11, 20)

    with languages.spoken("de"):
        assert formats.money(amount, formats.reader()) == "1.234,50\u00a0€"
        with languages.spoken("en", written="de-CH"):
            assert formats.money(amount, formats.reader()) == "EUR\u00a01’234.50"
        assert formats.day(day, formats.reader()) == "20. Nov. 2026"
    assert formats.money(amount, formats.reader()) == "€1,234.50"


def test_a_locale_that_is_none_is_refused(world):
    user = identities.user_by_email(world.alice_email)

    with pytest.raises(Invalid) as caught:
        identity.update_user(user.id, data={"formats": "de_nowhere"})

    assert [one.pointer for one in caught.value.problems] == ["/formats"]


@pytest.mark.parametrize(
    ("tag", "language"), [("de-AT", "de"), ("pt_BR", ""), ("AR", "ar"), ("", "")]
)
def test_tags_are_served_by_the_language_that_we_have(tag, language):
    assert languages.known(tag) == language


def test_a_rooms_sentence_is_told_in_the_readers_language():
    with translation.override("de"):
        assert said("Enter a value.") == "Geben Sie einen Wert ein."
        assert said("Use at most 40 characters.") == "Verwenden Sie höchstens 40 Zeichen."
        assert said("Nobody ever wrote this.") == "Nobody ever wrote this."
    with translation.override("en"):
        assert said("Use at most 40 characters.") == "Use at most 40 characters."


def test_a_sentence_about_no_value_is_not_taken_for_one_with_values():
    for pattern, template in patterns():
        values = {name: f"«{name}»" for name in pattern.groupindex}
        first = next(one for one, _words in patterns() if one.fullmatch(template.format(**values)))

        assert first is pattern, template
