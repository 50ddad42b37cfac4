"""One invoice's whole life, from a real file to a proven ledger, through the program as it runs."""

import io
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pdfplumber
import pytest
from aiosmtpd.controller import Controller

from tests.office.dispatch.servers import PostOffice, free_port
from tests.stories.running import House, running

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GUILDER_SHARED", ROOT.parent / "shared"))
EXAMPLE = SHARED / "conformance/xrechnung-testsuite/01.05a-INVOICE_ubl.xml"

if not EXAMPLE.exists():
    pytest.skip("the staged invoices (GUILDER_SHARED) are not here", allow_module_level=True)


@pytest.fixture(scope="module")
def post_office() -> Iterator[PostOffice]:
    """An SMTP server that takes everything."""
    office = PostOffice()
    office.port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()


@pytest.fixture(scope="module")
def house(post_office: PostOffice) -> Iterator[House]:
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post_office.port)}
    with running(GUILDER_WEB_WORKERS="1", **mail) as started:
        started.sign_in()
        yield started


def text_of(pdf: bytes) -> str:
    """What a reader of the PDF sees, on one line."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return " ".join(" ".join((page.extract_text() or "").split()) for page in opened.pages)


def due_text(on: str) -> str:
    """A date as the paper says it: 21 December 2026."""
    return f"{date.fromisoformat(on):%-d %B %Y}"


def pay(house: House, invoice: dict[str, str], amount: str, on: str) -> None:
    house.ok(
        "POST",
        "payments/",
        {
            "client": invoice["client"],
            "amount": {"amount": amount, "currency": "EUR"},
            "received_on": on,
            "method": "bank_transfer",
            "allocations": [{"invoice": invoice["id"], "amount": amount}],
        },
    )


@pytest.mark.slow
def test_the_life_of_one_invoice(house: House, post_office: PostOffice) -> None:
    # Imported: the seller of the file becomes our organization, its buyer a client.
    told = house.command("import", "--as", "invoice", "--json", str(EXAMPLE))
    imported = json.loads(told.stdout)
    assert imported["ok"] is True
    # 220 + 450 + 1,500 + 6,700 = 8,870; 19 % of it = 1,685.30
    assert imported["totals"]["due"] == "10555.30"
    draft = house.ok("GET", f"invoices/{imported['id']}/")
    assert (draft["status"], draft["number"]) == ("draft", None)
    assert draft["totals"]["due"] == "10555.30"
    names = {"Raumkosten", "Reisekostenpauschale", "Seminar", "Seminarunterlagen"}
    assert {line["name"] for line in draft["lines"]} == names

    # Issued: number, hash, ledger entry.
    issued = house.ok("POST", f"invoices/{draft['id']}/issue/", {})
    number, on = issued["number"], issued["issued_on"]
    assert number.startswith("INV-")
    assert len(issued["content_hash"]) == 64
    entries = house.ok("GET", "entries/?sort=-booked_on&limit=200")["data"]
    [entry] = [one for one in entries if one["source_id"] == draft["id"]]
    assert sorted(one["amount"] for one in entry["postings"]) == sorted(
        ["10555.30", "-8870.00", "-1685.30"]
    )

    # Printed: a reader finds every line, the taxes, the account, the due date and the note.
    answer = house.ask("GET", f"invoices/{draft['id']}/pdf/")
    assert (answer.status, answer.data[:5]) == (200, b"%PDF-")
    text = text_of(answer.data)
    words = (
        number,
        "8,870.00",
        "1,685.30",
        "10,555.30",
        "Trainer: Herr",
        "DE79 0000 0000 1234 5678 90",
    )
    for word in (*names, *words, due_text(issued["due_on"])):
        assert word in text, f"{word} is not in: {text}"

    # Mailed by a real server, with that very PDF.
    house.ok("POST", f"invoices/{draft['id']}/send/", {"to": ["buyer@example.test"]})
    post_office.wait_for(1)
    mail = post_office.mails[0]
    assert mail.recipients == ["buyer@example.test"]
    assert mail.pdf == answer.data
    assert number in str(mail.message["Subject"])

    # Paid in two parts.
    pay(house, issued, "6000.00", on)
    after = house.ok("GET", f"invoices/{draft['id']}/")
    assert (after["status"], after["open"]) == ("partially_paid", "4555.30")
    pay(house, issued, "4555.30", on)
    assert house.ok("GET", f"invoices/{draft['id']}/")["status"] == "paid"

    # Credited: what was paid already becomes the client's credit.
    note = house.ok("POST", f"invoices/{draft['id']}/credit/", {"reason": "Returned"})
    assert note["number"].startswith("CN-")
    assert note["totals"]["due"] == "10555.30"

    # An issued document does not change, and all of it holds.
    assert house.ask("PATCH", f"invoices/{draft['id']}/", {"lines": []}).status == 409
    proved = json.loads(house.command("verify", "--json").stdout)
    assert proved["ok"] is True
    assert min(proof["checked"] for proof in proved["proofs"][:3]) > 200  # the demo is proved too


@pytest.mark.slow
def test_a_backup_taken_while_it_runs_comes_back_whole(house: House, tmp_path: Path) -> None:
    before = house.ok("GET", "credit-notes/?limit=1")["data"][0]["number"]
    archive = tmp_path / "guilder.tar"
    house.command("backup", str(archive))

    other = House(tmp_path / "other", 0, house.process, house.environment)
    told = other.command("restore", "--json", str(archive))

    assert json.loads(told.stdout)["broken"] == []
    found = json.loads(other.command("verify", "--json").stdout)
    assert found["ok"] is True
    assert found["proofs"][0]["checked"] > 200
    assert (tmp_path / "other" / "files").is_dir()  # the PDF that was mailed
    target = tmp_path / "export.zip"
    other.command("export", str(target))
    assert before.encode() in target.read_bytes()  # names of files in a zip archive are plain
    # A home in use is refused, and so is an archive of which a byte has changed.
    assert "has tables already" in other.command("restore", str(archive), code=1).stderr
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)
    third = House(tmp_path / "third", 0, house.process, house.environment)
    assert "damaged" in third.command("restore", str(archive), code=1).stderr
    assert not (tmp_path / "third" / "postgres").exists()
