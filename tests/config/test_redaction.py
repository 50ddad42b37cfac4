"""No log line says a secret, and nobody writes a line of their own into the log."""

import json
import logging
import secrets
import sys

import pytest

from guilder.config import logs
from guilder.config.redaction import redacted
from guilder.foundation.identity import calc
from guilder.foundation.tenancy.ids import uuid7

KEY, _ = calc.new_api_key()
LINK = "aZ9" + secrets.token_urlsafe(32)
REFRESH = calc.new_refresh_token(uuid7(), 1)
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl"
PLANTED = [
    (f"Authorization: Bearer {KEY}", KEY),
    (f"called with {KEY} from here", KEY),
    (f"GET /pay/{LINK}/ 302", LINK),
    (f'{{"refresh": "{REFRESH}"}}', REFRESH),
    (f"token {JWT} is old", JWT),
    ("password=hunter2-long&x=1", "hunter2-long"),
    ("{'password': 'hunter2 '}", "hunter2"),
    ("postgresql://guilder:s3cret@db:5432/guilder", "s3cret"),
    ("Cookie: sessionid=abcdef0123456789", "abcdef0123456789"),
    ("from DE89 3704 0044 0532 0130 00 today", "3704 0044 0532"),
    ("from DE89370400440532013000 today", "0044053201"),
    ("mail for nora.licht@northlight.example failed", "nora.licht"),
]


def lines(message: str, **extra: str) -> list[str]:
    """A record as people and as machines get it, with it in a traceback too."""
    made = logging.makeLogRecord({"msg": "%s", "args": (message,), "levelno": 30, **extra})
    try:
        raise ValueError(message)
    except ValueError:
        made.exc_info = sys.exc_info()
    return [logs.Text().format(made), logs.Json().format(made)]


@pytest.mark.parametrize(("message", "secret"), PLANTED, ids=[str(n) for n in range(len(PLANTED))])
def test_no_planted_secret_is_logged(message: str, secret: str):
    for line in lines(message, path=message):
        assert secret not in line


def test_what_one_searches_for_stays():
    request_id, digest = (
        uuid7().hex,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
    message = f"invoice 2026-0042 {uuid7()} of {request_id} has {digest} at /api/v1/invoices/"

    assert redacted(message) == message


def test_lines_about_one_address_have_one_mark():
    first, second = redacted("to Nora@a.example"), redacted("to nora@a.example")

    assert first == second
    assert first.endswith("@a.example")


@pytest.mark.parametrize("planted", ["\n", "\r\n", "\x1b[31m", "\u2028", "\x00", "\u202e"])
def test_nobody_writes_a_line_of_their_own(planted: str):
    made = logging.makeLogRecord(
        {"msg": "User %s came", "args": (f"x{planted}12:00:00 web error forged",), "levelno": 30}
    )

    text, machine = logs.Text().format(made), logs.Json().format(made)

    assert len(text.splitlines()) == 1
    assert planted not in text
    assert "\n" not in machine
    assert json.loads(machine)["message"].startswith("User x")
