"""The index is kept by events, holds everything and nothing else, and shows what one may see."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from guilder.kernel.actor import Actor
from guilder.office.search import operations, queries
from guilder.office.search.queries import Asked
from tests import make
from tests.make import World


def told(organization: UUID) -> None:
    """Every waiting event of an organization is told to its listeners, as a worker would."""
    from guilder.foundation.events import operations as telling
    from guilder.foundation.events.models import PendingEvent

    while True:
        waiting = PendingEvent.objects.filter(organization_id=organization, parked_at=None)
        ids = list(waiting.order_by("sequence").values_list("event_id", flat=True))
        if not ids:
            return
        for event_id in ids:
            telling.tell(event_id, organization)


def found(text: str, by: Actor, **also: object) -> list[str]:
    return [hit.title for hit in queries.find(Asked(text, **also), by=by)]  # type: ignore[arg-type]


@pytest.fixture
def firm(world: World) -> World:
    """A client with an issued invoice over 119.00, a draft, a payment; all events told."""
    bar = make.client(world.alice, name="Bar & Söhne GmbH", email="kasse@bar.example")
    foo = make.client(world.alice, name="Öresund Ports AB")
    invoice = make.issued_invoice(world.alice, client_id=bar.id, order_reference="PO 4500 081 132")
    make.draft(world.alice, client_id=foo.id, lines=[make.line(unit_price="1250.00")])
    make.payment(world.alice, invoice, "19.00")
    told(world.organization)
    return world


def test_a_number_is_found_whole_by_its_end_and_by_its_beginning(firm: World):
    for text in ("INV-2026-00001", "inv-2026-00001", "00001", "1", "INV-2026", "inv 1"):
        assert "INV-2026-00001" in found(text, firm.alice), text


def test_a_name_is_found_by_the_beginning_of_its_words_whatever_their_accents(firm: World):
    for text in ("söh", "sohne", "SÖHNE bar", "bar gmbh"):
        assert found(text, firm.alice)[0] == "Bar & Söhne GmbH", text

    assert found("oresund", firm.alice)[0] == "Öresund Ports AB"
    assert "Bar & Söhne GmbH" not in found("ohne", firm.alice)


def test_a_client_brings_its_papers(firm: World):
    titles = found("sohne", firm.alice)

    assert titles[0] == "Bar & Söhne GmbH"
    assert "INV-2026-00001" in titles


def test_a_name_and_a_number_together_mean_both(firm: World):
    assert found("sohne 00001", firm.alice)[0] == "INV-2026-00001"
    assert "Öresund Ports AB" not in found("sohne 1", firm.alice)
    assert [one for one in found("oresund 00001", firm.alice) if "INV" in one] == []
    assert found("oresund 00077", firm.alice) == []


def test_a_reference_and_a_mail_address_are_found(firm: World):
    assert found("4500 081", firm.alice) == ["INV-2026-00001"]
    assert found("kasse@bar", firm.alice)[0] == "Bar & Söhne GmbH"


def test_an_amount_is_found_in_its_own_currency(firm: World):
    assert found("119", firm.alice, amount=Decimal(119))[0] == "INV-2026-00001"
    assert found("1487.5", firm.alice, amount=Decimal("1487.50"))  # 1250.00 and 19 %
    assert found("1.19", firm.alice, amount=Decimal("1.19")) == []


def test_a_day_is_found(firm: World):
    titles = found("20.11.", firm.alice, on=date(2026, 11, 20))

    assert "INV-2026-00001" in titles
    assert "Bar & Söhne GmbH" in titles  # the payment of that day, named after who paid
    assert found("19.11.", firm.alice, on=date(2026, 11, 19)) == []


def test_what_is_changed_or_thrown_away_is_no_longer_found_as_it_was(firm: World):
    from guilder.books.invoicing import operations as invoicing
    from guilder.registers.parties import operations as parties

    client = queries.find(Asked("sohne"), by=firm.alice)[0]
    parties.update_partner(
        client.id, side="customer", by=firm.alice, data={"name": "Neu KG"}, at=make.NOW
    )
    draft = next(hit for hit in queries.find(Asked("oresund"), by=firm.alice) if hit.partner_id)
    invoicing.delete_draft(draft.id, by=firm.alice)
    told(firm.organization)

    assert found("sohne", firm.alice) == []
    assert queries.find(Asked("00001"), by=firm.alice)[0].subtitle == "Neu KG"
    assert draft.title not in found("oresund", firm.alice)


def test_another_organization_finds_nothing(firm: World):
    assert found("INV-2026-00001", firm.mallory) == []
    assert found("sohne", firm.mallory) == []


def test_an_agent_finds_clients_but_only_own_papers(firm: World):
    own = make.draft(firm.bob, client_id=queries.find(Asked("sohne"), by=firm.alice)[0].id)
    told(firm.organization)

    titles = found("sohne", firm.bob)

    assert titles[0] == "Bar & Söhne GmbH"
    assert own.draft_reference in titles
    assert "INV-2026-00001" not in titles
    assert found("119", firm.bob, amount=Decimal(119)) == [own.draft_reference]


def test_the_index_holds_everything_and_nothing_else(firm: World):
    assert queries.strays(firm.organization) == {}


def test_what_is_missing_or_too_much_is_told_and_repaired(firm: World):
    hits = queries.find(Asked("sohne"), by=firm.alice)
    operations.forget([hit.id for hit in hits], organization_id=firm.organization)
    assert set(queries.strays(firm.organization)) == {"invoice", "partner", "payment"}

    assert operations.repair(firm.organization) == len(hits)

    assert queries.strays(firm.organization) == {}
    assert found("sohne", firm.alice)[0] == "Bar & Söhne GmbH"
    assert operations.repair(firm.organization) == 0


def test_an_index_made_anew_equals_the_one_that_events_kept(firm: World):
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.search.models import Entry, Word

    def all_of() -> tuple[list[object], list[object]]:
        with transaction(firm.organization):
            entries = Entry.objects.of(firm.organization).order_by("id").values()
            words = Word.objects.of(firm.organization).order_by("entry", "word")
            return list(entries), list(words.values("entry_id", "word"))

    kept = all_of()

    assert operations.rebuild(firm.organization) == len(kept[0])
    assert all_of() == kept


def test_nothing_asked_finds_nothing(firm: World):
    assert found("", firm.alice) == []
    assert found(" - ", firm.alice) == []


def test_many_who_write_the_same_thing_at_once_write_it_once(firm: World):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.search.models import Entry, Word

    hit = queries.find(Asked("sohne"), by=firm.alice)[0]

    def write(turn: int) -> int:
        try:
            if turn % 4 == 3:
                return operations.rebuild(firm.organization)
            return operations.index("partner", [hit.id], organization_id=firm.organization)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        assert all(crowd.map(write, range(16)))

    with transaction(firm.organization):
        assert Entry.objects.of(firm.organization).filter(id=hit.id).count() == 1
        words = list(Word.objects.of(firm.organization).filter(entry=hit.id).values_list("word"))
    assert len(words) == len(set(words)) > 3
