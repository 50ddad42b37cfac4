"""The second step, the security page, sessions, and the fresh proof."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User
from guilder.foundation.identity.signing import BrowserSession
from tests.faces.web.session.letters import jobs_since, last_job, run
from tests.make import PASSWORD, World
from tests.office.dispatch.servers import PostOffice

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def code_of(secret: str, *, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


@pytest.fixture
def alice(world: World) -> Client:
    """Alice's browser, signed in by the form."""
    return entered(world.alice_email)


def entered(email: str, **headers: str) -> Client:
    client = Client(headers={"User-Agent": FIREFOX, **headers})
    answer = client.post("/sign-in/", {"email": email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def with_app(client: Client) -> tuple[str, list[str]]:
    """(the secret of an app that was set up on the page, recovery codes)."""
    page = client.get("/profile/security/app/").content.decode()
    found = re.search(r'id="app-secret">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    shown = client.post("/profile/security/app/", {"code": code_of(secret)})
    assert shown.status_code == 200
    return secret, re.findall(r'mono-text">(\d{4} \d{4})<', shown.content.decode())


def user_of(email: str) -> User:
    user = identities.user_by_email(email)
    assert user is not None
    return user


def test_an_app_is_set_up_by_its_first_code(world: World, alice: Client) -> None:
    wrong = alice.post("/profile/security/app/", {"code": "000000"})
    secret, codes = with_app(alice)

    assert wrong.status_code == 422
    assert len(codes) == 10 and len(secret) == 32
    assert identity.has_second_factor(user_of(world.alice_email))
    page = alice.get("/profile/security/").content.decode()
    assert "10 codes are left" in page
    assert codes[0] not in page and secret not in page


def test_a_password_alone_is_half_a_sign_in(world: World, alice: Client) -> None:
    secret, _ = with_app(alice)
    client = Client()

    first = client.post(
        "/sign-in/", {"email": world.alice_email, "password": PASSWORD, "next": "/invoices/"}
    )
    inside = client.get("/invoices/")
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    right = client.post("/sign-in/code/", {"code": code_of(secret, ahead=1)})

    assert first["Location"] == "/sign-in/code/"
    assert inside.status_code == 302
    assert wrong.status_code == 422
    assert right["Location"] == "/invoices/"
    assert client.get("/invoices/").status_code == 200


def test_a_code_counts_once_even_in_another_process(world: World, alice: Client) -> None:
    from django.core.cache import cache

    secret, _ = with_app(alice)
    user, code = user_of(world.alice_email), code_of(secret, ahead=1)

    identity.check_code(user, code)
    cache.clear()  # another process has its own
    with pytest.raises(identities.NotSignedIn):
        identity.check_code(user, code)


def test_a_recovery_code_lets_in_once_and_is_told(
    world: World, alice: Client, mailbox: PostOffice
) -> None:
    _, codes = with_app(alice)
    before = last_job()
    answers = []
    for _ in range(2):
        client = Client()
        client.post("/sign-in/", {"email": world.alice_email, "password": PASSWORD})
        answers.append(client.post("/sign-in/code/", {"code": codes[0]}).status_code)

    assert answers == [302, 422]
    run(jobs_since(before))
    [mail] = mailbox.mails
    assert "recovery codes" in mail.message["Subject"]
    assert identities.factors_of(user_of(world.alice_email).pk)["codes"] == 9


def test_new_recovery_codes_void_the_old(world: World, alice: Client) -> None:
    _, codes = with_app(alice)

    page = alice.post("/profile/security/codes/").content.decode()

    fresh = re.findall(r'mono-text">(\d{4} \d{4})<', page)
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    with pytest.raises(identities.NotSignedIn):
        identity.check_code(user_of(world.alice_email), codes[0])


def test_the_second_step_needs_the_first_and_ends(world: World, alice: Client) -> None:
    secret, _ = with_app(alice)
    client = Client()
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"

    client.post("/sign-in/", {"email": world.alice_email, "password": PASSWORD})
    session = client.session
    session["half"] = {**session["half"], "at": time.time() - 601}
    session.save()

    late = client.post("/sign-in/code/", {"code": code_of(secret, ahead=1)})
    assert late["Location"] == "/sign-in/"


def test_without_the_last_factor_the_password_is_enough_again(world: World, alice: Client) -> None:
    with_app(alice)
    factor = identities.factors_of(user_of(world.alice_email).pk)["app"]

    alice.post(reverse("web:factor_remove", args=[factor.pk]))

    assert identities.factors_of(user_of(world.alice_email).pk) == {
        "app": None, "passkeys": [], "codes": None,
    }  # fmt: skip
    assert entered(world.alice_email).get("/").status_code == 200


def test_nobody_takes_anothers_factor_or_session(world: World, alice: Client) -> None:
    with_app(alice)
    factor = identities.factors_of(user_of(world.alice_email).pk)["app"]
    [session] = BrowserSession.objects.filter(user_id=world.alice.user_id)
    mallory = entered(world.mallory_email)

    taken = mallory.post(reverse("web:factor_remove", args=[factor.pk]))
    ended = mallory.post(reverse("web:profile_session_end", args=[session.id]))

    assert (taken.status_code, ended.status_code) == (404, 404)
    assert alice.get("/").status_code == 200
    assert identity.has_second_factor(user_of(world.alice_email))


def test_the_page_shows_where_one_is_signed_in_and_ends_it(world: World, alice: Client) -> None:
    phone = entered(world.alice_email, **{"User-Agent": "Mozilla/5.0 (iPhone) Safari/605"})
    program = identity.login(email=world.alice_email, password=PASSWORD, agent="books-sync/2")

    page = alice.get("/profile/security/").content.decode()
    assert "Firefox on Linux" in page and "Safari on iPhone" in page and "books-sync/2" in page
    assert page.count("this browser") == 1

    theirs = BrowserSession.objects.get(user_id=world.alice.user_id, agent__contains="iPhone")
    alice.post(reverse("web:profile_session_end", args=[theirs.id]))
    assert phone.get("/").status_code == 302
    alice.post(reverse("web:sessions_end"))
    with pytest.raises(identities.NotSignedIn):
        identity.refresh(program.refresh)
    assert alice.get("/").status_code == 200


def test_a_new_password_ends_the_other_browsers_and_keeps_this_one(
    world: World, alice: Client
) -> None:
    other = entered(world.alice_email)

    answer = alice.post(
        reverse("web:profile_password"),
        {"secret-current": PASSWORD, "secret-password": "a better secret altogether"},
    )

    assert answer.status_code == 302
    assert other.get("/").status_code == 302
    assert alice.get("/").status_code == 200
    [mine] = BrowserSession.objects.filter(user_id=world.alice.user_id)
    assert mine.key == alice.session.session_key


SENSITIVE = (
    ("web:security_codes", ()),
    ("web:key_new", ()),
    ("web:settings_bank", ()),
    ("web:data_export", ()),
    ("web:security_app", ()),
    ("web:factor_remove", (1,)),
    ("web:new_passkey", ()),
    ("web:key_revoke", ("01890000-0000-7000-8000-000000000000",)),
    ("web:key_rotate", ("01890000-0000-7000-8000-000000000000",)),
    ("web:directory_unlink", ("01890000-0000-7000-8000-000000000000",)),
)


@pytest.mark.parametrize(("route", "ids"), SENSITIVE, ids=[route for route, _ in SENSITIVE])
def test_what_is_sensitive_wants_a_fresh_proof(
    alice: Client, route: str, ids: tuple[Any, ...]
) -> None:
    session = alice.session
    session["proved_at"] = int(time.time()) - 901
    session.save()

    answer = alice.post(reverse(route, args=ids), {})
    swapped = alice.post(reverse(route, args=ids), {}, headers={"HX-Request": "true"})

    assert answer["Location"].startswith("/confirm/?next=")
    assert swapped["HX-Redirect"].startswith("/confirm/?next=")


def test_the_proof_is_a_password_or_a_code_and_leads_back(world: World, alice: Client) -> None:
    secret, _ = with_app(alice)
    answers = []
    for given in ("not it", PASSWORD, code_of(secret, ahead=1)):
        session = alice.session
        session["proved_at"] = 0
        session.save()
        typed = {"secret": given, "next": "/profile/security/"}
        answer = alice.post("/confirm/", typed)
        answers.append((answer.status_code, answer.headers.get("Location")))

    assert answers == [(422, None), (302, "/profile/security/"), (302, "/profile/security/")]


def test_the_pages_are_for_who_is_signed_in(db: Any) -> None:
    for name in ("profile_security", "security_app", "confirm", "developer_keys"):
        answer = Client().get(reverse(f"web:{name}"))
        assert answer["Location"].startswith("/sign-in/")


def test_a_browser_in_use_is_seen_now_and_then(world: World, alice: Client) -> None:
    [mine] = BrowserSession.objects.filter(user_id=world.alice.user_id)
    BrowserSession.objects.filter(id=mine.id).update(seen_at="2026-01-01T00:00:00Z")
    session = alice.session
    session["proved_at"] = int(time.time()) - 400
    session.save()

    alice.get("/")
    first = BrowserSession.objects.get(id=mine.id).seen_at
    BrowserSession.objects.filter(id=mine.id).update(seen_at="2026-01-01T00:00:00Z")
    alice.get("/")

    assert first.year > 2000 and first.month != 1
    assert BrowserSession.objects.get(id=mine.id).seen_at.month == 1


def test_what_remains_of_ended_sessions_is_tidied(world: World, alice: Client) -> None:
    alice.session.delete()

    identity.forget_ended()

    assert not BrowserSession.objects.filter(user_id=world.alice.user_id).exists()
