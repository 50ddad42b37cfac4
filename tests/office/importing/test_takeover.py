"""Changing over from an earlier system: its papers as history, its balances once."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guilder.books.invoicing import queries
from guilder.books.invoicing.models import Invoice
from guilder.books.ledger import queries as ledgers
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed
from guilder.office.desk import queries as talk
from guilder.office.importing.operations import Takeover, open_books, still_open
from guilder.registers.parties.models import Partner
from tests import make
from tests.books.proofs import faults
from tests.faces.cli.papers import THEIRS, ubl
from tests.make import World

DAY = date(2026, 4, 1)


def take(world: World, data: bytes, rule: str = "due", listed: bytes = b"", **chosen: Any) -> Any:
    asked = Takeover(
        by=chosen.pop("by", world.alice),
        on=DAY,
        at=make.NOW,
        still_open=still_open(rule, listed=listed),
        **chosen,
    )
    return [*asked.papers(data, "old.xml"), *asked.unmet("list")]


def owed(world: World) -> int:
    with transaction(world.organization):
        return ledgers.balance_of(world.organization, "receivables")


def test_a_paper_becomes_history_that_can_be_paid(world: World) -> None:
    [told] = take(world, ubl(number="R-7"))

    record = queries.get_invoice(told["id"], by=world.alice)
    assert (told["ok"], told["client"], told["client_is_new"]) == (True, "Bücher & Co", True)
    assert (record.number, record.is_history, record.open_amount) == ("R-7", True, 119_00)
    assert owed(world) == 119_00
    make.payment(world.alice, record, "119.00")
    assert owed(world) == 0
    assert faults(world.organization) == []


def test_the_file_that_it_came_in_stays_with_it(world: World) -> None:
    data = ubl(number="R-7")

    [told] = take(world, data)

    (kept,) = talk.list_attachments("invoice", UUID(told["id"]), by=world.alice)
    assert talk.read_attachment(kept) == data
    assert told["remarks"] == []


def test_what_is_open_is_said_by_rule_or_by_list(world: World) -> None:
    listed = b"number;open\nR-2;19,50\nR-9;3\n"

    take(world, ubl(number="R-1"), "none")
    [told, unmet] = take(world, ubl(number="R-2"), "list", listed)

    assert owed(world) == 19_50
    assert told["ok"] is True
    assert (unmet["ok"], unmet["number"]) == (False, "R-9")
    assert faults(world.organization) == []


@pytest.mark.parametrize(
    ("paper", "rule", "code"),
    [
        ({"seller": THEIRS, "buyer": THEIRS}, "due", "import.not_ours"),
        ({"payable": "120.00"}, "due", "check.total"),
        ({"number": ""}, "due", "invoicing.no_number"),
        ({}, "too much", "invoicing.open"),
        ({}, "too fine", "invoicing.open"),
    ],
)
def test_what_is_no_history_is_refused_whole(
    world: World, paper: dict[str, str], rule: str, code: str
) -> None:
    listed = {"too much": b"OLD-1;119.01", "too fine": b"OLD-1;1.2345"}.get(rule, b"")

    [told] = take(world, ubl(**paper), "list" if listed else rule, listed)

    assert (told["ok"], told["problems"][0]["code"]) == (False, code)
    assert not any(one["pointer"].startswith("/0") for one in told["problems"])
    with transaction(world.organization):
        assert not Invoice.objects.exists()
        assert not Partner.objects.exists()


def test_the_same_file_twice_is_taken_once(world: World) -> None:
    take(world, ubl())

    [again] = take(world, ubl())

    assert again["problems"][0]["code"] == "invoicing.number_taken"
    assert owed(world) == 119_00


def test_nobody_takes_over_without_the_right_to(world: World) -> None:
    [told] = take(world, ubl(), by=world.bob)

    assert told["problems"][0]["code"] == NotAllowed.code


def test_balances_are_booked_in_the_base_currency(world: World) -> None:
    open_books(
        {"1200": Decimal("100.5"), "1000": Decimal(-50)}, by=world.alice, on=DAY, at=make.NOW
    )

    with transaction(world.organization):
        assert ledgers.balance_of(world.organization, "opening") == -50_50
    with pytest.raises(Invalid) as caught:
        open_books({"1200": Decimal("0.001")}, by=world.alice, on=DAY, at=make.NOW)
    assert caught.value.problems[0].pointer == "/balances/1200"
