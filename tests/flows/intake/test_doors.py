"""The other doors: a folder that is watched, and mail with papers enclosed."""

import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from guilder.flows.intake import operations as intake
from guilder.flows.intake import queries
from tests import make
from tests.flows.intake import papers


def mail(*files: tuple[str, str, bytes]) -> bytes:
    """A mail with files: (name, media type, bytes)."""
    message = EmailMessage()
    message["From"] = "Mia Müller <mia@papier.example>"
    message["To"] = "bills@northlight.example"
    message["Subject"] = "Rechnung"
    message.set_content("Anbei unsere Rechnung.")
    for name, kind, data in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def test_what_is_enclosed_in_a_mail_is_taken_in_once_with_its_sender(world):
    data = mail(("r-1.xml", "application/xml", papers.file()), ("terms.txt", "text/plain", b"x"))

    (first,) = intake.receive_mail(data, by=world.alice, at=make.NOW)
    (again,) = intake.receive_mail(data, by=world.alice, at=make.NOW)

    row = first.documents[0]
    assert (row.channel, row.sender, row.number) == ("mail", "mia@papier.example", "R-1")
    assert first.is_new and not again.is_new and again.documents[0].id == row.id


def test_a_mail_without_a_paper_or_with_a_broken_one_is_refused_in_words(world):
    with pytest.raises(intake.NothingEnclosed):
        intake.receive_mail(mail(), by=world.alice, at=make.NOW)
    (told,) = intake.receive_mail(
        mail(("x.xml", "text/xml", b"<broken")), by=world.alice, at=make.NOW
    )
    assert told.error is not None and told.error.detail
    with pytest.raises(intake.MailTooLarge):
        intake.receive_mail(b"x" * (49 << 20), by=world.alice, at=make.NOW)


def test_a_forwarded_mail_is_looked_through(world):
    inner = EmailMessage()
    inner["From"] = "other@papier.example"
    inner.set_content("x")
    inner.add_attachment(papers.file(), maintype="application", subtype="pdf", filename="a.xml")
    outer = EmailMessage()
    outer["From"] = "nora@northlight.example"
    outer.set_content("Siehe unten")
    outer.add_attachment(inner)

    (told,) = intake.receive_mail(outer.as_bytes(), by=world.alice, at=make.NOW)

    assert told.documents[0].number == "R-1"


def test_files_of_a_folder_are_taken_in_and_put_away(world, tmp_path: Path):
    for name, data in (("good.xml", papers.file()), ("bad.xml", b"<broken"), ("new.xml", b"x")):
        (tmp_path / name).write_bytes(data)
        age = make.NOW.timestamp() - (0 if name == "new.xml" else 60)
        os.utime(tmp_path / name, (age, age))
    (tmp_path / "link.xml").symlink_to("/etc/passwd")

    assert intake.take_folder(tmp_path, by=world.alice, at=make.NOW) == (1, 1)

    assert (tmp_path / "done" / "good.xml").is_file()
    assert (tmp_path / "refused" / "bad.xml.txt").read_text().strip()
    assert (tmp_path / "new.xml").is_file()  # it may still be written
    (row,) = queries.list_received(queries.DocumentFilter(), by=world.alice)
    assert row.channel == "folder"
