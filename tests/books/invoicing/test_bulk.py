"""Many at once: the same rows as one by one, numbers in a block, all or nothing per chunk."""

from datetime import date

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.ledger import operations as ledger
from tests import make
from tests.books.proofs import faults


def drafts(world, count):
    client = make.client(world.alice)
    return [
        {
            "client": str(client.id),
            "currency": "EUR",
            "lines": [make.line(quantity=str(n + 1)), make.line(tax="reduced")],
        }
        for n in range(count)
    ]


def test_a_bulk_run_gives_what_one_by_one_gives(world):
    wanted = drafts(world, 7)

    made = invoicing.create_and_issue_many(
        wanted, by=world.alice, at=make.NOW, on=make.TODAY, chunk=3
    )

    assert [one.number for one in made] == [f"INV-2026-{n:05d}" for n in range(1, 8)]
    for one, data in zip(made, wanted, strict=True):
        alone = invoicing.create_and_issue(by=world.alice, data=data, at=make.NOW, on=make.TODAY)
        together = queries.get_invoice(one.id, by=world.alice)
        assert together.paper == alone.paper
        assert together.content_hash == alone.content_hash
        for name in ("payable_amount", "open_amount", "base_payable_amount", "due_on", "version"):
            assert getattr(together, name) == getattr(alone, name)
    assert faults(world.organization) == []


def test_a_fault_in_one_refuses_its_chunk_and_names_it(world):
    wanted = drafts(world, 4)
    wanted[2] = {**wanted[2], "lines": [make.line(tax="nonsense")]}

    with pytest.raises(invoicing.InvalidDraft) as caught:
        invoicing.create_and_issue_many(wanted, by=world.alice, at=make.NOW, on=make.TODAY, chunk=2)

    assert [one.pointer for one in caught.value.problems] == ["/2/lines/0/tax"]
    narrowed = queries.InvoiceFilter(today=make.TODAY)
    assert queries.count_invoices(narrowed, by=world.alice) == 2
    assert faults(world.organization) == []


def test_clients_keep_their_own_names_and_taxes(world):
    german = make.client(world.alice)
    french = make.client(
        world.alice,
        address={"line1": "Rue 1", "city": "Paris", "postal_code": "75001", "country": "FR"},
        tax_ids=[{"scheme": "vat", "value": "FR40303265045"}],
    )
    line = make.line()
    del line["tax"]
    wanted = [
        {"client": str(client.id), "currency": "EUR", "lines": [line]}
        for client in (german, french, german)
    ]

    made = invoicing.create_and_issue_many(wanted, by=world.alice, at=make.NOW, on=make.TODAY)

    read = [queries.get_document(one.id, by=world.alice) for one in made]
    assert [one.buyer.name for one in read] == [german.name, french.name, german.name]
    assert [one.taxes[0].category for one in read] == ["S", "AE", "S"]
    for one, data in zip(made, wanted, strict=True):
        alone = invoicing.create_and_issue(by=world.alice, data=data, at=make.NOW, on=make.TODAY)
        assert queries.get_invoice(one.id, by=world.alice).content_hash == alone.content_hash
    assert faults(world.organization) == []


def test_a_client_that_cannot_be_billed_is_named(world):
    client = make.client(world.alice)
    data = {"client": str(client.id), "currency": "EUR", "lines": [make.line(tax="reverse_charge")]}

    with pytest.raises(invoicing.InvalidDraft) as caught:
        invoicing.create_and_issue_many(
            [data, {**data, "client": "nobody"}], by=world.alice, at=make.NOW, on=make.TODAY
        )

    assert [one.pointer for one in caught.value.problems] == ["/0/client", "/1/client"]


def test_a_locked_period_refuses_the_whole_chunk(world):
    ledger.lock_period(
        by=world.alice, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), at=make.NOW
    )

    with pytest.raises(ledger.PeriodIsLocked):
        invoicing.create_and_issue_many(
            drafts(world, 3), by=world.alice, at=make.NOW, on=date(2026, 10, 5)
        )

    made = invoicing.create_and_issue_many(
        drafts(world, 3), by=world.alice, at=make.NOW, on=make.TODAY
    )
    assert made[0].number == "INV-2026-00001"
    assert faults(world.organization) == []
