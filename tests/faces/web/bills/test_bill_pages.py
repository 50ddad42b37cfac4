"""The pages of documents, bills and suppliers."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guilder.books.bills import queries as bills
from guilder.flows.intake import queries as intake
from tests import make
from tests.flows.intake import papers
from tests.flows.intake.test_receiving import came
from tests.make import World

Browse = Callable[[str], Client]


def uploaded(browser: Client, *files: tuple[str, bytes]):
    """Post files to the upload page."""
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return browser.post("/documents/upload/", {"files": sent})


def newest(world: World):
    (row,) = intake.list_received(intake.DocumentFilter(), by=world.alice, limit=1)
    return row


def test_an_uploaded_e_invoice_is_read_billed_booked_and_paid(world: World, browsing: Browse):
    alice = browsing("alice")
    assert "Nothing came in yet" in alice.get("/documents/").content.decode()

    answer = uploaded(alice, ("bill.xml", papers.file()))
    row = newest(world)
    assert answer.headers["Location"] == f"/documents/{row.id}/"
    page = alice.get(f"/documents/{row.id}/").content.decode()
    assert "Papier Müller GmbH is not among your suppliers yet." in page
    assert "The official rules accept it." in page and "€119.00" in page
    assert "Copy paper" in alice.get(f"/documents/{row.id}/view/").content.decode()

    alice.post(f"/documents/{row.id}/bill/", {"supplier": "new"})
    bill = intake.get_received(row.id, by=world.alice).bill
    page = alice.get(f"/bills/{bill.id}/").content.decode()
    assert "Copy paper" in page and "DE02 1203 0000 0000 2020 51" in page
    alice.post(f"/bills/{bill.id}/book/")
    alice.post(f"/bills/{bill.id}/pay/", {"amount": "19.00", "method": "bank_transfer"})
    alice.post(f"/bills/{bill.id}/pay/", {"amount": "", "method": "cash"})

    assert bills.get_bill(bill.id, by=world.alice).open_amount == 0
    page = alice.get("/bills/").content.decode()
    assert "R-1" in page and "Paid" in page
    supplier = alice.get(f"/suppliers/{bill.partner_id}/").content.decode()
    assert "R-1" in supplier and "Nothing is open." in supplier
    assert "Papier Müller GmbH" in alice.get("/suppliers/").content.decode()


def test_several_files_are_told_one_by_one(world: World, browsing: Browse):
    answer = uploaded(
        browsing("alice"),
        ("one.xml", papers.file(number="A-1")),
        ("two.xml", b"<broken"),
        ("scan.pdf", papers.plain_pdf()),
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "2 files were taken in." in page and "two.xml" in page
    assert uploaded(browsing("alice"), ("bad.xml", b"<broken")).status_code == 422


def test_a_plain_pdf_is_shown_and_entered_beside_it(world: World, browsing: Browse):
    alice = browsing("alice")
    uploaded(alice, ("scan.pdf", papers.plain_pdf()))
    row = newest(world)
    supplier = make.supplier(world.alice)

    assert alice.get(f"/documents/{row.id}/pages/1/").headers["Content-Type"] == "image/png"
    assert "To be entered" in alice.get(f"/documents/{row.id}/").content.decode()
    form = alice.get(f"/bills/new/?document={row.id}").content.decode()
    assert f"/documents/{row.id}/pages/1/" in form
    typed = {
        "supplier": str(supplier.id), "kind": "bill", "number": "S-7",
        "issued_on": "2026-11-12", "currency": "EUR",
        "line_name": ["Desk", ""], "line_quantity": ["", ""], "line_price": ["1.000,50", ""],
        "line_tax": ["S:19", "S:19"],
    }  # fmt: skip
    answer = alice.post(f"/bills/new/?document={row.id}", typed)

    bill = intake.get_received(row.id, by=world.alice).bill
    assert answer.headers["Location"] == f"/bills/{bill.id}/"
    assert bill.payable_amount == 119060  # 1,000.50 and 19 % of it, 190.10
    edited = alice.post(f"/bills/{bill.id}/edit/", {**typed, "number": "", "version": "1"})
    assert edited.status_code == 422
    alice.post(f"/bills/{bill.id}/edit/", {**typed, "number": "S-8", "version": "1"})
    assert bills.get_bill(bill.id, by=world.alice).number == "S-8"


def test_doubts_and_contradictions_stand_on_the_page(world: World, browsing: Browse):
    other = papers.document(buyer=papers.buyer(vat_id="DE811907980", name="Jemand"))
    data = papers.file(other).replace(b">119.00<", b">120.00<")
    (row,) = came(world, data).documents

    page = browsing("alice").get(f"/documents/{row.id}/").content.decode()

    assert "It is addressed to Jemand DE811907980" in page
    assert "Figures that disagree" in page
    assert "The official rules refuse it" in page


def test_a_document_is_refused_taken_up_and_deleted(world: World, browsing: Browse):
    (row,) = came(world, papers.file()).documents
    alice = browsing("alice")

    alice.post(f"/documents/{row.id}/refuse/", {"reason": "Not ours"})
    assert "Refused: Not ours" in alice.get(f"/documents/{row.id}/").content.decode()
    alice.post(f"/documents/{row.id}/take-back/")
    assert intake.get_received(row.id, by=world.alice).state == "read"
    alice.post(f"/documents/{row.id}/delete/")
    assert alice.get(f"/documents/{row.id}/").status_code == 404


def test_the_bytes_come_back_as_they_came_and_never_as_a_page(world: World, browsing: Browse):
    data = papers.file()
    (row,) = came(world, data).documents

    answer = browsing("alice").get(f"/documents/{row.id}/file/")

    assert answer.content == data
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_bill_is_approved_by_somebody_else(world: World, browsing: Browse):
    from guilder.books.bills import operations
    from guilder.books.workflow import operations as workflow
    from guilder.kernel.money import Money
    from guilder.office.desk import tasks

    workflow.set_rule(by=world.alice, is_active=True, amount=Money.of("100", "EUR"), roles=())
    manager = make.member(world.alice, role="manager")
    bill = make.bill(manager)
    operations.submit_bill(bill.id, by=manager, at=make.NOW, note="As agreed")
    tasks.put_bill_approval(world.organization, bill.id)
    alice = browsing("alice")

    assert f"/bills/{bill.id}/" in alice.get("/inbox/").content.decode()
    page = alice.get(f"/bills/{bill.id}/").content.decode()
    assert "As agreed" in page and "Approve €119.00" in page
    alice.post(f"/bills/{bill.id}/approve/", {"comment": "Fine"})

    assert "It was approved." in alice.get(f"/bills/{bill.id}/").content.decode()


PAGES = ("/bills/{bill}/", "/bills/{bill}/edit/", "/documents/{document}/",
         "/documents/{document}/file/", "/documents/{document}/view/",
         "/suppliers/{supplier}/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_another_organization_an_agent_and_a_stranger_see_nothing(
    world: World, browsing: Browse, page: str
):
    supplier = make.supplier(world.alice)
    (row,) = came(world, papers.file()).documents
    ids = {"bill": make.bill(world.alice, supplier.id).id, "document": row.id,
           "supplier": supplier.id}  # fmt: skip
    path = page.format(**ids)

    assert browsing("alice").get(path).status_code == 200
    assert browsing("mallory").get(path).status_code == 404
    assert Client(SERVER_NAME="localhost").get(path).status_code == 302
    if "supplier" not in page:  # what they did not enter themselves
        assert browsing("bob").get(path).status_code == 404
