"""Billing records: one for each document of a Spanish organization, in an unbroken chain."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed
from guilder.kernel.verifactu import NotRecordable
from guilder.office.backup import queries as backup
from guilder.office.verifactu import operations, queries
from guilder.office.verifactu.models import Record
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import operations as parties
from tests import make
from tests.make import NOW, World

SPANISH = {"legal_name": "Puerto SL", "vat_id": "ESB58378431", "city": "Bilbao", "country": "ES"}


@pytest.fixture
def firm(db) -> World:
    """An organization in Spain."""
    world = make.make_world(country="ES")
    parties.set_seller_profile(by=world.alice, data=SPANISH)
    return world


@pytest.fixture
def keeping(firm: World) -> World:
    """It keeps records."""
    operations.turn_on(by=firm.alice, at=NOW)
    return firm


def recorded(world: World, invoice, *, at=NOW):
    return operations.record(invoice.id, organization_id=world.organization, at=at)


def fault(world: World) -> list[str]:
    found = backup.verify(organization_id=world.organization)
    return [one.invariant for one in found if not one.holds]


def test_records_stand_one_after_the_other_and_the_first_says_so(keeping):
    first = recorded(keeping, make.issued_invoice(keeping.alice))
    second = recorded(keeping, make.issued_invoice(keeping.alice), at=NOW + timedelta(minutes=1))

    assert (first.position, second.position) == (1, 2)
    assert (first.previous, second.previous) == ("", first.fingerprint)
    assert first.generated == "2026-11-20T11:30:00+01:00"
    assert "<sf:PrimerRegistro>S</sf:PrimerRegistro>" in first.xml
    assert f"<sf:Huella>{first.fingerprint}</sf:Huella>" in second.xml
    assert (first.tax, first.total, first.kind) == ("21.00", "121.00", "F2")
    assert fault(keeping) == []


def test_a_document_is_recorded_once(keeping):
    invoice = make.issued_invoice(keeping.alice)

    assert recorded(keeping, invoice).id == recorded(keeping, invoice).id
    assert queries.get_chain(by=keeping.alice).count == 1


def test_who_hears_of_an_issue_records_it(keeping):
    from guilder.foundation.events import operations as telling

    invoice = make.issued_invoice(keeping.alice)
    while telling.tell_waiting():
        pass

    assert queries.record_of(invoice.id, by=keeping.alice).number == invoice.number


def test_many_at_once_make_one_chain(keeping):
    invoices = [make.issued_invoice(keeping.alice) for _ in range(8)]

    def run(invoice):
        try:
            return recorded(keeping, invoice).position
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        positions = list(pool.map(run, invoices))

    assert sorted(positions) == list(range(1, 9))
    assert fault(keeping) == []


def test_a_credit_note_is_a_correction_and_a_pro_forma_is_nothing(keeping):
    from guilder.books.invoicing import operations as invoicing

    invoice = make.issued_invoice(keeping.alice)
    note = invoicing.credit_invoice(invoice.id, by=keeping.alice, at=NOW, on=make.TODAY)
    announced = make.issued_invoice(keeping.alice, kind="pro_forma")

    assert recorded(keeping, note).total == "-121.00"
    assert recorded(keeping, announced) is None


def test_nothing_is_recorded_before_it_is_on_and_after_it_is_off(firm):
    early = make.issued_invoice(firm.alice)
    assert recorded(firm, early) is None
    assert operations.turn_off(by=firm.alice) is None

    operations.turn_on(by=firm.alice, at=NOW, producer="Casa SL", producer_nif="A13585625")
    kept = recorded(firm, make.issued_invoice(firm.alice))
    assert "<sf:NombreRazon>Casa SL</sf:NombreRazon>" in kept.xml
    assert looks.look_of(by=firm.alice).tax_code

    operations.turn_off(by=firm.alice)
    assert recorded(firm, make.issued_invoice(firm.alice)) is None
    assert not looks.look_of(by=firm.alice).tax_code
    operations.turn_on(by=firm.alice, at=NOW)
    assert recorded(firm, make.issued_invoice(firm.alice)).previous == kept.fingerprint


def test_another_country_keeps_none_and_a_wrong_nif_is_refused(world, firm):
    with pytest.raises(operations.NotSpanish):
        operations.turn_on(by=world.alice, at=NOW)
    with pytest.raises(Invalid) as wrong:
        operations.turn_on(by=firm.alice, at=NOW, producer_nif="A1")
    parties.set_seller_profile(by=firm.alice, data={"vat_id": ""})
    with pytest.raises(Invalid) as missing:
        operations.turn_on(by=firm.alice, at=NOW)

    assert [one.pointer for one in wrong.value.problems] == ["/producer_nif"]
    assert [one.pointer for one in missing.value.problems] == ["/seller/vat_id"]


def test_without_a_nif_a_paper_is_not_recorded_and_the_chain_is_as_it_was(keeping):
    parties.set_seller_profile(by=keeping.alice, data={"vat_id": "", "tax_number": "12/345"})
    invoice = make.issued_invoice(keeping.alice)

    with pytest.raises(NotRecordable):
        recorded(keeping, invoice)
    assert queries.get_chain(by=keeping.alice).count == 0


def test_who_may_not_is_refused_and_others_see_nothing(keeping):
    kept = recorded(keeping, make.issued_invoice(keeping.alice))

    for act in (
        lambda: operations.turn_on(by=keeping.bob, at=NOW),
        lambda: operations.turn_off(by=keeping.bob),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(queries.NoSuchRecord):
        queries.get_record(kept.id, by=keeping.mallory)


def test_they_are_taken_away_as_files_in_their_order(keeping):
    for _ in range(2):
        recorded(keeping, make.issued_invoice(keeping.alice))

    with zipfile.ZipFile(io.BytesIO(queries.archive(by=keeping.alice, after=1))) as archive:
        assert archive.namelist() == ["00000002.xml"]
        assert b"RegistroAlta" in archive.read("00000002.xml")


def test_a_record_cannot_be_changed_by_the_program(keeping):
    kept = recorded(keeping, make.issued_invoice(keeping.alice))

    with pytest.raises(Exception, match="permission denied"), transaction(keeping.organization):
        Record.objects.of(keeping.organization).filter(id=kept.id).update(total="1.00")
