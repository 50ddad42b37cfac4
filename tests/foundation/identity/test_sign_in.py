"""Who gets in, how often they may try, and that nobody stays in who should not."""

import time
from typing import Any

import psycopg
import pytest

from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from tests.foundation.conftest import PASSWORD


def login(email: str, password: str = PASSWORD, **more: Any) -> Any:
    from guilder.foundation.identity import operations as identity

    return identity.login(email=email, password=password, **more)


def call(credential: str, **more: Any) -> Any:
    from guilder.foundation.identity import queries

    return queries.authenticate(f"Bearer {credential}", **more)


def test_the_right_password_gives_tokens_that_work(ada: Actor, email_of: Any) -> None:
    tokens = login(f" {email_of(ada).upper()} ")

    caller = call(tokens.access, request_id="r1", address="192.0.2.1")

    assert tokens.expires_in == 300
    assert caller.actor.organization_id == ada.organization_id
    assert caller.actor.user_id == ada.user_id
    assert caller.actor.permissions == ada.permissions
    assert (caller.actor.source, caller.actor.request_id) == ("api", "r1")
    assert (caller.actor.address, caller.session_id) == ("192.0.2.1", tokens.session_id)


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper(), PASSWORD + " "])
def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    ada: Actor, email_of: Any, password: str
) -> None:
    from guilder.foundation.identity.operations.sessions import WrongPassword

    with pytest.raises(WrongPassword) as known:
        login(email_of(ada), password)
    with pytest.raises(WrongPassword) as unknown:
        login("nobody@guilder.example", password)

    assert str(known.value) == str(unknown.value)


def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    ada: Actor, email_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings
    from django.contrib.auth.hashers import get_hasher, get_hashers, get_hashers_by_algorithm

    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.sessions import WrongPassword

    def forget() -> None:
        for cached in (get_hashers, get_hashers_by_algorithm):
            cached.cache_clear()

    monkeypatch.setattr(
        settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    )
    forget()
    assert get_hasher().algorithm == "argon2"
    try:
        identity.set_password(ada.user_id, password=PASSWORD)

        def seconds(email: str) -> float:
            best = 9.0
            for _ in range(4):
                began = time.process_time()  # no clock: others may be at work on this machine
                with pytest.raises(WrongPassword):
                    login(email, "wrong")
                best = min(best, time.process_time() - began)
            return best

        known, unknown = seconds(email_of(ada)), seconds("nobody@guilder.example")
    finally:
        monkeypatch.undo()
        forget()

    assert 0.4 < unknown / known < 2.5


