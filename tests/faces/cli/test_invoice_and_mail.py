"""`guilder invoice` and `guilder mail`: found by name, done, told, and counted in the exit code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guilder.faces.cli.commands import invoice as invoices
from guilder.faces.cli.commands import mail as mails
from guilder.kernel.errors import Invalid, NotFound
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries
from tests import make
from tests.make import NOW, World
from tests.office.dispatch.servers import PostOffice, post_office


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A running SMTP server that the organization uses."""
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "127.0.0.0/8")
    with post_office() as running:
        server = {"host": "127.0.0.1", "port": str(running.port), "security": "none"}
        dispatch.set_mail_settings(
            by=world.alice, data={**server, "sender_email": "billing@northlight.example"}
        )
        yield running


def run(world: World, group: Any, *arguments: str) -> Result:
    """A command about the world's organization."""
    return CliRunner().invoke(
        group.command, [*arguments, "--organization", str(world.organization)], obj=None
    )


def told(world: World, group: Any, *arguments: str) -> Any:
    """What a command prints as JSON."""
    result = run(world, group, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_invoices_are_listed_for_people_and_programs(world: World) -> None:
    issued = make.issued_invoice(world.alice)
    draft = make.draft(world.alice)
    make.issued_invoice(world.mallory)

    lines = run(world, invoices, "list").stdout.splitlines()
    rows = told(world, invoices, "list", "--status", "draft")

    assert len(lines) == 2
    assert draft.draft_reference in lines[0]
    assert issued.number in lines[1]
    assert "119.00 EUR" in lines[1]
    assert [row["id"] for row in rows] == [str(draft.id)]


def test_an_invoice_is_shown_by_number_reference_or_id(world: World) -> None:
    issued = make.issued_invoice(world.alice)
    draft = make.draft(world.alice)

    assert told(world, invoices, "show", issued.number)["id"] == str(issued.id)
    assert told(world, invoices, "show", str(issued.id))["number"] == issued.number
    assert told(world, invoices, "show", draft.draft_reference)["id"] == str(draft.id)
    page = run(world, invoices, "show", issued.number).stdout
    assert "Work" in page
    assert "119.00 EUR" in page


def test_what_is_not_there_is_said(world: World) -> None:
    foreign = make.issued_invoice(world.mallory)

    for name in ("INV-1999-00001", str(foreign.id)):
        result = run(world, invoices, "show", name)
        assert result.exit_code == 1
        assert isinstance(result.exception, NotFound)


def test_drafts_are_issued_and_the_exit_code_counts(world: World) -> None:
    drafts = [make.draft(world.alice).draft_reference for _ in range(2)]

    both = run(world, invoices, "issue", *drafts, "--on", "2026-11-20")
    again = run(world, invoices, "issue", drafts[0])
    mixed = run(world, invoices, "issue", make.draft(world.alice).draft_reference, "none", "--json")

    assert both.exit_code == 0
    assert f"{drafts[0]} is issued as INV-2026-00001" in both.stderr
    assert again.exit_code == 1
    assert mixed.exit_code == 3
    first, second = (json.loads(line) for line in mixed.stdout.splitlines())
    assert first["number"]
    assert (second["name"], second["code"]) == ("none", "cli.no_such_paper")


def test_a_date_that_is_none_is_refused(world: World) -> None:
    result = run(world, invoices, "issue", "x", "--on", "soon")

    assert isinstance(result.exception, Invalid)


def test_an_invoice_is_sent_at_once(world: World, office: PostOffice) -> None:
    issued = make.issued_invoice(world.alice)

    result = run(world, invoices, "send", issued.number, "--now", "--message", "Thank you!")

    assert result.exit_code == 0, result.output
    assert f"{issued.number} is sent to bar@example.test." in result.stderr
    assert "Thank you!" in office.mails[0].message.get_body(("plain",)).get_content()


def test_a_refused_mail_is_exit_code_1(world: World, office: PostOffice) -> None:
    office.by_recipient["bar@example.test"] = "550 No such user"
    issued = make.issued_invoice(world.alice)

    result = run(world, invoices, "send", issued.number, "--now")

    assert result.exit_code == 1
    assert "550 No such user" in result.stderr


def test_an_invoice_is_queued_for_a_worker(world: World) -> None:
    issued = make.issued_invoice(world.alice)

    shape = told(world, invoices, "send", issued.number, "--to", "a@b.example")

    assert (shape["state"], shape["to"]) == ("queued", "a@b.example")


def test_a_client_without_an_address_is_said(world: World) -> None:
    client = make.client(world.alice, name="Hotel Alpenglühn AG", email="")
    issued = make.issued_invoice(world.alice, client_id=client.id)

    result = run(world, invoices, "send", issued.number)

    assert result.exit_code == 1
    assert "✗ Hotel Alpenglühn AG has no mail address." in result.stderr


def test_the_pdf_is_written_where_it_is_wanted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = make.issued_invoice(world.alice)
    monkeypatch.chdir(tmp_path)

    assert run(world, invoices, "pdf", issued.number).exit_code == 0
    assert run(world, invoices, "pdf", issued.number, "-o", "mine.pdf").exit_code == 0
    piped = run(world, invoices, "pdf", issued.number, "-o", "-").stdout_bytes

    named = tmp_path / f"{issued.number}.pdf"
    assert named.read_bytes().startswith(b"%PDF-")
    assert named.read_bytes() == (tmp_path / "mine.pdf").read_bytes() == piped


def test_mails_are_listed_and_tried_again(world: World, office: PostOffice) -> None:
    office.answer = "554 spam"
    issued = make.issued_invoice(world.alice)
    run(world, invoices, "send", issued.number, "--now")

    (failed,) = told(world, mails, "list", "--state", "failed")
    again = told(world, mails, "retry", failed["id"])

    assert "554 spam" in failed["problem"]
    assert (again["id"], again["state"]) == (failed["id"], "queued")
    assert run(world, mails, "retry", failed["id"]).exit_code == 1
    assert "Nothing is held" in run(world, mails, "retry", "--all").stderr


def test_everything_that_is_stuck_is_tried_again(world: World) -> None:
    invoice = make.issued_invoice(world.alice)
    for _ in range(2):
        mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW)
        dispatch.deliver_mail(mail.id, by=world.alice, at=NOW)

    result = run(world, mails, "retry", "--all")

    assert result.exit_code == 0
    states = [mail.state for mail in queries.list_mails(by=world.alice)]
    assert states == ["queued", "queued"]
    assert "held" not in run(world, mails, "list").stdout


def test_retry_wants_ids_or_all(world: World) -> None:
    assert run(world, mails, "retry").exit_code == 2


def test_another_organization_s_mail_is_not_tried_again(world: World) -> None:
    mail = dispatch.send_paper(make.issued_invoice(world.mallory).id, by=world.mallory, at=NOW)

    result = run(world, mails, "retry", str(mail.id))

    assert result.exit_code == 1
    assert "There is no such mail." in result.stderr
