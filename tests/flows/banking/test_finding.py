"""How lines find what they are about: by indexes, behind the wall too, and each entry once."""

from random import Random

import pytest
from django.db import DatabaseError, connections
from msgspec.structs import replace

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing.models import Invoice
from guilder.flows.banking import calc
from guilder.flows.banking.operations.importing import Shelf
from guilder.flows.banking.queries import gathering
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from tests import make

LOOKUPS = {
    "invoice_open_by_digits": (gathering.BY_KEY, {"keys": "{1}", "most": 10}),
    "invoice_open_by_amount": (gathering.BY_AMOUNT, {"currencies": "{EUR}", "amounts": "{1}"}),
}


def key_of(invoice_id, world) -> str | None:
    """The digits that an invoice is found by."""
    with transaction(world.organization):
        return Invoice.objects.of(world.organization).get(id=invoice_id).number_key


@pytest.mark.parametrize("index", sorted(LOOKUPS))
def test_look_ups_go_through_their_index_behind_the_wall(index: str, world):
    statement, values = LOOKUPS[index]
    client = str(make.client(world.alice).id)  # many amounts, as firms have them
    data = [{"client": client, "lines": [make.line(unit_price=str(n))]} for n in range(1, 1_001)]
    invoicing.create_and_issue_many(data, by=world.alice, at=make.NOW)
    with connections["owner"].cursor() as owner:
        owner.execute("ANALYZE invoicing_invoice")
    with transaction(world.organization):
        cursor = hot.cursor()
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}", {"organization": world.organization, **values})
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert index in plan, plan
    condition = plan.partition(index)[2].partition("Index Cond:")[2].partition("\n")[0]
    assert "number_key" in condition or "open_amount" in condition


def test_a_number_keeps_its_digits_however_it_was_given(world):
    draft = make.draft(world.alice)
    issued = make.issued_invoice(world.alice)
    data = {"client": str(make.client(world.alice).id), "lines": [make.line()]}
    (many,) = invoicing.create_and_issue_many([data], by=world.alice, at=make.NOW)

    assert key_of(draft.id, world) is None
    assert key_of(issued.id, world) == calc.number_key(issued.number) == "202600001"
    assert key_of(many.id, world) == calc.number_key(many.number)


def test_nobody_gives_a_number_other_digits(world):
    draft, issued = make.draft(world.alice), make.issued_invoice(world.alice)

    with transaction(world.organization):
        Invoice.objects.of(world.organization).filter(id=draft.id).update(number_key="7")
    with pytest.raises(DatabaseError), transaction(world.organization):
        Invoice.objects.of(world.organization).filter(id=issued.id).update(number_key="7")

    assert key_of(draft.id, world) is None


def line_of(chance: Random) -> calc.Line:
    """One of a few lines of one day and amount, many of them alike."""
    return calc.Line(
        id=uuid7(),
        amount=100,
        currency="EUR",
        booked_on=make.TODAY,
        name=chance.choice(("", "Anna", "Bert")),
        text=chance.choice(("", "INV 1", "INV 2", "INV 1 Anna")),
        end_to_end=chance.choice(("", "E1")),
        bank_reference=chance.choice(("", "A", "B", "C")),
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_shelf_takes_what_looking_at_every_line_would_take(seed: int):
    chance = Random(seed)
    there = [(line_of(chance), chance.random() < 0.7) for _ in range(12)]
    asked = [replace(line_of(chance), id=uuid7()) for _ in range(12)]
    shelf, plain = Shelf(), list(there)
    for line, is_alike in there:
        shelf.put(line, is_alike=is_alike)

    for one in asked:
        scores = [calc.is_same(one, line, same_format=is_alike) for line, is_alike in plain]
        expected = bool(scores) and max(scores) > 0
        if expected:
            del plain[scores.index(max(scores))]
        assert shelf.take(one) == expected
        assert sorted(line.id for line, _ in shelf.lines.values()) == sorted(
            line.id for line, _ in plain
        )
