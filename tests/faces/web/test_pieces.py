"""Pieces of pages that are kept: drawn once, never another's, never old."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from guilder.books.invoicing import operations as invoicing
from guilder.faces.web import pieces, shell
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import Membership
from guilder.office.desk import operations as desk
from tests import make

Browse = Callable[[str], Client]
SHOWS = '{% piece "test" of=mark %}{{ word }}{% endpiece %}'


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test begins with none."""
    pieces.forget()


@pytest.fixture
def alice(browsing: Browse) -> Client:
    """An admin's browser."""
    return browsing("alice")


def drawn(mark: Any, word: str) -> str:
    """A piece that shows a word."""
    return Template(SHOWS).render(Context({"mark": mark, "word": word}))


def body(browser: Client, place: str = "/") -> str:
    """A page."""
    return browser.get(place).content.decode()


# The tag


def test_a_piece_is_drawn_once_for_a_mark():
    assert drawn(("a", 1), "first") == "first"
    assert drawn(("a", 1), "second") == "first"
    assert drawn(("a", 2), "third") == "third"


def test_without_a_mark_nothing_is_kept():
    assert [drawn((), "first"), drawn((), "second")] == ["first", "second"]


def test_each_language_has_its_own():
    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said.append(drawn("a", language))

    assert said == ["en", "de", "en"]


def test_what_was_not_used_for_longest_goes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pieces, "MOST", 2)
    drawn("a", "first")
    drawn("b", "first")
    drawn("a", "first")
    drawn("c", "first")

    assert [drawn(mark, "again") for mark in ("a", "c", "b")] == ["first", "first", "again"]


def test_forms_inside_have_the_pages_own_token():
    shows = Template('{% piece "form" of="x" %}<form>{% csrf_token %}</form>{% endpiece %}')
    pages = [shows.render(Context({"csrf_token": f"token{n}"})) for n in (1, 2)]

    assert ["token1" in pages[0], "token2" in pages[1], "token1" in pages[1]] == [True, True, False]


def test_a_token_is_text_in_the_place_where_it_is_put():
    shows = Template('{% piece "form" of="z" %}<form>{% csrf_token %}</form>{% endpiece %}')
    pages = [shows.render(Context({"csrf_token": token})) for token in ("one", '"><script>')]

    assert '"one"' in pages[0]
    assert "<script>" not in pages[1]
    assert "&quot;&gt;&lt;script&gt;" in pages[1]


def test_a_token_that_got_in_otherwise_keeps_a_piece_from_being_kept():
    shows = Template(
        '{% piece "form" of="y" %}<input name="csrfmiddlewaretoken" value="{{ t }}" />{% endpiece %}'
    )
    pages = [shows.render(Context({"csrf_token": "c", "t": f"token{n}"})) for n in (1, 2)]

    assert "token1" in pages[0]
    assert "token2" in pages[1]


# Pages


def test_every_token_of_a_page_is_one_that_its_session_accepts(world: Any):
    for _ in range(2):  # drawn, then kept
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(identities.user_by_email(world.alice_email))
        page = body(browser, "/invoices/")
        tokens = set(re.findall(r'csrfmiddlewaretoken" value="([^"]*)"', page))
        assert tokens
        assert pieces.STANDS_IN not in page
        for token in tokens:
            asked = {"csrfmiddlewaretoken": token, "organization": str(world.organization)}
            answer = browser.post(reverse("web:switch_organization"), asked)
            assert answer.status_code == 302


def test_nobody_gets_the_pieces_of_another(world: Any, alice: Client, browsing: Browse):
    for place in ("/", "/invoices/"):
        body(alice, place)

        for name in ("bob", "mallory"):
            page = body(browsing(name), place)
            assert world.alice_email not in page
            assert getattr(world, f"{name}_email") in page


def test_a_role_sees_no_place_of_another(world: Any, alice: Client):
    assert 'href="/settings/"' in body(alice, "/clients/")

    Membership.objects.filter(user_id=world.alice.user_id).update(role="client")

    assert 'href="/settings/"' not in body(alice, "/portal/")


@pytest.mark.parametrize("place", ["/", "/invoices/"])
def test_what_was_changed_is_on_the_next_page(world: Any, alice: Client, place: str):
    invoice = make.issued_invoice(world.alice)
    body(alice, place)

    more = make.issued_invoice(world.alice)

    page = body(alice, place)
    assert str(more.number) in page
    invoicing.mark_disputed(invoice.id, by=world.alice, at=make.NOW)
    assert body(alice, place) != page


def test_a_view_that_somebody_shares_is_a_tab_at_once(world: Any, alice: Client, browsing: Browse):
    bob = browsing("bob")
    body(bob, "/invoices/")

    view = {"kind": "invoices", "name": "Late ones", "query": "status=overdue", "columns": []}
    desk.save_view(by=world.alice, data={**view, "is_shared": True}, at=timezone.now())

    assert "Late ones" in body(bob, "/invoices/")


def test_a_new_name_is_told_wherever_it_stands(world: Any, browsing: Browse):
    make.issued_invoice(world.alice)
    browser = browsing("alice")
    body(browser)
    before = identities.generation_of(world.organization)

    identity.update_user(world.alice.user_id, data={"name": "Alice the Second"})

    assert "Alice the Second" in body(browser)
    assert identities.generation_of(world.organization) > before


def test_what_was_put_off_comes_back_by_itself(
    world: Any, alice: Client, monkeypatch: pytest.MonkeyPatch
):
    now = timezone.now()
    task = desk.add_task(by=world.alice, kind="x", mark="1", user_id=world.alice.user_id, at=now)
    assert task is not None
    desk.snooze_task(task.id, by=world.alice, until="hour", at=now)
    assert 'class="pip num"' not in body(alice)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(minutes=61)

    monkeypatch.setattr(shell, "datetime", Later)
    page = body(alice)

    assert 'class="pip num"' in page


def test_a_flash_of_words_is_no_part_of_what_is_kept(world: Any, alice: Client):
    make.issued_invoice(world.alice)
    body(alice, "/invoices/")
    alice.post(
        reverse("web:invoices_views"), {"do": "save", "name": "Mine", "state": "", "shared": ""}
    )

    assert "The view is saved." in body(alice, "/invoices/")
    assert "The view is saved." not in body(alice, "/invoices/")