def test_a_user_who_is_shut_out_is_out_at_once(ada: Actor, email_of: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.queries import NoSuchMember, NotSignedIn, actor_for

    tokens = login(email_of(ada))
    email = email_of(ada)

    identity.deactivate_user(ada.user_id)

    for attempt in (lambda: call(tokens.access), lambda: login(email)):
        with pytest.raises(NotSignedIn):
            attempt()
    with pytest.raises(NotSignedIn):
        identity.refresh(tokens.refresh)
    with pytest.raises(NoSuchMember):
        actor_for(ada.user_id, ada.organization_id, source="web")


def test_a_new_password_ends_all_sessions(ada: Actor, email_of: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.queries import NotSignedIn

    tokens = login(email_of(ada))

    identity.set_password(ada.user_id, password="another long passphrase")

    with pytest.raises(NotSignedIn):
        call(tokens.access)
    assert call(login(email_of(ada), "another long passphrase").access)


def test_each_refresh_token_works_once_and_a_copy_ends_the_family(
    ada: Actor, email_of: Any
) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.sessions import SessionEnded
    from guilder.foundation.identity.queries import NotSignedIn

    first = login(email_of(ada))
    other = login(email_of(ada))
    second = identity.refresh(first.refresh)
    assert call(second.access).session_id == first.session_id

    with pytest.raises(SessionEnded):
        identity.refresh(first.refresh)

    with pytest.raises(SessionEnded):
        identity.refresh(second.refresh)
    with pytest.raises(NotSignedIn):
        call(second.access)
    assert call(other.access)


def test_a_forged_refresh_token_does_not_end_the_session(ada: Actor, email_of: Any) -> None:
    from guilder.foundation.identity import calc
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.sessions import SessionEnded

    tokens = login(email_of(ada))

    with pytest.raises(SessionEnded):
        identity.refresh(calc.new_refresh_token(tokens.session_id, 1))

    assert identity.refresh(tokens.refresh)


def test_of_two_refreshes_at_once_one_gets_tokens(
    ada: Actor, email_of: Any, in_threads: Any
) -> None:
    from guilder.foundation.identity import operations as identity

    tokens = login(email_of(ada))

    outcomes = in_threads(lambda _: identity.refresh(tokens.refresh), 8)

    assert sum(isinstance(outcome, identity.Tokens) for outcome in outcomes) == 1


def test_signing_out_ends_one_session(ada: Actor, email_of: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.queries import NotSignedIn

    here, there = login(email_of(ada)), login(email_of(ada))

    identity.logout(here.refresh)
    identity.logout(here.refresh)
    identity.logout("nonsense")

    with pytest.raises(NotSignedIn):
        call(here.access)
    assert call(there.access)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer a.b.c",
        "Bearer gld_live_x",
        "Bearer ä",
        "x" * 9000,
    ],
)
def test_what_is_no_credential_is_refused(db: Any, header: str) -> None:
    from guilder.foundation.identity import queries

    with pytest.raises(queries.NotSignedIn):
        queries.authenticate(header, address="192.0.2.9")


def test_one_organization_of_several_is_named_or_remembered(founded: Any, email_of: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries

    ada, eve = founded("Ada"), founded("Eve")
    identity.add_member(by=eve, user_id=ada.user_id, role="viewer")
    tokens = login(email_of(ada))

    with pytest.raises(queries.WhichOrganization):
        call(tokens.access)
    named = call(tokens.access, organization=str(eve.organization_id)).actor
    assert (named.organization_id, named.role) == (eve.organization_id, "viewer")
    remembered = login(email_of(ada), organization_id=ada.organization_id)
    assert call(remembered.access).actor.organization_id == ada.organization_id
    assert (
        call(remembered.access, organization=str(eve.organization_id)).actor.organization_id
        == eve.organization_id
    )


def test_foreign_and_absent_organizations_are_told_alike(founded: Any, email_of: Any) -> None:
    from guilder.foundation.identity import queries

    ada, eve = founded("Ada"), founded("Eve")
    tokens = login(email_of(ada), organization_id=eve.organization_id)
    assert call(tokens.access).actor.organization_id == ada.organization_id

    messages = set()
    for organization in (str(eve.organization_id), str(uuid7()), "nonsense"):
        with pytest.raises(queries.NoMembership) as refused:
            call(tokens.access, organization=organization)
        messages.add(str(refused.value))

    assert len(messages) == 1


def test_a_user_of_no_organization_is_told_so(db: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries

    email = f"lonely-{uuid7()}@guilder.example"
    identity.create_user(email=email, password=PASSWORD)

    with pytest.raises(queries.NoMembership):
        call(login(email).access)


def test_the_sixth_login_of_a_minute_is_refused_even_if_right(
    ada: Actor, email_of: Any, rates: Any
) -> None:
    from guilder.foundation.edges.throttle import TooManyRequests
    from guilder.foundation.identity.operations.sessions import WrongPassword

    rates(login="5/minute")
    address = f"2001:db8:{uuid7().hex[-4:]}:1::1"
    for _ in range(5):
        with pytest.raises(WrongPassword):
            login(email_of(ada), "wrong", address=address)

    with pytest.raises(TooManyRequests):
        login(email_of(ada), address=address)
    assert login(email_of(ada), address="2001:db8:ffff:2::1")


def test_guessing_one_account_from_everywhere_is_slowed_down(
    ada: Actor, email_of: Any, rates: Any
) -> None:
    from guilder.foundation.edges.throttle import TooManyRequests
    from guilder.foundation.identity.operations.sessions import WrongPassword

    rates(login="5/minute", account="3/minute")
    for number in range(3):
        with pytest.raises(WrongPassword):
            login(email_of(ada), "wrong", address=f"198.18.{number}.1")

    with pytest.raises(TooManyRequests):
        login(email_of(ada), "wrong", address="198.18.9.1")


def test_the_demo_signs_in_on_this_machine_only(db: Any) -> None:
    from guilder.foundation.identity.models import User
    from guilder.foundation.identity.operations.sessions import DEMO_EMAIL, WrongPassword

    demo, _ = User.objects.get_or_create(email=DEMO_EMAIL)
    demo.set_password("guilder-demo")
    demo.save()

    assert login(DEMO_EMAIL, "guilder-demo", address="127.0.0.1")
    with pytest.raises(WrongPassword):
        login(DEMO_EMAIL, "guilder-demo", address="192.0.2.1")


def test_a_second_factor_is_asked_for_and_works_once(ada: Actor, email_of: Any) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    from guilder.foundation.identity.models import User
    from guilder.foundation.identity.operations.sessions import MfaRequired, WrongCode

    user = User.objects.get(id=ada.user_id)
    secret = generate_totp_secret()
    stored = TOTP.activate(user, secret).instance.data["secret"]
    assert secret not in stored
    recovery = RecoveryCodes.activate(user).get_unused_codes()[0]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    with pytest.raises(MfaRequired) as required:
        login(user.email)
    assert required.value.code == "mfa_required"
    with pytest.raises(WrongCode):
        login(user.email, code="000000" if code != "000000" else "111111")
    assert login(user.email, code=code)
    with pytest.raises(WrongCode):
        login(user.email, code=code)
    assert login(user.email, code=recovery)
    with pytest.raises(WrongCode):
        login(user.email, code=recovery)


def test_calls_are_counted_for_the_user_and_then_refused(
    ada: Actor, email_of: Any, rates: Any
) -> None:
    from guilder.foundation.edges.throttle import TooManyRequests

    rates(user="3/day")
    tokens = login(email_of(ada))

    remaining = [call(tokens.access).verdict.remaining for _ in range(3)]

    assert remaining == [2, 1, 0]
    with pytest.raises(TooManyRequests):
        call(tokens.access)
    with pytest.raises(TooManyRequests):  # another session of the same user
        call(login(email_of(ada)).access)


def test_calls_without_credentials_count_as_anonymous(db: Any, rates: Any) -> None:
    from guilder.foundation.edges.throttle import TooManyRequests
    from guilder.foundation.identity import queries

    rates(anon="2/day")
    address = f"2001:db8:{uuid7().hex[-4:]}:7::1"
    for header in ("", "Bearer gld_live_wrong"):
        with pytest.raises(queries.NotSignedIn):
            queries.authenticate(header, address=address)

    with pytest.raises(TooManyRequests):
        queries.authenticate("", address=address)


def test_signing_in_by_token_or_key_is_one_statement(
    ada: Actor, email_of: Any, rates: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guilder.foundation.identity import operations as identity

    rates(user="1000/day")
    _, key = identity.create_api_key(by=ada, name="key")
    token = login(email_of(ada)).access
    seen: list[Any] = []
    original = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        seen.append(query)
        return original(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)

    for credential in (token, key):
        seen.clear()
        assert call(credential).verdict.allowed
        assert len(seen) == 1
