"""Suppliers write to a mailbox: each mail is picked up once, and what it encloses is received."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from guilder.flows.intake.models import ReceivedDocument
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, Unavailable
from guilder.office.channels import operations, queries
from guilder.papers.exchange.transports import mailbox
from tests.faces.cli.papers import ubl
from tests.make import World
from tests.office.dispatch.servers import (
    DOVECOT,
    PASSWORD,
    USER,
    Mailbox,
    certificate,
    dovecot,
    talker,
)

pytestmark = pytest.mark.skipif(not DOVECOT, reason="dovecot is not installed")
LATER = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate with its key."""
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def box(pem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A running server with an empty mailbox, whose certificate is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with dovecot(pem, tmp_path) as running:
        yield running


@pytest.fixture
def way(box: Mailbox, world: World, channel: Any, loopback: None) -> Callable[..., Any]:
    """Makes the channel: way(after="flag")."""

    def made(**changes: Any) -> Any:
        settings = {
            "host": "127.0.0.1",
            "port": box.tls_port,
            "user": USER,
            "password": PASSWORD,
            **changes,
        }
        return channel(world.alice, "imap", **settings)

    return made


def mail(*files: tuple[str, bytes], number: str = "1", subject: str = "Invoice") -> bytes:
    """A mail of a supplier's with files enclosed."""
    told = EmailMessage()
    told["From"] = "Orchard <bills@orchard.example>"
    told["To"] = "bills@northlight.example"
    told["Subject"] = subject
    told["Message-ID"] = f"<{number}@orchard.example>"
    told.set_content("Please find our invoice enclosed.")
    for name, data in files:
        told.add_attachment(data, maintype="application", subtype="xml", filename=name)
    return told.as_bytes()


def looked(way: Any, system: Any) -> int:
    """Look into the mailbox, and hand on what came."""
    count = operations.collect(way.id, by=system, at=LATER)
    for row in queries.list_transmissions(by=system, direction="in"):
        operations.hand_on(row.id, by=system, at=LATER)
    return count


def states(by: Any) -> dict[str, str]:
    """State → the reason, of what came."""
    return {one.state: one.problem for one in queries.list_transmissions(by=by, direction="in")}


def papers(by: Any) -> list[tuple[str, str, str]]:
    with transaction(by.organization_id):
        rows = ReceivedDocument.objects.of(by.organization_id).order_by("number")
        return [(row.number, row.channel, row.sender) for row in rows]


def names_in(box: Mailbox, folder: str) -> int:
    """How many mails lie in a folder."""
    place = box.folder / folder
    return sum(len(list((place / part).iterdir())) for part in ("cur", "new") if place.exists())


def test_a_mail_is_received_once_and_moved(
    world: World, box: Mailbox, way: Any, system: Any
) -> None:
    here = way()
    raw = mail(("bill.xml", ubl(number="M-1")))
    box.put(raw, name="1.first")
    box.put(raw.replace(b"Subject: Invoice", b"Received: by another\nSubject: Invoice"), name="2.x")

    assert looked(here, system) == 1  # the second is the same by its Message-ID and what it says
    assert looked(here, system) == 0

    assert papers(world.alice) == [("M-1", "mail", "bills@orchard.example")]
    [row] = queries.list_transmissions(by=world.alice, direction="in")
    assert (row.state, row.document_number, row.transport) == ("taken", "M-1", "imap")
    assert queries.bytes_of(row.id, by=world.alice).data.replace(b"\r\n", b"\n") == raw
    assert (names_in(box, "."), names_in(box, ".Guilder")) == (0, 2)
    channel = queries.get_channel(here.id, by=world.alice)
    assert (channel.problem, channel.looked_at) == ("", LATER)


def test_a_mail_that_stays_is_flagged_and_not_taken_again(
    world: World, box: Mailbox, way: Any, system: Any
) -> None:
    here = way(after="flag")
    box.put(mail(("bill.xml", ubl(number="M-2"))), name="1.first")

    assert looked(here, system) == 1
    assert looked(here, system) == 0

    [flags] = box.flags().values()
    assert "S" not in flags  # nobody has read it
    assert [number for number, *_ in papers(world.alice)] == ["M-2"]


def test_killed_between_keeping_and_moving_it_is_taken_once(
    world: World, box: Mailbox, way: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = way()
    box.put(mail(("bill.xml", ubl(number="M-3"))), name="1.first")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "put_aside", killed)
        with pytest.raises(KeyboardInterrupt):
            operations.collect(here.id, by=system, at=LATER)
    assert names_in(box, ".") == 1

    assert looked(here, system) == 0  # it is here already; only the moving is left
    assert names_in(box, ".") == 0
    assert [number for number, *_ in papers(world.alice)] == ["M-3"]


def test_hostile_mails_are_refused_with_one_note_each_and_the_rest_comes_in(
    world: World, box: Mailbox, way: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 60_000)
    entity = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Invoice>&b;</Invoice>'
    box.put(mail(("bill.xml", entity), number="2"), name="1.entity")
    box.put(mail(("big.xml", b"<a>" + b"x" * 90_000 + b"</a>"), number="3"), name="2.large")
    box.put(mail(number="4"), name="3.nothing")
    box.put(b"\xff\xfe=?x?=: \x00\n=?utf-8?b?=\nContent-Type: ;;;=\n\n--", name="4.broken")
    both = (("bad.xml", b"<a"), ("bill.xml", ubl(number="M-4")))
    box.put(mail(*both, number="5"), name="5.half")
    here = way()

    assert looked(here, system) == 5

    rows = {
        one.problem: one.state for one in queries.list_transmissions(by=world.alice, direction="in")
    }
    refused = [problem for problem, state in rows.items() if state == "refused"]
    assert sorted(rows.values()) == ["refused", "refused", "refused", "taken"]
    assert any("60,000 are taken" in one for one in refused)
    assert any("No paper is enclosed" in one for one in refused)
    assert all("root:" not in one for one in refused)
    [taken] = queries.list_transmissions(by=world.alice, direction="in", states=("taken",))
    [told] = [
        one.detail
        for one in queries.history_of([taken.id], by=world.alice)[taken.id]
        if one.state == "taken"
    ]
    assert told.startswith("bad.xml: ")
    assert [number for number, *_ in papers(world.alice)] == ["M-4"]
    assert (names_in(box, "."), names_in(box, ".Guilder")) == (0, 5)  # none of them is lost


def test_what_is_wrong_is_said_on_the_channel_and_tells_no_password(
    world: World, box: Mailbox, way: Any, system: Any
) -> None:
    wrong = way(password="not-this-one")
    operations.collect(wrong.id, by=system, at=LATER)

    told = queries.get_channel(wrong.id, by=world.alice).problem
    assert told == "The server refuses this user name with this password."
    with pytest.raises(Unavailable):
        operations.try_channel(wrong.id, by=world.alice, at=LATER)
    data = {"settings": {"password": PASSWORD, "folder": "Nowhere"}}
    operations.update_channel(wrong.id, by=world.alice, data=data, at=LATER)
    with pytest.raises(Unavailable, match="no folder Nowhere"):
        operations.try_channel(wrong.id, by=world.alice, at=LATER)
    data = {"settings": {"folder": "INBOX"}}
    operations.update_channel(wrong.id, by=world.alice, data=data, at=LATER)
    said = operations.try_channel(wrong.id, by=world.alice, at=LATER)
    assert said == "Signed in; mails that wait in the folder: 0."


def test_starttls_is_encrypted_before_the_password_is_told(
    world: World, box: Mailbox, way: Any, system: Any
) -> None:
    here = way(port=box.port, security="starttls")
    box.put(mail(("bill.xml", ubl(number="M-5"))), name="1.first")

    assert looked(here, system) == 1
    hello = b"* OK [CAPABILITY IMAP4rev1] hello\r\n"
    with talker(hello, b"* BAD\r\n", b"* BAD\r\n", pause=0.1) as port:
        data = {"settings": {"port": port, "password": PASSWORD}}
        operations.update_channel(here.id, by=world.alice, data=data, at=LATER)
        assert operations.collect(here.id, by=system, at=LATER) == 0
    assert PASSWORD not in queries.get_channel(here.id, by=world.alice).problem


def test_no_client_gets_documents_by_a_mailbox(world: World, way: Any, agreed: Any) -> None:
    with pytest.raises(Invalid) as caught:
        agreed(world.alice, way())

    assert [one.pointer for one in caught.value.problems] == ["/channel"]


def test_folders_have_names_of_every_language() -> None:
    assert mailbox.quoted('Éingang "& ab"') == '"&AMk-ingang \\"&- ab\\""'


def test_it_moves_to_another_folder_than_it_takes_from(world: World, way: Any) -> None:
    with pytest.raises(Invalid) as caught:
        way(folder_done="INBOX")

    assert [one.pointer for one in caught.value.problems] == ["/settings/folder_done"]
    assert queries.list_channels(by=world.alice) == []
