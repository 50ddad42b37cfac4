"""The page of a document over HTTP: what it says, what can be done, who may not."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.office.desk import queries as desk
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.papers.rendering import operations as rendering
from tests import make
from tests.make import NOW, World

Browse = Callable[[str], Client]
SWAP = {"HX-Request": "true"}
BUDGET = 34


def address(name: str, *args: Any) -> str:
    return reverse(f"web:{name}", args=args)


def read(client: Client, where: str, **options: Any) -> str:
    answer = client.get(where, **options)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_part_payment_is_said_with_both_amounts(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")

    page = read(browsing("alice"), address("invoice", invoice.id))

    assert "€19.00 received, €100.00 still open." in page
    assert "−€19.00" in page


def test_an_issued_invoice_offers_no_edit(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")

    page = read(alice, address("invoice", invoice.id))

    assert address("invoice_edit", invoice.id) not in page
    assert "Issued, so it never changes" in page
    assert address("invoice_correct", invoice.id) in page


def test_credit_and_copy_leads_to_the_copy(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")

    answer = alice.post(address("invoice_correct", invoice.id))

    links = queries.links_of(invoice.id, by=world.alice)
    copy = next(one for one in links if one.relation == "replaced_by")
    assert answer["Location"] == address("invoice_edit", copy.id)
    page = read(alice, address("invoice", copy.id))
    assert f"Also issue the credit note over {invoice.number}" in page


def test_the_copy_and_its_credit_note_are_issued_together(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    note, copy = invoicing.credit_and_copy(invoice.id, by=world.alice, at=NOW)
    alice = browsing("alice")

    alice.post(address("invoice_issue", copy.id), {"credit": str(note.id), "send": ""})

    assert queries.get_invoice(note.id, by=world.alice).status == "issued"
    assert queries.get_invoice(copy.id, by=world.alice).status == "issued"
    assert queries.get_invoice(invoice.id, by=world.alice).open_amount == 0


def test_what_was_issued_is_shown_as_it_was_printed(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    before = alice.get(address("invoice_page", invoice.id, 1)).content
    rendering.set_style(by=world.alice, data={"style": "atlas", "color": "#aa0000"})

    cache.clear()
    after = alice.get(address("invoice_page", invoice.id, 1)).content

    assert before == after
    assert before[:8] == b"\x89PNG\r\n\x1a\n"


def test_issuing_and_sending_leaves_time_to_undo(world: World, browsing: Browse):
    draft = make.draft(world.alice)
    alice = browsing("alice")

    answer = alice.post(address("invoice_issue", draft.id), {"send": "1"}, follow=True)

    (mail,) = mails.list_mails(by=world.alice)
    assert address("outbox_undo", mail.id) in answer.content.decode()
    assert mail.next_attempt_at - mail.queued_at == dispatch.HOLD
    undone = alice.post(address("outbox_undo", mail.id), headers=SWAP)
    assert json.loads(undone["HX-Trigger"])["toast"]["text"] == "Stopped. Nothing was sent."
    assert mails.get_mail(mail.id, by=world.alice).state == "stopped"


def test_the_mail_is_written_and_seen_before_it_goes(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    where = address("invoice_send", invoice.id)
    given = {
        "to": "one@example.test, two@example.test",
        "cc": "boss@example.test",
        "subject": "Your lamps",
        "text": "Here they are.\n\nIda",
        "paper": "1",
    }

    shown = read(alice, where)
    letter = alice.post(where, given, headers=SWAP).content.decode()
    answer = alice.post(where, given)

    assert f"Invoice {invoice.number} from" in shown
    assert "Your lamps" in letter
    assert "<p>Here they are.</p>" in letter
    assert f"{invoice.number}.pdf" in letter
    assert answer["Location"] == address("invoice", invoice.id)
    (mail,) = mails.list_mails(by=world.alice)
    assert (mail.to, mail.copy_to) == ("one@example.test, two@example.test", "boss@example.test")
    assert (mail.subject, mail.text) == ("Your lamps", "Here they are.\n\nIda")


def test_every_fault_of_a_mail_stands_beside_its_field(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    given = {"to": "nobody", "cc": "neither", "subject": "", "text": ""}

    answer = browsing("alice").post(address("invoice_send", invoice.id), given)

    assert answer.status_code == 422
    assert set(answer.context["faults"]) == {"to", "cc", "subject", "text"}
    assert mails.list_mails(by=world.alice) == []


def test_some_lines_are_credited_and_the_outcome_is_said_before(world: World, browsing: Browse):
    lines = [make.line(), make.line(quantity="2")]
    invoice = make.issued_invoice(world.alice, lines=lines)
    alice = browsing("alice")
    where = address("invoice_credit", invoice.id)
    given = {"chosen": "1", "line": ["2"], "quantity-2": "1", "reason": "One hour too many"}

    figures = alice.post(where, given, headers=SWAP).content.decode()
    answer = alice.post(where, given)

    # one hour: 100.00 + 19 % = 119.00 of 357.00; 238.00 stay open
    assert "€238.00 stays open" in figures
    note = queries.list_credits(invoice.id, by=world.alice)[0]
    assert answer["Location"] == address("invoice", note.id)
    assert (note.gross_amount, note.status) == (11900, "issued")
    assert queries.get_invoice(invoice.id, by=world.alice).open_amount == 23800


def test_more_than_is_left_of_a_line_is_refused_beside_it(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    given = {"chosen": "1", "line": ["1"], "quantity-1": "5"}

    answer = browsing("alice").post(address("invoice_credit", invoice.id), given)

    assert answer.status_code == 422
    assert "At most 1 are left." in answer.content.decode()
    assert queries.list_credits(invoice.id, by=world.alice) == []


def test_a_write_off_wants_a_reason_and_then_closes(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    where = address("invoice_write_off", invoice.id)

    refused = alice.post(where, {"amount": "119,00", "reason": ""})
    alice.post(where, {"amount": "119,00", "reason": "Closed down"})

    assert refused.status_code == 422
    assert "Say why it is given up." in refused.content.decode()
    page = read(alice, address("invoice", invoice.id))
    assert "What was open was written off." in page
    assert "Closed down" in page


def test_credit_of_the_client_pays_an_invoice(world: World, browsing: Browse):
    client = make.client(world.alice)
    first = make.issued_invoice(world.alice, client_id=client.id)
    make.payment(world.alice, first, "119.00")
    invoicing.credit_invoice(first.id, by=world.alice, at=NOW, on=make.TODAY)
    second = make.issued_invoice(world.alice, client_id=client.id)
    alice = browsing("alice")

    page = read(alice, address("invoice", second.id))
    form = read(alice, address("invoice_use_credit", second.id))
    source = form.split('name="source" value="')[1].split('"')[0]
    alice.post(address("invoice_use_credit", second.id), {"source": source})

    assert "has €119.00 in credit." in page
    assert queries.get_invoice(second.id, by=world.alice).open_amount == 0
    taken = queries.settlements_of(second.id, by=world.alice)[0]
    alice.post(address("credit_take_off", second.id, taken.id))
    assert queries.get_invoice(second.id, by=world.alice).open_amount == 11900


def test_a_dispute_begins_and_ends_with_undo(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")

    begun = alice.post(address("invoice_dispute", invoice.id), headers=SWAP)
    assert "The client objects." in read(alice, address("invoice", invoice.id))
    undo = json.loads(begun["HX-Trigger"])["toast"]["undo_url"]
    alice.post(undo, headers=SWAP)

    assert queries.get_invoice(invoice.id, by=world.alice).disputed_at is None


def test_the_proof_is_checked_now_and_taken_along(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")

    part = read(alice, address("invoice_proof", invoice.id), headers=SWAP)
    file = alice.get(address("invoice_proof_file", invoice.id))

    assert "nothing was touched." in part
    assert "It is the first of its series." in part
    assert json.loads(file.content)["content_hash"] == invoice.content_hash.hex()


def test_the_clients_link_is_given_once_it_is_asked_for(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    answer = browsing("alice").post(address("invoice_link", invoice.id), headers=SWAP)

    path = invoicing.pay_link(invoice.id, by=world.alice)
    assert json.loads(answer.content)["url"] == f"http://testserver{path}"


def test_comments_and_files_lie_with_a_document(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")

    empty = alice.post(address("comment_add", "invoice", invoice.id), {"text": " "}, headers=SWAP)
    said = alice.post(
        address("comment_add", "invoice", invoice.id), {"text": "Ask Bob"}, headers=SWAP
    )
    plan = SimpleUploadedFile("plan.txt", b"north", content_type="text/plain")
    laid = alice.post(address("file_add", "invoice", invoice.id), {"file": plan}, headers=SWAP)

    assert empty.status_code == 422
    assert "Ask Bob" in said.content.decode()
    assert "plan.txt" in laid.content.decode()
    (file,) = desk.list_attachments("invoice", invoice.id, by=world.alice)
    saved = alice.get(address("file", file.id))
    assert saved.content == b"north"
    assert saved["Content-Disposition"].startswith("attachment")
    assert browsing("mallory").get(address("file", file.id)).status_code == 404


def test_history_is_narrowed_by_kind_without_the_rest_of_the_page(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")
    headers = {**SWAP, "HX-Target": "history"}

    part = read(browsing("alice"), address("invoice", invoice.id) + "?show=money", headers=headers)

    assert "recorded €19.00" in part
    assert "issued it" not in part
    assert "<html" not in part


POSTED = (
    "invoice_send",
    "invoice_credit",
    "invoice_correct",
    "invoice_dispute",
    "invoice_agree",
    "invoice_duplicate",
    "invoice_write_off",
    "invoice_link",
    "invoice_use_credit",
)
SEEN = ("invoice", "invoice_pdf", "invoice_proof_file", "invoice_send", "invoice_credit")


@pytest.mark.parametrize("name", SEEN)
def test_pages_of_another_organization_are_not_there(world: World, browsing: Browse, name: str):
    invoice = make.issued_invoice(world.alice)

    assert browsing("mallory").get(address(name, invoice.id)).status_code == 404
    assert Client().get(address(name, invoice.id)).status_code == 302


@pytest.mark.parametrize("name", POSTED)
def test_nothing_is_done_to_another_organizations_document(
    world: World, browsing: Browse, name: str
):
    invoice = make.issued_invoice(world.alice)
    before = queries.get_invoice(invoice.id, by=world.alice)

    answer = browsing("mallory").post(address(name, invoice.id), {"reason": "x", "amount": "1"})

    assert answer.status_code == 404
    assert queries.get_invoice(invoice.id, by=world.alice) == before
    assert queries.links_of(invoice.id, by=world.alice) == []


@pytest.mark.parametrize("name", ["invoice_send", "invoice_credit", "invoice_write_off"])
def test_an_agent_neither_sends_nor_credits(world: World, browsing: Browse, name: str):
    invoice = make.issued_invoice(world.alice)

    assert browsing("bob").get(address(name, invoice.id)).status_code == 403
    assert browsing("bob").post(address(name, invoice.id)).status_code == 403


def test_the_page_keeps_its_budget(world: World, browsing: Browse):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    for _ in range(3):
        make.payment(world.alice, invoice, "10.00")
    dispatch.send_paper(invoice.id, by=world.alice, at=NOW)
    alice = browsing("alice")
    alice.get(address("invoice", invoice.id))

    with CaptureQueriesContext(connection) as seen:
        read(alice, address("invoice", invoice.id))

    assert len(seen) <= BUDGET, [one["sql"][:90] for one in seen]
