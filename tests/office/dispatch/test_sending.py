"""Papers by mail, through real SMTP servers: queued, sent once, tried again, given up, kept."""

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pypdfium2
import pytest

from guilder.books.invoicing import operations as invoicing_operations
from guilder.books.invoicing import queries as invoicing
from guilder.foundation.audit import queries as audit
from guilder.foundation.events import queries as events
from guilder.foundation.files import operations as files
from guilder.foundation.identity import operations as identity
from guilder.kernel.errors import Invalid, NotAllowed, NotFound
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries, tasks
from guilder.office.dispatch.calc import STEPS
from guilder.office.dispatch.mail import NotDelivered
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations.delivery import LEASE
from tests import make
from tests.make import NOW, World
from tests.office.dispatch.servers import PASSWORD, USER, PostOffice, free_port, post_office, talker
from tests.uncounted import uncounted

MINUTE = timedelta(minutes=1)


def sent(world: World, **options: Any) -> Mail:
    """An issued invoice whose mail was queued."""
    return dispatch.send_paper(
        make.issued_invoice(world.alice).id, by=world.alice, at=NOW, **options
    )


def tried(world: World, mail: Mail, *, at: datetime = NOW) -> Mail:
    """The mail after one try."""
    by = identity.system_actor(world.organization, "job")
    assert dispatch.deliver_mail(mail.id, by=by, at=at)
    return queries.get_mail(mail.id, by=world.alice)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def types_of(world: World, subject: UUID) -> list[str]:
    rows = events.list_events(world.organization, subject_id=subject)
    return [row.type for row in reversed(rows)]


