"""Mail server, sender and words of an organization."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from guilder.foundation.audit import queries as audit
from guilder.foundation.edges import secrets
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, Stale
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import placeholders, queries
from guilder.office.dispatch.models import Mail, MailSettings
from tests import make
from tests.make import NOW, World

SECRET = "canary-tulip-93"
SERVER = {"host": "smtp.example.com", "user": "northlight", "password": SECRET}


def row_of(world: World) -> MailSettings:
    with transaction(world.organization):
        return MailSettings.objects.of(world.organization).get()


def test_defaults_stand_until_somebody_chooses(world: World) -> None:
    record = queries.get_mail_settings(by=world.alice)

    assert (record.host, record.port, record.security) == ("", 587, "starttls")
    assert (record.server, record.has_password) == ("none", False)


def test_a_password_is_sealed_and_never_told_again(world: World) -> None:
    record = dispatch.set_mail_settings(by=world.alice, data=SERVER)

    assert record.has_password
    assert SECRET not in repr(record)
    assert SECRET not in repr(queries.get_mail_settings(by=world.alice))
    row = row_of(world)
    assert SECRET.encode() not in bytes(row.sealed_password or b"")
    server = queries.server_of(row)
    assert server is not None
    assert server.password == SECRET
    assert SECRET not in repr(server)
    entries = audit.list_entries(world.organization, row_id=row.id)
    assert entries
    assert SECRET not in json.dumps([[entry.before, entry.after] for entry in entries])


def test_no_column_holds_a_password_in_the_clear(world: World, db: Any) -> None:
    dispatch.set_mail_settings(by=world.alice, data={**SERVER, "imap_password": SECRET})

    with db.superuser() as connection:
        rows = connection.execute(
            "SELECT m::text, a::text FROM dispatch_mailsettings m JOIN audit_entry a "
            "ON a.organization_id = m.organization_id WHERE m.organization_id = %s",
            [world.organization],
        ).fetchall()

    assert rows
    assert SECRET not in str(rows)
    assert SECRET.encode().hex() not in str(rows)


def test_a_sealed_password_moved_to_another_organization_does_not_open(world: World) -> None:
    dispatch.set_mail_settings(by=world.alice, data=SERVER)
    dispatch.set_mail_settings(by=world.mallory, data={"host": "smtp.example.net"})
    stolen = row_of(world).sealed_password
    with transaction(world.other):
        MailSettings.objects.of(world.other).update(sealed_password=stolen)
        row = MailSettings.objects.of(world.other).get()

    with pytest.raises(secrets.CannotOpen):
        queries.server_of(row)


def test_a_password_that_does_not_open_puts_the_mail_off(world: World) -> None:
    dispatch.set_mail_settings(by=world.alice, data=SERVER)
    with transaction(world.organization):
        MailSettings.objects.of(world.organization).update(sealed_password=b"broken")
    mail = dispatch.send_paper(make.issued_invoice(world.alice).id, by=world.alice, at=NOW)

    assert dispatch.deliver_mail(mail.id, by=world.alice, at=NOW)

    row = queries.get_mail(mail.id, by=world.alice)
    assert (row.state, row.failure) == ("queued", "temporary")
    assert "enter it anew" in row.problem


def test_what_is_not_sent_stays_and_an_empty_password_goes(world: World) -> None:
    dispatch.set_mail_settings(by=world.alice, data=SERVER)

    kept = dispatch.set_mail_settings(by=world.alice, data={"sender_name": "Billing"})
    gone = dispatch.set_mail_settings(by=world.alice, data={"password": ""})

    assert (kept.host, kept.has_password, kept.sender_name) == ("smtp.example.com", True, "Billing")
    assert not gone.has_password


@pytest.mark.parametrize(
    "change",
    [{"host": "evil.example"}, {"port": "25"}, {"security": "none"}, {"user": "somebody"}],
)
def test_a_kept_password_does_not_follow_to_another_server(
    world: World, change: dict[str, str]
) -> None:
    dispatch.set_mail_settings(by=world.alice, data=SERVER)

    with pytest.raises(Invalid) as refused:
        dispatch.set_mail_settings(by=world.alice, data=change)

    assert [problem.pointer for problem in refused.value.problems] == ["/password"]
    assert row_of(world).host == "smtp.example.com"
    again = dispatch.set_mail_settings(by=world.alice, data={**change, "password": SECRET})
    assert again.has_password


def test_every_fault_is_told_at_once(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        dispatch.set_mail_settings(
            by=world.alice,
            data={
                "port": "99999",
                "security": "ssl",
                "sender_email": "nobody",
                "imap_folder": "Zurückgekommen",
                "surprise": "x",
                "sender_name": "a\r\nBcc: b@c.example",
            },
        )

    pointers = {problem.pointer for problem in refused.value.problems}
    assert pointers == {
        "/port",
        "/security",
        "/sender_email",
        "/imap_folder",
        "/surprise",
        "/sender_name",
    }


def test_a_lost_race_is_told(world: World) -> None:
    first = dispatch.set_mail_settings(by=world.alice, data=SERVER)
    dispatch.set_mail_settings(by=world.alice, data={"reply_to": "a@b.example"})

    with pytest.raises(Stale):
        dispatch.set_mail_settings(
            by=world.alice, data={"reply_to": "c@d.example"}, version=first.version
        )


def test_another_mailbox_is_read_from_its_beginning(world: World) -> None:
    dispatch.set_mail_settings(by=world.alice, data={"imap_host": "imap.example.com"})
    with transaction(world.organization):
        MailSettings.objects.of(world.organization).update(imap_validity=5, imap_read=9)

    dispatch.set_mail_settings(by=world.alice, data={"sender_name": "x"})
    assert row_of(world).imap_read == 9
    dispatch.set_mail_settings(by=world.alice, data={"imap_folder": "Bounces"})
    assert (row_of(world).imap_read, row_of(world).imap_validity) == (0, 0)


def test_settings_of_another_organization_are_not_seen(world: World) -> None:
    dispatch.set_mail_settings(by=world.alice, data=SERVER)

    assert queries.get_mail_settings(by=world.mallory).host == ""


def words(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "invoice",
        "language": "en",
        "subject": "Bill {{ document.number }}",
        "text": "Dear {{ client.name }},\n\n{{ message }}\n\nplease pay {{ document.due }}.",
        **changes,
    }


def test_own_words_are_used_and_ours_come_back(
    world: World, use: Callable[..., Any], loopback: None
) -> None:
    dispatch.set_template(by=world.alice, data=words())
    invoice = make.issued_invoice(world.alice)

    own = dispatch.send_paper(invoice.id, by=world.alice, at=NOW)
    assert dispatch.set_template(by=world.alice, data=words(text="")) is None
    ours = dispatch.send_paper(invoice.id, by=world.alice, at=NOW)

    assert own.subject == f"Bill {invoice.number}"
    assert "please pay €119.00." in own.text
    assert "{{" not in own.text
    assert ours.subject.startswith(f"Invoice {invoice.number} from ")
    assert queries.list_templates(by=world.alice) == []


def test_words_are_changed_under_a_new_version(world: World) -> None:
    dispatch.set_template(by=world.alice, data=words())

    row = dispatch.set_template(by=world.alice, data=words(subject="New"))

    assert row is not None
    assert (row.subject, row.version) == ("New", 2)
    assert queries.list_templates(by=world.mallory) == []


@pytest.mark.parametrize("part", ["subject", "text"])
def test_a_word_outside_the_vocabulary_is_refused_with_those_inside(
    world: World, part: str
) -> None:
    with pytest.raises(placeholders.UnknownPlaceholder) as refused:
        dispatch.set_template(by=world.alice, data=words(**{part: "{{ client.password }}"}))

    assert "client.password" in refused.value.detail
    assert "document.number" in refused.value.detail
    assert queries.list_templates(by=world.alice) == []


def test_a_kind_or_language_without_words_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        dispatch.set_template(by=world.alice, data=words(kind="letter", language="xx", subject=""))

    pointers = [problem.pointer for problem in refused.value.problems]
    assert pointers == ["/kind", "/language", "/subject"]


def test_what_a_client_is_called_is_not_read_as_a_template(world: World) -> None:
    client = make.client(world.alice, name="{{ message }} <b>&amp;</b>")
    invoice = make.issued_invoice(world.alice, client_id=client.id)

    mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW, message="{{ document.due }}")

    assert "{{ message }} <b>&amp;</b>" in mail.text
    assert "{{ document.due }}" in mail.text


def test_longest_names_fit_the_subject(world: World) -> None:
    client = make.client(world.alice, name="n" * 200)
    dispatch.set_template(by=world.alice, data=words(subject="{{ client.name }} " * 10))
    invoice = make.issued_invoice(world.alice, client_id=client.id)

    mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW)

    assert len(mail.subject) == 300
    with transaction(world.organization):
        assert Mail.objects.of(world.organization).filter(id=mail.id).exists()
