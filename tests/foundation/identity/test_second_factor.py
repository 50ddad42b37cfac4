"""Codes of authenticator apps and recovery codes: which count, when, and how often."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from guilder.foundation.identity.operations import second, sessions
from guilder.kernel.actor import Actor

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" of RFC 6238, appendix B


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B: T = 59 s, 8 digits 94287082, of which six are 287082.
    assert second.counter_of(SECRET, "287082", at=59) == 1
    assert second.counter_of(SECRET, "287 082", at=59) == 1


@pytest.mark.parametrize(("late", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])  # fmt: skip
def test_a_clock_may_be_half_a_minute_off(late: int, *, taken: bool) -> None:
    at = 1_800_000_000.0
    code = format_hotp_value(hotp_value(SECRET, int(at) // 30 + late))

    assert (second.counter_of(SECRET, code, at=at) is not None) is taken


@pytest.mark.parametrize("code", ["", " ", "28708", "2870822", "٢٨٧٠٨٢", "abcdef"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert second.counter_of(SECRET, code, at=59) is None


def test_an_older_code_than_the_last_is_refused(ada: Actor) -> None:
    from guilder.foundation.identity.models import User

    user = User.objects.get(id=ada.user_id)
    now = int(time.time()) // 30
    second.add_app(user, secret=SECRET, code=format_hotp_value(hotp_value(SECRET, now)))

    before = format_hotp_value(hotp_value(SECRET, now - 1))
    assert not second.app_code_fits(user, before)
    after = format_hotp_value(hotp_value(SECRET, now + 1))
    assert second.app_code_fits(user, after)
    assert not second.app_code_fits(user, after)


def test_of_two_at_once_one_code_lets_in(ada: Actor, in_threads: Any) -> None:
    from guilder.foundation.identity.models import User

    user = User.objects.get(id=ada.user_id)
    now = int(time.time()) // 30
    codes = second.add_app(user, secret=SECRET, code=format_hotp_value(hotp_value(SECRET, now)))
    code = format_hotp_value(hotp_value(SECRET, now + 1))

    assert sorted(in_threads(lambda _n: second.app_code_fits(user, code), 4)).count(True) == 1
    found = in_threads(lambda _n: second.recovery_code_fits(user, codes[3]), 4)
    assert found.count(True) == 1


def test_secrets_rest_sealed(ada: Actor) -> None:
    from guilder.foundation.identity.models import User

    user = User.objects.get(id=ada.user_id)
    now = int(time.time()) // 30
    second.add_app(user, secret=SECRET, code=format_hotp_value(hotp_value(SECRET, now)))

    assert SECRET not in str([row.data for row in Authenticator.objects.filter(user=user)])


def test_tokens_live_as_long_as_promised() -> None:
    from guilder.foundation.identity import calc

    assert calc.ACCESS_SECONDS <= 15 * 60
    assert sessions.SESSION_LIFE.days <= 14
