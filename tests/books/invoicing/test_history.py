"""Documents of an earlier system: locked under their old numbers, open items posted once."""

from dataclasses import replace
from datetime import date

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.invoicing.models import Invoice
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as ledgers
from guilder.books.ledger.models import Entry
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.money import Money
from tests import make
from tests.books.proofs import faults


def old(world, number, left, client, **changes):
    draft = make.draft(world.mallory)
    document = replace(
        queries.get_document(draft.id, by=world.mallory), number=number,
        issued_on=date(2025, 5, 4), **changes,
    )  # fmt: skip
    return invoicing.OldDocument(document, client.id, None if left is None else Money(left, "EUR"))


def take_over(world, *documents):
    return invoicing.import_history(documents, by=world.alice, on=date(2026, 1, 1), at=make.NOW)


def test_an_old_invoice_keeps_its_number_and_what_is_open_can_be_paid(world):
    client = make.client(world.alice)

    (invoice_id,) = take_over(world, old(world, "2025/17", 5000, client))

    record = queries.get_invoice(invoice_id, by=world.alice)
    assert (record.number, record.issued_on, record.open_amount) == (
        "2025/17",
        date(2025, 5, 4),
        5000,
    )
    assert record.is_history and record.chain_hash is None
    with transaction(world.organization):
        assert ledgers.balance_of(world.organization, "receivables") == 5000
        assert ledgers.balance_of(world.organization, "opening") == -5000
    make.payment(world.alice, record, "50.00")
    assert queries.get_invoice(invoice_id, by=world.alice).open_amount == 0
    assert make.issued_invoice(world.alice).number == "INV-2026-00001"
    assert faults(world.organization) == []


def test_what_cannot_be_taken_over_is_told_at_once(world):
    client = make.client(world.alice)
    take_over(world, old(world, "2025/17", 5000, client))

    with pytest.raises(invoicing.NotHistory) as caught:
        take_over(
            world,
            old(world, "2025/17", 0, client),
            old(world, "", 0, client),
            old(world, "2025/18", 11901, client),
        )

    assert [one.pointer for one in caught.value.problems] == ["/0/number", "/1/number", "/2/open"]


def test_opening_balances_are_posted_once(world):
    def post(**balances):
        return ledger.post_opening_balances(
            balances, by=world.alice, on=date(2026, 1, 1), at=make.NOW, base_currency="EUR"
        )

    with pytest.raises(Exception) as caught:
        post(**{"1400": 100, "1600": 100, "0000": 5})
    post(**{"1200": 100_00, "1000": 25_00})

    assert {one.pointer for one in caught.value.problems} == {
        "/balances/1400",
        "/balances/1600",
        "/balances/0000",
    }
    with transaction(world.organization):
        assert ledgers.balance_of(world.organization, "opening") == -12500
    with pytest.raises(ledger.AlreadyOpened):
        post(**{"1200": 1})
    assert faults(world.organization) == []


def test_each_is_told_so_that_lists_and_the_search_know_of_it(world):
    client = make.client(world.alice)

    (invoice_id,) = take_over(world, old(world, "2025/17", None, client))

    with transaction(world.organization):
        (told,) = Event.objects.filter(type="invoice.taken_over")
    assert told.payload["invoice_id"] == str(invoice_id)
    assert (told.payload["number"], told.payload["open"]) == ("2025/17", "119.00")
    assert queries.get_invoice(invoice_id, by=world.alice).open_amount == 11900


def test_what_was_paid_before_stands_in_no_account(world):
    client = make.client(world.alice)

    (invoice_id,) = take_over(world, old(world, "2025/17", 0, client))

    record = queries.get_invoice(invoice_id, by=world.alice)
    assert (record.open_amount, record.settled_on) == (0, date(2025, 5, 4))
    with transaction(world.organization):
        assert ledgers.balance_of(world.organization, "receivables") == 0
        assert not Entry.objects.filter(source="opening.item")
    assert faults(world.organization) == []


def test_one_number_twice_at_once_is_taken_over_not_at_all(world):
    client = make.client(world.alice)

    with pytest.raises(invoicing.NotHistory) as caught:
        take_over(world, old(world, "2025/17", 0, client), old(world, "2025/17", 0, client))

    assert [one.code for one in caught.value.problems] == ["invoicing.number_taken"]
    with transaction(world.organization):
        assert not Invoice.objects.filter(number="2025/17").exists()
