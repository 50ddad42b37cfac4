"""Which mails are returns, and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.office.dispatch.returns import read_return

FORMAL = b"""From: MAILER-DAEMON@mx.example
To: billing@northlight.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; nobody@client.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

Message-ID: <0190@northlight.example>
Subject: Invoice

text
--b--
"""


def test_a_report_names_our_mail_the_recipient_and_the_reason() -> None:
    found = read_return(FORMAL)

    assert found is not None
    assert found.message_ids == ("<0190@northlight.example>",)
    assert found.recipient == "nobody@client.example"
    assert found.status == "5.1.1"
    assert found.is_permanent
    assert found.reason == "550 5.1.1 User unknown"


def test_a_delay_is_not_for_good() -> None:
    delayed = FORMAL.replace(b"Action: failed", b"Action: delayed").replace(b"5.1.1", b"4.4.1")

    found = read_return(delayed)

    assert found is not None
    assert not found.is_permanent


def test_headers_alone_are_enough_to_know_our_mail() -> None:
    found = read_return(FORMAL.replace(b"message/rfc822", b"text/rfc822-headers"))

    assert found is not None
    assert found.message_ids == ("<0190@northlight.example>",)


def test_a_mail_system_without_form_is_understood_too() -> None:
    found = read_return(
        b"From: Mailer-Daemon@old.example\nIn-Reply-To: <1@a.example>\n\n"
        b"Delivery failed:\n  x@y.example: 550 No such user\n"
    )

    assert found is not None
    assert found.message_ids == ("<1@a.example>",)
    assert "550 No such user" in found.reason


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"From: client@b.example\nIn-Reply-To: <1@a.example>\n\nThanks, 550 euros it is.\n",
        b"From: mailer-daemon@b.example\n\nAll is well.\n",
        FORMAL.replace(b"Action: failed", b"Action: delivered"),
        FORMAL.replace(b"Status: 5.1.1", b"Status: what"),
        b'Content-Type: multipart/report; boundary=""\n\n--\n--',
        b"x" * (11 * 1024 * 1024),
    ],
)
def test_other_mails_are_no_returns(data: bytes) -> None:
    assert read_return(data) is None


@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_reader(noise: bytes) -> None:
    read_return(noise)
    read_return(FORMAL[:300] + noise + FORMAL[300:])
