"""Billing records: one for each document of a Spanish organization, in an unbroken chain."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from guilder.foundation.events import operations as telling
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed
from guilder.kernel.verifactu import NotRecordable
from guilder.office.backup import queries as backup
from guilder.office.desk import queries as desk
from guilder.office.verifactu import operations, queries, tasks
from guilder.office.verifactu.models import Record, Waiting
from guilder.papers.rendering import queries as looks
from guilder.registers.currencies import operations as currencies
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
    invoice = make.issued_invoice(keeping.alice)
    tell()

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


@pytest.fixture
def unnamed(keeping) -> tuple[World, Any]:
    """A document was issued from an address in Portugal, without a NIF."""
    moved = {"country": "PT", "vat_id": "", "tax_number": "12/345"}
    parties.set_seller_profile(by=keeping.alice, data=moved)
    return keeping, make.issued_invoice(keeping.alice)


def waiting(world: World) -> list[Waiting]:
    with transaction(world.organization):
        return list(queries.list_waiting(by=world.alice).order_by("since_at"))


def tell() -> None:
    while telling.tell_waiting():
        pass


def test_without_a_nif_a_paper_waits_with_the_reason_and_the_chain_is_as_it_was(unnamed):
    world, invoice = unnamed

    assert recorded(world, invoice) is None
    assert recorded(world, invoice, at=NOW + timedelta(hours=1)) is None

    [one] = waiting(world)
    assert (one.number, one.reason) == (
        invoice.number,
        "Enter your NIF: a Spanish billing record names it.",
    )
    assert (one.since_at, one.tried_at) == (NOW, NOW + timedelta(hours=1))
    assert queries.get_chain(by=world.alice).count == 0
    assert fault(world) == []  # it waits openly
    assert queries.waiting_counts(world.organization) == {world.organization: 1}


def test_what_waits_is_put_before_an_admin_and_recorded_once_the_nif_is_entered(unnamed):
    world, invoice = unnamed
    tell()
    [task] = desk.list_tasks(by=world.alice, at=NOW + timedelta(days=1))
    assert (task.kind, task.data["number"]) == ("record_waiting", invoice.number)

    [one] = waiting(world)
    with pytest.raises(NotRecordable) as still:
        operations.try_again(one.id, by=world.alice, at=NOW)
    assert [problem.pointer for problem in still.value.problems] == ["/seller/vat_id"]
    parties.set_seller_profile(by=world.alice, data=SPANISH)
    made = operations.try_again(one.id, by=world.alice, at=NOW)
    tell()

    assert (made.nif, made.number, made.position) == ("B58378431", invoice.number, 1)
    assert waiting(world) == []
    assert desk.list_tasks(by=world.alice, at=NOW + timedelta(days=1)) == []
    assert fault(world) == []


def test_the_clock_tries_again_what_waits(unnamed):
    world, invoice = unnamed
    recorded(world, invoice)
    assert operations.try_all(by=world.alice, at=NOW) == (0, 1)

    parties.set_seller_profile(by=world.alice, data=SPANISH)
    tasks.try_again(at=NOW)

    assert queries.record_of(invoice.id, by=world.alice).nif == "B58378431"
    assert operations.try_all(by=world.alice, at=NOW) == (0, 0)


def test_nobody_else_tries_again_and_nothing_is_tried_while_it_is_off(unnamed):
    world, invoice = unnamed
    recorded(world, invoice)
    [one] = waiting(world)

    with pytest.raises(NotAllowed):
        operations.try_again(one.id, by=world.bob, at=NOW)
    with pytest.raises(queries.NoSuchWaiting):
        operations.try_again(one.id, by=world.mallory, at=NOW)
    operations.turn_off(by=world.alice)
    with pytest.raises(operations.NotKept):
        operations.try_again(one.id, by=world.alice, at=NOW)


def test_in_books_of_another_currency_the_rate_of_the_day_counts(db):
    world = make.make_world(country="ES", currency="USD")
    parties.set_seller_profile(by=world.alice, data=SPANISH)
    operations.turn_on(by=world.alice, at=NOW)
    rate = {"base": "EUR", "quote": "USD", "on": "2026-11-20", "rate": "1.25"}
    currencies.add_rate(by=world.alice, data=rate)
    invoice = make.issued_invoice(world.alice, currency="USD")

    assert recorded(world, invoice).total == "96.80"  # 121.00 USD ÷ 1.25


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
