"""Who comes is found by one statement: as well, as strictly and as newly as step by step."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guilder.faces.web import arrivals
from guilder.foundation.edges import throttle
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import Membership, User

Browse = Callable[[str], Client]
PLACE = "/clients/"


@pytest.fixture
def known(world: Any, browsing: Browse) -> Client:
    """Alice's browser, whose session this process has seen."""
    browser = browsing("alice")
    assert browser.get(PLACE).status_code == 200
    return browser


def is_at_the_door(answer: Any) -> bool:
    """Whether somebody is asked to sign in."""
    return answer.status_code == 302 and answer["Location"].startswith(reverse("web:sign_in"))


def test_a_session_that_was_seen_is_found_without_looking_step_by_step(known: Client):
    with CaptureQueriesContext(connection) as asked:
        assert known.get(PLACE).status_code == 200

    said = " ".join(one["sql"] for one in asked.captured_queries)
    assert "django_session" not in said
    assert "identity_" not in said


def test_who_comes_is_the_same_as_step_by_step(world: Any, known: Client):
    found = identities.arrive(
        known.session.session_key or "",
        user_id=world.alice.user_id,
        here=world.organization,
        at=timezone.now(),
    )

    assert found is not None
    assert found.memberships == identities.memberships_of(world.alice.user_id)
    user = User.objects.get(id=world.alice.user_id)
    organization = identities.get_organization(world.organization)
    for read, known_one in (
        (found.user, user),
        (found.organizations[organization.id], organization),
    ):
        for field in read._meta.concrete_fields:
            assert getattr(read, field.attname) == getattr(known_one, field.attname), field
    assert found.generation == identities.generation_of(world.organization)


def test_a_session_that_ended_lets_nobody_in(known: Client):
    Session.objects.filter(session_key=known.session.session_key).delete()

    assert is_at_the_door(known.get(PLACE))


def test_a_session_past_its_time_lets_nobody_in(known: Client):
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(session_key=known.session.session_key).update(expire_date=past)

    assert is_at_the_door(known.get(PLACE))


def test_a_new_password_ends_the_others_sessions(world: Any, known: Client):
    identity.set_password(world.alice.user_id, password="another long password 77")

    assert is_at_the_door(known.get(PLACE))


def test_who_is_active_no_more_is_let_in_no_more(world: Any, known: Client):
    User.objects.filter(id=world.alice.user_id).update(is_active=False)

    assert is_at_the_door(known.get(PLACE))


def test_who_belongs_no_more_is_turned_away(world: Any, known: Client):
    Membership.objects.filter(user_id=world.alice.user_id).update(is_active=False)

    assert known.get(PLACE).status_code == 403


def test_another_role_holds_from_the_next_page_on(world: Any, known: Client):
    assert 'href="/settings/"' in known.get(PLACE).content.decode()

    Membership.objects.filter(user_id=world.alice.user_id).update(role="viewer")

    assert "Viewer" in known.get(PLACE).content.decode()
    assert known.get(reverse("web:client_new")).status_code == 403


def test_a_session_that_is_somebody_elses_now_shows_their_pages(
    world: Any, known: Client, browsing: Browse
):
    theirs = browsing("mallory").session
    session = known.session
    for name in (SESSION_KEY, "_auth_user_hash"):
        session[name] = theirs[name]
    session.save()

    page = known.get(PLACE).content.decode()

    assert world.mallory_email in page
    assert world.alice_email not in page


def test_where_somebody_was_last_is_no_claim_to_be_there(world: Any, known: Client):
    key = known.session.session_key or ""
    arrivals._seen[key] = (world.alice.user_id, world.other)

    page = unescape(known.get(PLACE).content.decode())

    assert identities.get_organization(world.organization).name in page
    assert identities.get_organization(world.other).name not in page


def test_each_page_counts_once(world: Any, known: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "THROTTLES", {**settings.THROTTLES, "page": "3/hour"})

    answers = [known.get(PLACE).status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]
    verdict = throttle.count("page", str(world.alice.user_id))
    assert verdict is not None and not verdict.allowed


def test_a_connection_that_was_cut_is_opened_again(known: Client):
    with contextlib.suppress(psycopg.Error):
        connection.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    connection.health_check_done = False  # as when a request begins

    assert known.get(PLACE).status_code == 200
