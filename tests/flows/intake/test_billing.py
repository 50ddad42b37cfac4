"""A paper becomes a bill; what is sure by itself, all else by a person."""

import io
import zipfile

import pytest

from guilder.books.bills import operations as bills
from guilder.books.bills import queries as billed
from guilder.flows.intake import operations as intake
from guilder.flows.intake import queries
from guilder.foundation.edges import uploads
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from tests import make
from tests.flows.intake import papers
from tests.flows.intake.test_receiving import came, make_supplier


def taken(world, data: bytes, name: str = "bill.xml"):
    return intake.receive_all(data, name=name, channel="upload", by=world.alice, at=make.NOW)


def sound(world) -> None:
    with transaction(world.organization):
        for name, _, sql in (*queries.proofs(), *billed.proofs()):
            assert cursor().execute(sql).fetchall() == [], name


def test_a_sure_paper_is_drafted_at_once_and_booked_like_any_other(world):
    supplier = make_supplier(world)

    (outcome,) = taken(world, papers.file(name="cii"))

    (row,) = outcome.documents
    assert row.state == "billed"
    bill = billed.get_bill(row.bill.id, by=world.alice)
    assert (bill.partner_id, bill.number, bill.payable_amount) == (supplier.id, "R-1", 11900)
    assert (bill.iban, bill.is_read, bill.file_id) == (papers.IBAN, True, row.file_id)
    with pytest.raises(bills.FiguresStay):
        bills.update_bill(bill.id, by=world.alice, data={"number": "X"}, at=make.NOW)
    bills.book_bill(bill.id, by=world.alice, at=make.NOW)
    sound(world)


def test_an_unknown_supplier_is_offered_and_known_the_next_time(world):
    (row,) = came(world, papers.file()).documents
    with pytest.raises(intake.NotKnown):
        intake.make_bill(row.id, by=world.alice, at=make.NOW)

    bill = intake.make_bill(row.id, by=world.alice, at=make.NOW, is_new_supplier=True)

    assert bill.partner.name == "Papier Müller GmbH"
    with transaction(world.organization):
        assert [one.iban for one in bill.partner.bank_accounts.all()] == [papers.IBAN]
    (again,) = taken(world, papers.file(number="R-2"))
    assert again.documents[0].state == "billed"
    assert again.documents[0].bill.partner_id == bill.partner_id


def test_a_client_who_sends_a_bill_is_a_supplier_too(world):
    client = make.client(world.alice, tax_ids=[{"scheme": "vat", "value": papers.VAT}])

    (outcome,) = taken(world, papers.file())

    assert outcome.documents[0].state == "billed"
    assert outcome.documents[0].bill.partner_id == client.id


def test_the_same_bytes_twice_are_one_bill(world):
    make_supplier(world)
    data = papers.file()

    first, second = taken(world, data)[0], taken(world, data, "copy.xml")[0]

    assert first.is_new and not second.is_new
    assert second.documents[0].bill_id == first.documents[0].bill.id


def test_a_number_that_was_entered_by_hand_is_not_billed_again(world):
    supplier = make_supplier(world)
    make.bill(world.alice, supplier.id, number="r-1")

    (outcome,) = taken(world, papers.file())

    assert outcome.documents[0].state == "read"
    with pytest.raises(bills.AlreadyEntered):
        intake.make_bill(outcome.documents[0].id, by=world.alice, at=make.NOW)


def test_an_archive_is_taken_file_by_file(world):
    make_supplier(world)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a/one.xml", papers.file(number="A-1"))
        archive.writestr("two.xml", papers.file(number="A-2", name="cii"))
        archive.writestr("three.xml", b"<broken>")
        archive.writestr("__MACOSX/._one.xml", b"x")

    outcomes = taken(world, made.getvalue(), "november.zip")

    assert [(one.name, one.error is None) for one in outcomes] == [
        ("one.xml", True), ("two.xml", True), ("three.xml", False),
    ]  # fmt: skip


def test_an_archive_bomb_is_refused_before_it_is_unpacked(world):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.xml", b"\0" * (40 << 20))

    (outcome,) = taken(world, made.getvalue(), "bomb.zip")

    assert isinstance(outcome.error, uploads.ArchiveBomb) and not outcome.documents


def test_a_plain_pdf_is_entered_by_hand_beside_it(world):
    (row,) = came(world, papers.plain_pdf(), name="scan.pdf").documents
    with pytest.raises(intake.NotForBilling):
        intake.make_bill(row.id, by=world.alice, at=make.NOW)
    data = {
        "supplier": str(make.supplier(world.alice).id), "number": "S-1",
        "issued_on": "2026-11-12", "lines": [{"name": "Desk", "unit_price": "9", "tax": "standard"}],
    }  # fmt: skip

    bill = intake.bill_by_hand(row.id, by=world.alice, data=data, at=make.NOW)

    assert (bill.payable_amount, bill.sha256, bill.is_read) == (1071, row.sha256, False)
    assert queries.of_bill(bill.id, by=world.alice).id == row.id
    sound(world)


def test_a_discarded_bill_lets_its_paper_wait_again(world):
    make_supplier(world)
    (outcome,) = taken(world, papers.file())

    intake.discard_bill(outcome.documents[0].bill.id, by=world.alice, at=make.NOW)

    row = queries.get_received(outcome.documents[0].id, by=world.alice)
    assert (row.state, row.bill_id) == ("read", None)


def test_a_refused_paper_has_a_reason_and_may_be_taken_back(world):
    (row,) = came(world, papers.file()).documents

    gone = intake.refuse(row.id, by=world.alice, at=make.NOW, reason="Not ours")
    assert (gone.state, gone.reason) == ("refused", "Not ours")
    assert intake.take_back(row.id, by=world.alice, at=make.NOW).state == "read"
    intake.delete_received(row.id, by=world.alice)
    with pytest.raises(queries.NoSuchDocument):
        queries.get_received(row.id, by=world.alice)


def test_a_paper_whose_figures_contradict_each_other_is_billed_only_when_somebody_says_so(world):
    make_supplier(world)
    data = papers.file().replace(b">119.00<", b">120.00<")
    (row,) = taken(world, data)[0].documents

    assert row.state == "read" and row.problems
    with pytest.raises(intake.Disagrees):
        intake.make_bill(row.id, by=world.alice, at=make.NOW)
    bill = intake.make_bill(row.id, by=world.alice, at=make.NOW, accept_differences=True)
    assert bill.payable_amount == 11900


def test_what_others_brought_in_is_not_seen_by_an_agent_or_another_organization(world):
    (row,) = came(world, papers.file()).documents

    for who in (world.bob, world.mallory):
        with pytest.raises(queries.NoSuchDocument):
            queries.get_received(row.id, by=who)
    manager = make.member(world.alice, role="manager")
    with pytest.raises(NotAllowed):  # a manager throws nothing away
        intake.delete_received(row.id, by=manager)
