"""What a log of calls may hold of a body."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.office.calls import calc


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "secret", "client_secret", "access", "refresh", "token", "iban",
     "account", "bic", "signature", "api_key", "otp", "card"],
)  # fmt: skip
def test_what_opens_a_door_is_hidden_at_any_depth(name: str) -> None:
    body = json.dumps({"kept": "yes", "deep": [{name: "opens-the-door"}]}).encode()

    assert json.loads(calc.redacted(body)) == {"kept": "yes", "deep": [{name: "[hidden]"}]}


@pytest.mark.parametrize(
    "text",
    ["gld_live_0123456789abcdef", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
     "eyJhbGciOi.eyJzdWIiOi.c2ln", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00"],
)  # fmt: skip
def test_what_looks_like_a_secret_is_hidden_wherever_it_stands(text: str) -> None:
    found = calc.redacted(json.dumps({"note": f"see {text} please"}).encode())

    assert text not in found
    assert "see [hidden] please" in found


def test_codes_of_the_trade_are_kept() -> None:
    body = b'{"code": "S", "reason_code": "95", "number": "INV-2026-00184"}'

    assert json.loads(calc.redacted(body)) == json.loads(body)


def test_what_is_no_json_or_too_long_is_left_out() -> None:
    assert calc.redacted(b"%PDF-1.7") == ""
    assert calc.redacted(b"") == ""
    assert calc.redacted(b'"' + b"x" * 400_001 + b'"') == ""
    assert len(calc.redacted(json.dumps({"text": "x" * 50_000}).encode())) == calc.MOST


@given(st.text())
def test_a_line_of_the_log_holds_no_control_characters(text: str) -> None:
    assert calc.plain(text, 100).isprintable()
