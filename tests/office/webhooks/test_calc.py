"""Signatures, back-off and who hears of what: by hand, and by the standard's own verifier."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from guilder.office.webhooks import calc

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_of_the_standard_s_example() -> None:
    # standard-webhooks/spec: id msg_p5jXN8AQM9LWM0D4loKWxJek, timestamp 1614265330
    found = calc.signature(
        SECRET,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        seconds=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signature_is_hmac_sha256_over_id_time_and_body() -> None:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    by_hand = hmac.new(key, b"msg_1.1700000000.{}", hashlib.sha256).digest()

    found = calc.signature(SECRET, message_id="msg_1", seconds=1_700_000_000, body=b"{}")

    assert found == f"v1,{base64.b64encode(by_hand).decode()}"


@given(body=st.text(min_size=0, max_size=200))
def test_the_standard_s_verifier_takes_what_we_sign_with_old_and_new_secret(body: str) -> None:
    old, new = calc.new_secret(), calc.new_secret()
    at = datetime.now(UTC)
    text = '{"text": ' + __import__("json").dumps(body) + "}"

    head = calc.signed_headers([new, old], message_id="msg_2", at=at, body=text.encode())

    for secret in (old, new):
        assert Webhook(secret).verify(text, head) == {"text": body}
    with pytest.raises(WebhookVerificationError):
        Webhook(calc.new_secret()).verify(text, head)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(text + " ", head)


def test_back_off_goes_on_for_three_days_and_ends() -> None:
    waits = [calc.wait_after(number, chance=50) for number in range(1, len(calc.WAITS) + 1)]

    assert waits[0] == timedelta(seconds=5)
    # 5 + 300 + 1,800 + 7,200 + 18,000 + 36,000 + 50,400 + 72,000 + 86,400 = 272,105 s
    assert sum((one for one in waits if one), timedelta()) == timedelta(seconds=272_105)
    assert calc.wait_after(len(calc.WAITS) + 1, chance=50) is None


@given(attempts=st.integers(1, len(calc.WAITS)), chance=st.integers(0, 100))
def test_jitter_moves_a_wait_by_a_tenth_at_most(attempts: int, chance: int) -> None:
    usual = timedelta(seconds=calc.WAITS[attempts - 1])

    found = calc.wait_after(attempts, chance=chance)

    assert found is not None
    assert usual * 9 / 10 <= found <= usual * 11 / 10


def test_a_receiver_s_wish_to_wait_is_kept_up_to_a_day() -> None:
    assert calc.wait_after(1, chance=50, asked=90) == timedelta(seconds=90)
    assert calc.wait_after(1, chance=50, asked=10**6) == timedelta(days=1)
    assert calc.asked_wait("120") == 120
    assert calc.asked_wait("Wed, 21 Oct 2026 07:28:00 GMT") == 0
    assert calc.asked_wait("9" * 30) == 0


def test_types_families_and_all() -> None:
    assert calc.wants([], "invoice.issued")
    assert calc.wants(["invoice.issued"], "invoice.issued")
    assert calc.wants(["invoice.*"], "invoice.issued")
    assert not calc.wants(["payment.*"], "invoice.issued")
    assert not calc.wants(["invoice.issue"], "invoice.issued")


def test_what_is_our_own_is_not_told_to_others() -> None:
    assert calc.is_public("invoice.issued")
    assert not calc.is_public("progress.changed")
    assert not calc.is_public("webhook.changed")


def test_a_secret_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        calc.key_of("whsec_no base64 at all")