def test_a_worker_sends_what_was_queued_with_the_paper_attached(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    from guilder.foundation.jobs import worker

    use(world.alice, office.port)
    invoice = make.issued_invoice(world.alice)
    stop = threading.Event()
    working = threading.Thread(target=worker.run, args=(stop,), kwargs={"concurrency": 1})
    working.start()
    try:
        mail = dispatch.send_paper(invoice.id, by=world.alice, at=datetime.now(UTC))
        office.wait_for(1)
    finally:
        stop.set()
        working.join(60)

    (received,) = office.mails
    message = received.message
    assert received.sender == "billing@northlight.example"
    assert received.recipients == ["bar@example.test"]
    assert message["From"] == "Alice & Co <billing@northlight.example>"
    assert message["Message-ID"] == mail.message_id
    assert invoice.number in message["Subject"]
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "€119.00" in text
    assert "€119.00" in html and '<html lang="en"' in html
    assert invoice.number in text_of(received.pdf)
    assert "119.00" in text_of(received.pdf)
    after = queries.get_mail(mail.id, by=world.alice)
    assert (after.state, after.attempts, after.problem) == ("sent", 1, "")
    record = invoicing.get_invoice(invoice.id, by=world.alice)
    assert record.sent_at == after.sent_at
    assert record.word(on=make.TODAY) == "sent"
    assert types_of(world, mail.id) == ["mail.queued", "mail.sent"]


def test_the_attached_paper_is_the_one_that_is_kept_for_ever(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world)

    tried(world, mail)
    printed = dispatch.print_paper(mail.invoice_id, by=world.alice, at=NOW + MINUTE)

    assert office.mails[0].pdf == printed.pdf
    names = [part.get_filename() for part in office.mails[0].message.iter_attachments()]
    assert names == [printed.filename]


def test_a_server_that_asks_for_patience_gets_the_same_mail_later(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world)
    office.answer = "451 4.7.1 Greylisted, come back"

    waiting = tried(world, mail)

    assert (waiting.state, waiting.failure) == ("queued", "temporary")
    assert waiting.next_attempt_at == NOW + STEPS[0]
    assert "451 4.7.1 Greylisted" in waiting.problem
    assert queries.unseen_notices(by=world.alice) == []

    office.answer = "250 OK"
    assert not dispatch.deliver_mail(mail.id, by=world.alice, at=NOW)  # not due yet
    done = tried(world, mail, at=NOW + STEPS[0])
    assert (done.state, done.attempts, done.problem) == ("sent", 2, "")
    (received,) = office.mails
    assert received.message["Message-ID"] == mail.message_id
    assert not dispatch.deliver_mail(mail.id, by=world.alice, at=NOW + timedelta(days=9))


def test_each_try_is_kept_with_what_was_said(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    mail = sent(world)
    tried(world, mail)
    use(world.alice, office.port)
    dispatch.retry_mail(mail.id, by=world.alice, at=NOW + MINUTE)
    office.answer = "451 Busy"
    tried(world, mail, at=NOW + MINUTE)
    office.answer = "250 OK"
    tried(world, mail, at=NOW + 2 * MINUTE)

    attempts = queries.list_attempts(mail.id, by=world.alice)

    assert [attempt.state for attempt in attempts] == ["held", "queued", "sent"]
    assert [attempt.at for attempt in attempts] == [NOW, NOW + MINUTE, NOW + 2 * MINUTE]
    assert "451 Busy" in attempts[1].problem
    with pytest.raises(NotFound):
        queries.list_attempts(mail.id, by=world.mallory)


def test_a_recipient_that_does_not_exist_is_told_to_a_person_at_once(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world)
    office.by_recipient["bar@example.test"] = "550 5.1.1 No such user"

    failed = tried(world, mail)

    assert (failed.state, failed.failure, failed.next_attempt_at) == ("failed", "permanent", None)
    assert failed.problem == "bar@example.test: 550 5.1.1 No such user"
    (notice,) = queries.unseen_notices(by=world.alice)
    assert notice.subject_id == mail.id
    assert "550 5.1.1 No such user" in notice.text
    assert types_of(world, mail.id) == ["mail.queued", "mail.failed"]
    assert queries.unseen_notices(by=world.mallory) == []

    dispatch.dismiss_notice(notice.id, by=world.mallory, at=NOW)
    assert len(queries.unseen_notices(by=world.alice)) == 1
    dispatch.dismiss_notice(notice.id, by=world.alice, at=NOW)
    assert queries.unseen_notices(by=world.alice) == []


def test_a_person_may_try_a_failed_mail_again(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world)
    office.answer = "554 5.7.1 Looks like spam"
    tried(world, mail)
    office.answer = "250 OK"

    again = dispatch.retry_mail(mail.id, by=world.alice, at=NOW + MINUTE)

    assert (again.state, again.attempts) == ("queued", 0)
    assert tried(world, mail, at=NOW + MINUTE).state == "sent"
    assert office.mails[0].message["Message-ID"] == mail.message_id
    with pytest.raises(dispatch.NotSendable):
        dispatch.retry_mail(mail.id, by=world.alice, at=NOW + MINUTE)


def test_those_who_have_the_mail_do_not_get_it_twice(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port, copy_to="archive@northlight.example")
    mail = sent(world, to=["a@example.test", "b@example.test"])
    office.by_recipient["b@example.test"] = "452 4.2.2 Mailbox full"

    waiting = tried(world, mail)

    assert waiting.state == "queued"
    assert waiting.problem == "b@example.test: 452 4.2.2 Mailbox full"
    assert office.mails[0].recipients == ["a@example.test", "archive@northlight.example"]
    assert invoicing.get_invoice(mail.invoice_id, by=world.alice).sent_at == NOW

    office.by_recipient.clear()
    done = tried(world, mail, at=NOW + MINUTE)
    assert done.state == "sent"
    assert office.mails[1].recipients == ["b@example.test"]
    assert office.mails[1].message["To"] == "a@example.test, b@example.test"
    assert office.mails[1].message["Cc"] == "archive@northlight.example"


def test_a_recipient_refused_for_good_fails_though_the_others_have_it(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world, to=["a@example.test", "b@example.test"])
    office.by_recipient["b@example.test"] = "550 5.1.1 No such user"

    failed = tried(world, mail)

    assert (failed.state, failed.accepted) == ("failed", "a@example.test")
    assert len(queries.unseen_notices(by=world.alice)) == 1


def test_no_answer_at_all_is_tried_again_until_three_days_are_over(
    world: World, loopback: None, use: Callable[..., Any]
) -> None:
    use(world.alice, free_port())
    mail = sent(world)
    at, tries = NOW, 0

    while (row := tried(world, mail, at=at)).state == "queued":
        assert "No mail server answers" in row.problem
        assert row.failure == "temporary"
        assert row.next_attempt_at is not None
        at, tries = row.next_attempt_at, tries + 1

    assert tries == len(STEPS)
    assert row.state == "failed"
    assert timedelta(days=2) < at - NOW < timedelta(days=3)
    assert len(queries.unseen_notices(by=world.alice)) == 1


def test_a_server_that_says_nothing_is_not_waited_for(
    world: World, loopback: None, use: Callable[..., Any], settings_timeout: None
) -> None:
    with talker(b"", pause=5) as port:
        use(world.alice, port)
        row = tried(world, sent(world))

    assert (row.state, row.failure) == ("queued", "temporary")
    assert "timed out" in row.problem


def test_a_server_that_drips_is_cut_off(
    world: World,
    loopback: None,
    use: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from guilder.office.dispatch import mail as mails

    monkeypatch.setattr(mails, "MOST", 0.5)
    began = datetime.now(UTC)
    with talker(b"220-", pause=0.05, endless=b"2") as port:
        use(world.alice, port)
        row = tried(world, sent(world))

    assert row.state == "queued"
    assert datetime.now(UTC) - began < timedelta(seconds=8)


def test_a_mail_that_was_taken_is_sent_whatever_the_server_says_at_parting(
    world: World, loopback: None, use: Callable[..., Any]
) -> None:
    with talker(
        b"220 hello\r\n",
        b"250 hello\r\n",
        b"250 sender\r\n",
        b"250 recipient\r\n",
        b"354 go on\r\n",
        b"250 taken\r\n",
        b"500 no goodbye\r\n",
    ) as port:
        use(world.alice, port)
        row = tried(world, sent(world))

    assert row.state == "sent", row.problem


def test_encryption_and_sign_in_with_a_certificate(
    world: World, loopback: None, trusted: Any, use: Callable[..., Any]
) -> None:
    with post_office(trusted) as office:
        use(world.alice, office.port, security="starttls", user=USER, password=PASSWORD)
        row = tried(world, sent(world))

    assert row.state == "sent", row.problem
    assert (office.mails[0].is_encrypted, office.mails[0].user) == (True, USER)


def test_encryption_from_the_first_byte(
    world: World, loopback: None, trusted: Any, use: Callable[..., Any]
) -> None:
    with post_office(trusted, tls=True) as office:
        use(world.alice, office.port, security="tls", user=USER, password=PASSWORD)
        row = tried(world, sent(world))

    assert row.state == "sent", row.problem
    assert office.mails[0].is_encrypted


def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    world: World, loopback: None, pem: Any, use: Callable[..., Any]
) -> None:
    with post_office(pem) as office:
        use(world.alice, office.port, security="starttls", user=USER, password=PASSWORD)
        row = tried(world, sent(world))

    assert (row.state, row.failure, office.mails) == ("queued", "temporary", [])
    assert "CERTIFICATE_VERIFY_FAILED" in row.problem


def test_no_mail_goes_in_the_clear_where_encryption_was_agreed(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port, security="starttls")

    row = tried(world, sent(world))

    assert (row.state, office.mails) == ("queued", [])
    assert "STARTTLS" in row.problem


def test_a_wrong_password_waits_for_a_person_and_is_never_repeated(
    world: World,
    loopback: None,
    trusted: Any,
    use: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong = "canary-wrong-password"
    with post_office(trusted) as office:
        use(world.alice, office.port, security="starttls", user=USER, password=wrong)
        row = tried(world, sent(world))

    assert (row.state, row.failure) == ("queued", "temporary")
    assert "535" in row.problem
    assert wrong not in row.problem
    assert wrong not in caplog.text


def test_a_password_that_the_server_repeats_is_not_kept(
    world: World, loopback: None, use: Callable[..., Any]
) -> None:
    lines = (b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN LOGIN\r\n")
    echo = f"535 {PASSWORD} is wrong\r\n".encode()
    with talker(*lines, echo, echo, echo) as port:
        use(world.alice, port, user=USER, password=PASSWORD)
        row = tried(world, sent(world))

    assert "is wrong" in row.problem
    assert PASSWORD not in row.problem


def test_a_server_inside_the_network_is_refused_unless_the_operator_opens_it(
    world: World, use: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUILDER_OUTBOUND_ALLOW", raising=False)
    with post_office() as office:
        use(world.alice, office.port)
        mail = sent(world)
        refused = tried(world, mail)
        monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", f"127.0.0.1:{office.port}")
        done = tried(world, mail, at=NOW + MINUTE)

    assert refused.state == "queued"
    assert "not public" in refused.problem
    assert done.state == "sent"


def test_the_installation_s_server_serves_who_has_none(
    world: World, office: PostOffice, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUILDER_OUTBOUND_ALLOW", raising=False)
    settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=office.port)
    settings(EMAIL_USE_TLS=False, EMAIL_USE_SSL=False, EMAIL_HOST_USER="")
    settings(DEFAULT_FROM_EMAIL="Bills <bills@house.example>")

    row = tried(world, sent(world))

    assert row.state == "sent", row.problem
    assert office.mails[0].message["From"] == "Bills <bills@house.example>"


def test_without_any_server_the_mail_is_kept_to_be_looked_at(world: World) -> None:
    mail = sent(world, message="With thanks.\nAlice")

    row = tried(world, mail)

    assert (row.state, row.next_attempt_at, row.sent_at) == ("held", None, None)
    assert [one.id for one in queries.list_mails(by=world.alice, states=("held",))] == [mail.id]
    assert "With thanks." in row.text
    assert invoicing.get_invoice(mail.invoice_id, by=world.alice).sent_at is None
    assert dispatch.print_paper(mail.invoice_id, by=world.alice, at=NOW).pdf.startswith(b"%PDF")


def test_a_held_mail_leaves_once_there_is_a_server(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    mail = sent(world)
    tried(world, mail)
    use(world.alice, office.port)

    dispatch.retry_mail(mail.id, by=world.alice, at=NOW + MINUTE)

    assert tried(world, mail, at=NOW + MINUTE).state == "sent"


def test_undone_within_its_hold_no_mail_leaves(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world, hold=timedelta(seconds=8))
    by = identity.system_actor(world.organization, "job")

    assert not dispatch.deliver_mail(mail.id, by=by, at=NOW + timedelta(seconds=7))
    stopped = dispatch.cancel_mail(mail.id, by=world.alice)

    assert stopped.state == "stopped"
    assert dispatch.cancel_mail(mail.id, by=world.alice).state == "stopped"
    assert not dispatch.deliver_mail(mail.id, by=by, at=NOW + MINUTE)
    assert office.mails == []


def test_what_a_person_chose_is_what_leaves(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port, copy_to="archive@northlight.example")
    plan = files.store(b"%PDF-plan", by=world.alice, filename="plan.pdf", media_type="text/plain")
    wish = dispatch.Wish(
        to=["one@example.test", "two@example.test"],
        cc=["boss@example.test", "one@example.test"],
        subject="Your lamps",
        text="Here they are.\n\n{{ not.a.placeholder }}",
        files=[plan.id],
    )
    mail = sent(world, wish=wish)

    assert tried(world, mail).state == "sent"
    (received,) = office.mails
    names = [part.get_filename() for part in received.message.iter_attachments()]
    assert received.message["Subject"] == "Your lamps"
    assert received.message["To"] == "one@example.test, two@example.test"
    assert received.message["Cc"] == "boss@example.test"
    assert "{{ not.a.placeholder }}" in received.message.get_body(("plain",)).get_content()
    assert names == ["INV-2026-00001.pdf", "plan.pdf"]
    assert "archive@northlight.example" not in received.recipients


def test_a_mail_without_its_paper_carries_no_pdf(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world, wish=dispatch.Wish(has_paper=False))

    tried(world, mail)

    assert list(office.mails[0].message.iter_attachments()) == []


def test_every_fault_of_a_wish_is_told_at_once(world: World) -> None:
    wish = dispatch.Wish(to=["no address"], cc=["neither"], subject=" ", text="")

    with pytest.raises(Invalid) as refused:
        sent(world, wish=wish)

    found = [one.pointer for one in refused.value.problems]
    assert found == ["/to/0", "/cc/0", "/subject", "/text"]


def test_composing_shows_the_mail_and_stores_nothing(world: World) -> None:
    invoice = make.issued_invoice(world.alice)

    shown = dispatch.compose_paper(invoice.id, by=world.alice, at=NOW)

    assert (shown.to, shown.subject[:22]) == ("bar@example.test", "Invoice INV-2026-00001")
    assert queries.list_mails(by=world.alice) == []


def test_the_clients_page_stands_in_the_mail_where_the_installation_has_an_address(
    world: World, settings: Callable[..., None]
) -> None:
    invoice = make.issued_invoice(world.alice)
    without = dispatch.compose_paper(invoice.id, by=world.alice, at=NOW).text
    settings(BASE_URL="https://billing.example.test")

    shown = dispatch.compose_paper(invoice.id, by=world.alice, at=NOW).text

    link = "https://billing.example.test" + invoicing_operations.pay_link(
        invoice.id, by=world.alice
    )
    assert f"You can see and pay it here: {link}\n" in shown
    assert "pay it here" not in without


def test_many_are_sent_at_once_and_one_that_is_refused_stops_no_other(world: World) -> None:
    first, second = make.issued_invoice(world.alice), make.issued_invoice(world.alice)
    draft = make.draft(world.alice)

    done = dispatch.send_papers(
        [first.id, draft.id, second.id, first.id], by=world.alice, at=NOW, hold=dispatch.HOLD
    )

    assert [mail.invoice_id for mail in done.mails] == [first.id, second.id]
    assert done.refused == ((draft.id, "A draft cannot be sent. Issue it first."),)
    assert {mail.next_attempt_at for mail in done.mails} == {NOW + dispatch.HOLD}


def test_files_of_others_and_too_many_bytes_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = files.store(b"x", by=world.mallory, filename="x.txt", media_type="text/plain")
    own = files.store(b"12345", by=world.alice, filename="y.txt", media_type="text/plain")

    with pytest.raises(NotFound):
        sent(world, wish=dispatch.Wish(files=[foreign.id]))
    monkeypatch.setattr("guilder.office.dispatch.operations.sending.MOST_BYTES", 4)
    with pytest.raises(dispatch.TooLarge):
        sent(world, wish=dispatch.Wish(files=[own.id]))


def test_what_was_sent_cannot_be_undone(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world)
    tried(world, mail)

    with pytest.raises(dispatch.NotSendable):
        dispatch.cancel_mail(mail.id, by=world.alice)


KILLED = """
import sys, uuid
from datetime import datetime
import django
django.setup()
from guilder.foundation.identity import operations as identity
from guilder.office.dispatch import operations as dispatch
organization, mail, at = sys.argv[1:]
dispatch.deliver_mail(
    uuid.UUID(mail),
    by=identity.system_actor(uuid.UUID(organization), "job"),
    at=datetime.fromisoformat(at),
)
"""


def test_a_worker_killed_while_sending_is_followed_by_another_with_the_same_mail(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    mail = sent(world)
    office.hold = 1.0
    arguments = [str(world.organization), str(mail.id), NOW.isoformat()]
    told = uncounted(os.environ)  # killed, it would say nothing
    worker = subprocess.Popen([sys.executable, "-c", KILLED, *arguments], env=told)
    try:
        assert office.reached.wait(60)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)

    stuck = queries.get_mail(mail.id, by=world.alice)
    assert (stuck.state, stuck.next_attempt_at) == ("sending", NOW + LEASE)
    assert not dispatch.deliver_mail(mail.id, by=world.alice, at=NOW + LEASE - MINUTE)
    assert (world.organization, mail.id) in queries.due_mails(at=NOW + LEASE)
    office.hold = 0
    done = tried(world, mail, at=NOW + LEASE)

    assert (done.state, done.attempts) == ("sent", 2)
    ids = {received.message["Message-ID"] for received in office.mails}
    assert ids == {mail.message_id}  # a double is known as one


def test_two_workers_do_not_send_the_same_mail(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    from django.db import connections

    use(world.alice, office.port)
    mail = sent(world)
    office.hold = 0.5
    by = identity.system_actor(world.organization, "job")
    outcomes: list[bool] = []

    def work() -> None:
        outcomes.append(dispatch.deliver_mail(mail.id, by=by, at=NOW))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert sorted(outcomes) == [False, False, False, True]
    assert len(office.mails) == 1


def test_a_mail_that_kills_every_worker_is_given_up(world: World, loopback: None) -> None:
    from guilder.foundation.tenancy.transaction import transaction

    mail = sent(world)
    with transaction(world.organization):
        Mail.objects.of(world.organization).filter(id=mail.id).update(
            state="sending", attempts=len(STEPS) + 1
        )

    assert not dispatch.deliver_mail(mail.id, by=world.alice, at=NOW + LEASE)

    row = queries.get_mail(mail.id, by=world.alice)
    assert row.state == "failed"
    assert "no try came to an end" in row.problem


def test_what_is_due_becomes_a_job_each_and_only_once(world: World, loopback: None) -> None:
    from django.db import connections

    mail = sent(world)

    tasks.deliver_due.function(at=NOW)
    tasks.deliver_due.function(at=NOW)

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'dispatch.deliver' "
            "AND args ->> 'mail_id' = %s",
            [str(mail.id)],
        )
        assert cursor.fetchone() == (1,)


def test_the_settings_are_tried_with_a_mail_to_oneself(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    with pytest.raises(dispatch.NoServer):
        dispatch.send_test(by=world.alice, to=world.alice_email, at=NOW)
    use(world.alice, office.port)

    dispatch.send_test(by=world.alice, to=world.alice_email, at=NOW)
    office.by_recipient[world.alice_email] = "550 No such user"
    with pytest.raises(NotDelivered, match="550 No such user"):
        dispatch.send_test(by=world.alice, to=world.alice_email, at=NOW)
    with pytest.raises(NotAllowed):
        dispatch.send_test(by=world.bob, to=world.bob_email, at=NOW)

    (received,) = office.mails
    assert received.recipients == [world.alice_email]
    assert queries.list_mails(by=world.alice) == []


def test_a_draft_does_not_leave_the_house(world: World) -> None:
    draft = make.draft(world.alice)

    with pytest.raises(dispatch.NotSendable):
        dispatch.send_paper(draft.id, by=world.alice, at=NOW)


def test_a_client_without_an_address_is_told_before_anything_is_queued(world: World) -> None:
    client = make.client(world.alice, email="")
    invoice = make.issued_invoice(world.alice, client_id=client.id)

    with pytest.raises(dispatch.NoAddress):
        dispatch.send_paper(invoice.id, by=world.alice, at=NOW)

    assert queries.list_mails(by=world.alice) == []


@pytest.mark.parametrize(
    ("to", "pointers"),
    [
        (["no address"], ["/to/0"]),
        (["good@example.test", "a@b\r\nBcc: x@y.example"], ["/to/1"]),
        (["a@b.example, c@d.example"], ["/to/0"]),
        ([""], ["/to/0"]),
        (["x", "good@example.test", 7], ["/to/0", "/to/2"]),
    ],
)
def test_recipients_are_judged_each(world: World, to: list[Any], pointers: list[str]) -> None:
    invoice = make.issued_invoice(world.alice)

    with pytest.raises(Invalid) as refused:
        dispatch.send_paper(invoice.id, by=world.alice, at=NOW, to=to)

    assert [problem.pointer for problem in refused.value.problems] == pointers


def test_twenty_recipients_are_enough(world: World) -> None:
    invoice = make.issued_invoice(world.alice)
    many = [f"{'n' * 60}{number}@{'d' * 60}.example.test" for number in range(20)]

    with pytest.raises(Invalid):
        dispatch.send_paper(
            invoice.id, by=world.alice, at=NOW, to=[*(f"{n}@a.example" for n in range(21))]
        )
    mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW, to=many)

    assert mail.to.split(", ") == many


def test_the_mail_speaks_the_paper_s_language(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    client = make.client(world.alice, language="de")
    invoice = make.issued_invoice(world.alice, client_id=client.id)

    mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW)
    tried(world, mail)

    assert mail.language == "de"
    message = office.mails[0].message
    assert message["Subject"].startswith("Rechnung")
    assert "119,00\N{NO-BREAK SPACE}€" in message.get_body(("plain",)).get_content()
    assert '<html lang="de"' in message.get_body(("html",)).get_content()


def test_a_quote_goes_out_under_its_number(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    from guilder.books.invoicing import operations as books

    use(world.alice, office.port)
    data = {"client": str(make.client(world.alice).id), "currency": "EUR", "lines": [make.line()]}
    quote = books.create_quote(by=world.alice, data=data, at=NOW)
    with pytest.raises(dispatch.NotSendable):
        dispatch.send_quote_paper(quote.id, by=world.alice, at=NOW)
    numbered = books.send_quote(quote.id, by=world.alice, at=NOW, on=make.TODAY)

    mail = dispatch.send_quote_paper(quote.id, by=world.alice, at=NOW)
    row = tried(world, mail)

    assert row.state == "sent", row.problem
    assert numbered.number in office.mails[0].message["Subject"]
    assert numbered.number in text_of(office.mails[0].pdf)
    assert [one.id for one in queries.list_mails(by=world.alice, quote_id=quote.id)] == [mail.id]


def test_sending_is_written_down(world: World) -> None:
    mail = sent(world)

    entries = audit.list_entries(world.organization, row_id=mail.invoice_id)

    assert "invoice.send" in [entry.action for entry in entries]


def test_an_agent_may_not_send(world: World) -> None:
    invoice = make.issued_invoice(world.alice)
    mail = sent(world)

    for refused in (
        lambda: dispatch.send_paper(invoice.id, by=world.bob, at=NOW),
        lambda: dispatch.cancel_mail(mail.id, by=world.bob),
        lambda: dispatch.retry_mail(mail.id, by=world.bob, at=NOW),
        lambda: dispatch.deliver_mail(mail.id, by=world.bob, at=NOW),
        lambda: dispatch.take_return(b"", by=world.bob, at=NOW),
        lambda: dispatch.set_mail_settings(by=world.bob, data={}),
        lambda: dispatch.set_template(by=world.bob, data={}),
        lambda: queries.get_mail_settings(by=world.bob),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_an_agent_sees_the_mails_of_their_own_papers_only(world: World) -> None:
    mail = sent(world)
    own = dispatch.send_paper(
        _issued_for(world, make.draft(world.bob, client_id=make.client(world.alice).id).id),
        by=world.alice,
        at=NOW,
    )

    assert [one.id for one in queries.list_mails(by=world.bob)] == [own.id]
    assert queries.get_mail(own.id, by=world.bob).id == own.id
    with pytest.raises(NotFound):
        queries.get_mail(mail.id, by=world.bob)


def _issued_for(world: World, draft_id: UUID) -> UUID:
    from guilder.books.invoicing import operations as books

    return books.issue_invoice(draft_id, by=world.alice, at=NOW, on=make.TODAY).id


def test_another_organization_s_mail_is_as_good_as_none(world: World) -> None:
    mail = sent(world)

    for refused in (
        lambda: queries.get_mail(mail.id, by=world.mallory),
        lambda: dispatch.cancel_mail(mail.id, by=world.mallory),
        lambda: dispatch.retry_mail(mail.id, by=world.mallory, at=NOW),
        lambda: dispatch.send_paper(mail.invoice_id, by=world.mallory, at=NOW),
        lambda: dispatch.print_paper(mail.invoice_id, by=world.mallory, at=NOW),
    ):
        with pytest.raises(NotFound):
            refused()
    assert not dispatch.deliver_mail(mail.id, by=world.mallory, at=NOW)
    assert queries.list_mails(by=world.mallory) == []
    assert queries.get_mail(mail.id, by=world.alice).state == "queued"


def test_mails_are_listed_page_by_page(world: World) -> None:
    invoice = make.issued_invoice(world.alice)
    made = [dispatch.send_paper(invoice.id, by=world.alice, at=NOW).id for _ in range(5)]

    first = queries.list_mails(by=world.alice, limit=3)
    last = first[-1]
    rest = queries.list_mails(by=world.alice, limit=3, before=(last.queued_at, last.id))

    assert [one.id for one in (*first, *rest)] == list(reversed(made))
    assert len(queries.list_mails(by=world.alice, invoice_id=invoice.id)) == 5


def test_a_paper_is_printed_once_and_a_draft_anew(world: World) -> None:
    draft = make.draft(world.alice)
    first = dispatch.print_paper(draft.id, by=world.alice, at=NOW)
    invoice = _issued_for(world, draft.id)

    printed = dispatch.print_paper(invoice, by=world.alice, at=NOW)

    assert first.filename == "invoice-draft.pdf"
    assert first.pdf != printed.pdf
    assert dispatch.print_paper(invoice, by=world.alice, at=NOW + timedelta(days=900)) == printed
    assert io.BytesIO(printed.pdf).read(5) == b"%PDF-"
