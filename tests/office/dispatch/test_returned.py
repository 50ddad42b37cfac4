"""Mail that comes back: read from a real mailbox, matched to ours, told to a person."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from guilder.books.invoicing import queries as invoicing
from guilder.foundation.events import queries as events
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries
from guilder.office.dispatch.models import Mail, MailSettings
from guilder.office.dispatch.operations import returned
from tests import make
from tests.make import NOW, World
from tests.office.dispatch.servers import (
    DOVECOT,
    PASSWORD,
    USER,
    Mailbox,
    PostOffice,
    dovecot,
    free_port,
    talker,
)

with_dovecot = pytest.mark.skipif(not DOVECOT, reason="dovecot is not installed")

REPORT = """From: MAILER-DAEMON@mx.example
To: billing@northlight.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: Invoice

text
--b--
"""
ANSWER = b"""From: client@example.test
To: billing@northlight.example
Subject: Re: your invoice
Content-Type: text/plain

Thank you, 550 euros it is.
"""


def system(world: World) -> Actor:
    return identity.system_actor(world.organization, "job")


def report_on(mail: Mail, *, recipient: str = "bar@example.test") -> bytes:
    return REPORT.format(message_id=mail.message_id, recipient=recipient).encode()


@pytest.fixture
def mail(world: World, office: PostOffice, use: Callable[..., Any]) -> Mail:
    """A mail that a server took."""
    use(world.alice, office.port)
    queued = dispatch.send_paper(make.issued_invoice(world.alice).id, by=world.alice, at=NOW)
    assert dispatch.deliver_mail(queued.id, by=system(world), at=NOW)
    sent = queries.get_mail(queued.id, by=world.alice)
    assert sent.state == "sent"
    return sent


@pytest.fixture
def mailbox(pem: Path, tmp_path: Path) -> Iterator[Mailbox]:
    """A running IMAP server with one mailbox."""
    with dovecot(pem, tmp_path) as running:
        yield running


def watch(world: World, port: int, **changes: Any) -> None:
    """Have the organization's returned mail looked for there."""
    data = {
        "imap_host": "127.0.0.1",
        "imap_port": str(port),
        "imap_security": "none",
        "imap_user": USER,
        "imap_password": PASSWORD,
        **changes,
    }
    dispatch.set_mail_settings(by=world.alice, data=data)


def test_a_return_marks_the_mail_and_tells_a_person(world: World, mail: Mail) -> None:
    assert dispatch.take_return(report_on(mail), by=system(world), at=NOW)

    row = queries.get_mail(mail.id, by=world.alice)
    assert (row.state, row.failure) == ("returned", "permanent")
    assert row.problem == "bar@example.test: 550 5.1.1 User unknown"
    assert row.sent_at == NOW
    (notice,) = queries.unseen_notices(by=world.alice)
    assert (notice.kind, notice.subject_id) == ("mail.returned", mail.id)
    assert "came back" in notice.text
    types = [row.type for row in events.list_events(world.organization, subject_id=mail.id)]
    assert types == ["mail.returned", "mail.sent", "mail.queued"]
    assert invoicing.get_invoice(mail.invoice_id, by=world.alice).number is not None


def test_the_same_return_twice_is_one(world: World, mail: Mail) -> None:
    dispatch.take_return(report_on(mail), by=system(world), at=NOW)

    assert not dispatch.take_return(report_on(mail), by=system(world), at=NOW)
    assert len(queries.unseen_notices(by=world.alice)) == 1


def test_a_delay_changes_nothing(world: World, mail: Mail) -> None:
    delayed = report_on(mail).replace(b"Action: failed", b"Action: delayed")

    assert not dispatch.take_return(delayed, by=system(world), at=NOW)
    assert queries.get_mail(mail.id, by=world.alice).state == "sent"


def test_one_failure_among_several_recipients_is_found(world: World, mail: Mail) -> None:
    mixed = report_on(mail).replace(
        b"Final-Recipient: rfc822; bar",
        b"Final-Recipient: rfc822; ok@example.test\nAction: relayed\nStatus: 2.0.0\n\n"
        b"Final-Recipient: rfc822; bar",
    )

    assert dispatch.take_return(mixed, by=system(world), at=NOW)
    assert queries.get_mail(mail.id, by=world.alice).problem.startswith("bar@example.test: 550")


def test_another_organization_s_return_is_not_ours(world: World, mail: Mail) -> None:
    by = identity.system_actor(world.other, "job")

    assert not dispatch.take_return(report_on(mail), by=by, at=NOW)
    assert queries.get_mail(mail.id, by=world.alice).state == "sent"


def test_a_mail_that_never_left_cannot_come_back(world: World) -> None:
    queued = dispatch.send_paper(make.issued_invoice(world.alice).id, by=world.alice, at=NOW)

    assert not dispatch.take_return(report_on(queued), by=system(world), at=NOW)


