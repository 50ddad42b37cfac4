"""A canary in every field that people fill, looked for on every page that anybody opens."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pdfplumber
import pytest
from django.test import Client

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.kernel.errors import Invalid
from guilder.office.desk import operations as desk
from guilder.office.dispatch import operations as dispatch
from guilder.papers.rendering import operations as rendering
from guilder.registers.catalogue import operations as catalogue
from guilder.registers.parties import operations as parties
from tests import make
from tests.attacks.test_pages import INSIDE
from tests.attacks.things import filled, methods_of, things_of
from tests.make import NOW, World
from tests.stories.running import is_full_size

pytestmark = pytest.mark.uncounted

Browse = Callable[[str], Client]
CANARY = "<img src=x onerror=alert(1)>\"'`"
TAG = re.compile(r"<img src=x|onerror=alert\(1\)>\"|javascript:alert")


@pytest.fixture
def planted(world: World) -> dict[str, UUID]:
    """One of everything in Alice's organization, with the canary in each of its texts."""
    things = things_of(world.alice)
    address = {"line1": CANARY, "postal_code": "1", "city": CANARY, "country": "DE"}
    client = make.client(world.alice, name=f"Acme {CANARY}", address=address)
    catalogue.create_item(by=world.alice, data={"name": CANARY, "description": CANARY}, at=NOW)
    wanted: dict[str, Any] = {
        "client": str(client.id),
        "currency": "EUR",
        "lines": [make.line(description=CANARY)],
        "notes": CANARY,
        "buyer_reference": CANARY,
    }
    invoice = invoicing.create_and_issue(by=world.alice, data=wanted, at=NOW, on=make.TODAY)
    quote = invoicing.create_quote(by=world.alice, data=wanted, at=NOW)
    desk.add_comment("invoice", invoice.id, by=world.alice, text=f"@Bob {CANARY}", at=NOW)
    desk.add_attachment(
        "invoice", invoice.id, by=world.alice, content=b"x", filename=f"{CANARY[:12]}.txt", at=NOW
    )
    mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW, message=CANARY)
    payment = make.payment(world.alice, invoice, "1.00")
    parties.set_seller_profile(by=world.alice, data={"legal_name": f"Us {CANARY}"})
    return {
        **things,
        "client_id": client.id,
        "invoice_id": invoice.id,
        "subject_id": invoice.id,
        "quote_id": quote.id,
        "mail_id": mail.id,
        "payment_id": payment.id,
    }


def test_nothing_that_people_wrote_becomes_part_of_a_page(
    planted: dict[str, UUID], browsing: Browse
):
    """Rows J1, J2: every page, as admin and as agent, shows the canary as text or not at all."""
    for name in ("alice", "bob") if is_full_size() else ("alice",):
        browser, seen = browsing(name), 0
        for path, pattern in INSIDE:
            if "GET" not in methods_of(pattern):
                continue
            answer = browser.get(filled(pattern, dict(planted)))
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            body = answer.content.decode()
            seen += "&lt;img src=x" in body
            assert not TAG.search(body), (name, path)
            assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert name != "alice" or seen >= 8, "the canary was hardly shown: is it still planted?"


def test_nothing_that_people_wrote_becomes_part_of_the_clients_page(
    planted: dict[str, UUID], world: World
):
    """Row J1: the page of people without an account shows it as text too."""
    browser = Client(SERVER_NAME="localhost")
    link = invoicing.pay_link(planted["invoice_id"], by=world.alice)
    address = "/" + str(link).partition("://")[2].partition("/")[2] if "://" in link else str(link)

    page = browser.get(address, follow=True).content.decode()

    assert "&lt;img src=x" in page
    assert not TAG.search(page)


def test_markup_in_notes_is_printed_not_drawn(planted: dict[str, UUID], world: World):
    """Row D5: what a client is called overlays nothing on the paper; payee and total stay."""
    document = queries.get_document(
        planted["invoice_id"], by=world.alice, at=NOW + timedelta(minutes=1)
    )
    printed = rendering.render_pdf(document)

    with pdfplumber.open(io.BytesIO(printed)) as pdf:
        text = "".join(page.extract_text() or "" for page in pdf.pages)
        images = [one for page in pdf.pages for one in page.images if one["x0"] < 0]

    assert "onerror" in text
    assert "119.00" in text
    assert images == []


@pytest.mark.parametrize("header", ["\r\nBcc: evil@example.test", "\nX-Evil: 1", "\x0b", "\u2028"])
def test_names_add_no_headers_to_mails(header: str, world: World):
    """Row J2: a subject and a recipient are one line, whatever people are called."""
    try:
        client = make.client(world.alice, name=f"Acme{header}")
    except Invalid:
        return
    invoice = make.issued_invoice(world.alice, client=str(client.id))
    mail = dispatch.send_paper(invoice.id, by=world.alice, at=NOW)

    assert len(mail.subject.splitlines()) == 1
    assert "evil@" not in mail.to
