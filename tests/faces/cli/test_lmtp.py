"""The LMTP server: what it takes, what it refuses, and that it never acknowledges too early."""

import smtplib
import threading
from collections.abc import Iterator
from uuid import UUID

import pytest

from guilder.faces.cli.lmtp import Server, TryLater
from tests.flows.intake.test_doors import mail

OURS = UUID("01a1fe74-3e09-7dff-bd4c-9c8eba5c09df")
TO = f"bills+{OURS}@host.example"
pytestmark = pytest.mark.timeout(30)


class Inbox:
    """Who is delivered to."""

    def __init__(self) -> None:
        self.taken: list[tuple[UUID, bytes, str]] = []
        self.answer = ""
        self.is_busy = False

    def __call__(self, whose: UUID, data: bytes, sender: str) -> str:
        if self.is_busy:
            raise TryLater("All helpers are at work.")
        self.taken.append((whose, data, sender))
        return self.answer


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def line(inbox: Inbox) -> Iterator[smtplib.LMTP]:
    """A conversation with a running server."""
    with Server(("127.0.0.1", 0), inbox, organization=None) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with smtplib.LMTP("127.0.0.1", server.server_address[1], timeout=10) as client:
            yield client
        server.shutdown()


def test_a_mail_arrives_byte_for_byte_for_its_organization(line: smtplib.LMTP, inbox: Inbox):
    data = mail(("r.xml", "text/xml", b"..leading dots\r\n.\r\nstay")).replace(b"\n", b"\r\n")

    assert line.sendmail("mia@papier.example", [TO], data) == {}

    ((whose, told, sender),) = inbox.taken
    assert (whose, sender) == (OURS, "mia@papier.example")
    assert told.rstrip() == data.replace(b"\r\r\n", b"\r\n").rstrip()


def test_what_is_refused_is_refused_for_good_and_what_is_busy_comes_again(
    line: smtplib.LMTP, inbox: Inbox
):
    inbox.answer = "No paper is enclosed in this mail."
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        line.sendmail("a@b.example", [TO], b"Subject: x\r\n\r\n")
    assert (refusal.value.smtp_code, b"No paper" in refusal.value.smtp_error) == (554, True)

    inbox.is_busy = True
    with pytest.raises(smtplib.SMTPDataError) as later:
        line.sendmail("a@b.example", [TO], b"Subject: x\r\n\r\n")
    assert later.value.smtp_code == 451


def test_an_address_of_nobody_is_refused(line: smtplib.LMTP, inbox: Inbox):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        line.sendmail("a@b.example", ["bills@host.example"], b"x")
    assert inbox.taken == []


def test_nonsense_is_answered_and_the_server_lives(line: smtplib.LMTP, inbox: Inbox):
    assert line.docmd("BDAT", "10")[0] == 500
    assert line.docmd("MAIL", "FROM:evil\x00")[0] == 501
    assert line.docmd("DATA")[0] == 503
    assert line.docmd("NOOP")[0] == 250
    line.sendmail("a@b.example", [TO], b"Subject: x\r\n\r\n")
    assert len(inbox.taken) == 1