def test_a_returned_mail_may_be_tried_again(world: World, mail: Mail, office: PostOffice) -> None:
    dispatch.take_return(report_on(mail), by=system(world), at=NOW)

    dispatch.retry_mail(mail.id, by=world.alice, at=NOW)

    assert dispatch.deliver_mail(mail.id, by=system(world), at=NOW)
    assert queries.get_mail(mail.id, by=world.alice).state == "sent"
    assert [one.recipients for one in office.mails] == [["bar@example.test"]] * 2


def test_a_return_that_comes_while_sending_is_not_undone_by_the_outcome(
    world: World, mail: Mail
) -> None:
    from guilder.office.dispatch.operations import delivery

    with transaction(world.organization):
        Mail.objects.of(world.organization).filter(id=mail.id).update(state="sending", sent_at=None)
    stale = queries.get_mail(mail.id, by=world.alice)
    dispatch.take_return(report_on(mail), by=system(world), at=NOW)

    delivery.note_accepted(stale, ["bar@example.test"], by=system(world), at=NOW, is_all=True)

    assert queries.get_mail(mail.id, by=world.alice).state == "returned"


@with_dovecot
@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_mailbox_is_looked_through_and_other_mail_left_alone(
    world: World, mail: Mail, mailbox: Mailbox, trusted: Path, security: str
) -> None:
    mailbox.put(ANSWER, name="1.answer")
    mailbox.put(report_on(mail), name="2.report")
    mailbox.put(ANSWER, name="3.answer")
    port = mailbox.tls_port if security == "tls" else mailbox.port
    watch(world, port, imap_security=security)

    found = dispatch.collect_returns(by=system(world), at=NOW)

    assert found == 1
    assert queries.get_mail(mail.id, by=world.alice).state == "returned"
    assert mailbox.flags() == {"1.answer": "", "2.report": "S", "3.answer": ""}


@with_dovecot
def test_a_mailbox_is_read_on_from_where_it_was_left(
    world: World, mail: Mail, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[int] = []
    possible = returned.possible_return
    monkeypatch.setattr(
        returned,
        "possible_return",
        lambda box, uid: (fetched.append(uid), possible(box, uid))[1],
    )
    watch(world, mailbox.port)
    mailbox.put(ANSWER, name="1.answer")
    assert dispatch.collect_returns(by=system(world), at=NOW) == 0
    assert dispatch.collect_returns(by=system(world), at=NOW) == 0
    assert fetched == [1]

    mailbox.put(report_on(mail), name="2.report")

    assert dispatch.collect_returns(by=system(world), at=NOW) == 1
    assert fetched == [1, 2]
    with transaction(world.organization):
        row = MailSettings.objects.of(world.organization).get()
    assert row.imap_read == 2
    assert row.imap_validity > 0


@with_dovecot
def test_a_mailbox_made_anew_is_read_from_its_beginning(
    world: World, mail: Mail, mailbox: Mailbox
) -> None:
    watch(world, mailbox.port)
    mailbox.put(report_on(mail), name="1.report")
    with transaction(world.organization):
        MailSettings.objects.of(world.organization).update(imap_validity=7, imap_read=500)

    assert dispatch.collect_returns(by=system(world), at=NOW) == 1


@with_dovecot
def test_a_wrong_password_is_logged_without_the_password(
    world: World, mailbox: Mailbox, loopback: None, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = "canary-wrong-password"
    watch(world, mailbox.port, imap_password=wrong)

    assert dispatch.collect_returns(by=system(world), at=NOW) == 0
    assert "mailbox not readable" in caplog.text
    assert wrong not in caplog.text


@with_dovecot
def test_a_folder_that_is_not_there_is_no_disaster(
    world: World, mailbox: Mailbox, loopback: None, caplog: pytest.LogCaptureFixture
) -> None:
    watch(world, mailbox.port, imap_folder='Gone "for" good')

    assert dispatch.collect_returns(by=system(world), at=NOW) == 0
    assert "mailbox not readable" in caplog.text


def test_a_mailbox_that_does_not_answer_is_tried_again_later(
    world: World, loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returned, "TIMEOUT", 1)
    watch(world, free_port())
    assert dispatch.collect_returns(by=system(world), at=NOW) == 0

    with talker(b"* OK hello\r\n", b"garbage\r\n", pause=2) as port:
        watch(world, port)
        assert dispatch.collect_returns(by=system(world), at=NOW) == 0


def test_a_mailbox_inside_the_network_is_refused_unless_the_operator_opens_it(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("GUILDER_OUTBOUND_ALLOW", raising=False)
    with talker(b"* OK hello\r\n") as port:
        watch(world, port)

        assert dispatch.collect_returns(by=system(world), at=NOW) == 0

    assert "mailbox not readable" in caplog.text


def test_only_organizations_with_a_mailbox_are_looked_at(world: World, loopback: None) -> None:
    watch(world, free_port())

    assert world.organization in queries.mailboxes()
    assert world.other not in queries.mailboxes()
