"""What comes in is looked into, judged and kept as it came, once."""

import pytest

from guilder.flows.intake import operations as intake
from guilder.flows.intake.models import ReceivedDocument
from guilder.foundation.files import queries as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed
from tests import make
from tests.flows.intake import papers


def came(world, data: bytes, name: str = "bill.xml", **changes):
    told = {"channel": "upload", "by": world.alice, "at": make.NOW, **changes}
    return intake.receive(data, name=name, **told)


def test_an_e_invoice_is_read_and_judged_and_its_bytes_are_kept(world):
    data = papers.file()

    receipt = came(world, data, sender="mia@papier.example")

    (row,) = receipt.documents
    assert receipt.is_new
    assert (row.state, row.number, row.currency, row.due_amount) == ("read", "R-1", "EUR", 11900)
    assert (row.supplier_name, row.sender) == ("Papier Müller GmbH", "mia@papier.example")
    assert row.is_valid is True
    assert any(one.startswith("en16931-ubl") for one in row.verdict["packs"]), row.verdict
    assert row.doubts == [] and row.problems == []
    assert files.read(row.file_id, world.alice) == data


def test_the_same_bytes_are_one_paper_whichever_way_they_come(world):
    data = papers.file()

    first, second = came(world, data), came(world, data, name="again.xml", channel="api")

    assert not second.is_new
    assert second.documents[0].id == first.documents[0].id
    assert second.documents[0].channel == "upload"


def test_a_plain_pdf_waits_for_a_person(world):
    data = papers.plain_pdf()

    (row,) = came(world, data, name="scan.pdf").documents

    assert (row.state, row.format, row.media_type) == ("manual", "", "application/pdf")


REFUSED = {
    "empty": b"",
    "no-invoice": b"<Order xmlns='urn:x'/>",
    "entity": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
    "laughs": b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><a>&b;</a>",
    "deep": b"<a>" * 5_000 + b"</a>" * 5_000,
    "broken": b"<Invoice><unclosed>",
    "encoding": b"<?xml version='1.0' encoding='UTF-7'?><a/>",
    "program": b"MZ\x90\x00" + b"\0" * 100,
    "page": b"<html><script>alert(1)</script></html>",
    "xinclude": (
        b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'"
        b" xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd'/></Invoice>"
    ),
}


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_a_hostile_file_is_refused_in_one_sentence_and_nothing_is_kept(world, kind):
    with pytest.raises(Invalid) as refusal:
        came(world, REFUSED[kind])

    assert refusal.value.detail
    assert "/etc/passwd" not in refusal.value.detail and "root:" not in refusal.value.detail
    with transaction(world.organization):
        assert not ReceivedDocument.objects.of(world.organization).exists()
    assert came(world, papers.file()).is_new  # the helper lives


def test_more_than_any_paper_has_is_refused_before_it_is_looked_into(world):
    with pytest.raises(intake.TooLarge):
        came(world, b"<" + b" " * intake.LARGEST)


def test_who_may_not_upload_brings_nothing_in(world):
    from dataclasses import replace

    viewer = replace(world.alice, permissions=frozenset({"invoice.view"}))
    with pytest.raises(NotAllowed):
        came(world, papers.file(), by=viewer)


def test_papers_of_another_organization_are_another_paper(world):
    data = papers.file()

    ours, theirs = came(world, data), came(world, data, by=world.mallory)

    assert theirs.is_new and theirs.documents[0].id != ours.documents[0].id


def test_a_known_supplier_is_found_and_a_strange_account_is_pointed_out(world):
    known = make_supplier(world, iban="DE75512108001245126199")

    (row,) = came(world, papers.file()).documents

    assert (row.partner_id, row.matched_by) == (known.id, "vat")
    assert [one["code"] for one in row.doubts] == ["new_account"]


def test_a_second_paper_with_the_same_number_is_a_duplicate(world):
    make_supplier(world)
    (first,) = came(world, papers.file()).documents

    (second,) = came(world, papers.file(name="cii")).documents

    assert (second.state, second.duplicate_of_id) == ("duplicate", first.id)


def test_a_paper_for_somebody_else_is_pointed_out(world):
    paper = papers.document(buyer=papers.buyer(vat_id="DE811907980", name="Jemand"))

    (row,) = came(world, papers.file(paper)).documents

    assert [one["code"] for one in row.doubts] == ["buyer"]


def make_supplier(world, *, iban: str = ""):
    from guilder.registers.parties import operations as parties

    return parties.create_partner(
        by=world.alice,
        side="supplier",
        data={
            "kind": "company",
            "name": "Müller Papier",
            "address": {"city": "Köln", "country": "DE", "postal_code": "50667", "line1": "W 3"},
            "tax_ids": [{"scheme": "vat", "value": papers.VAT}],
            "bank_accounts": [{"iban": iban}] if iban else [],
        },
        at=make.NOW,
    )
