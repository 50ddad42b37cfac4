"""Many at once: the same rows as one by one, numbers in a block, all or nothing per chunk."""

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
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
