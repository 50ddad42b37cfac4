"""Statements in: each entry once, in whichever format it comes, and real twins both."""

import pytest

from guilder.flows.banking import operations, queries
from guilder.flows.banking.operations import InvalidStatement
from guilder.kernel.errors import Invalid, NotAllowed
from tests import make
from tests.flows.banking.banking import IBAN, account, camt, entry, imported

PAYER = {"name": "Polder Fresh BV", "account": "NL91ABNA0417164300"}
MT940 = (
    ":20:X\n:25:37040044/0532013000\n:28C:4/1\n:60F:C261119EUR1000,00\n"
    ":61:2611201120CR119,00NTRFNONREF//OTHERREF\n"
    ":86:166?00GUTSCHRIFT?20SVWZ+RE INV-2026-00175 v?21om 01.11."
    "?31NL91ABNA0417164300?32POLDER FRESH BV\n:62F:C261120EUR1119,00\n-"
)


def lines(by):
    return queries.list_lines(by=by, limit=500)


def test_a_statement_opens_its_account_and_brings_its_lines(world):
    outcome = imported(world.alice, [entry("119.00", "INV-1", **PAYER)])

    (row,) = lines(world.alice)
    assert (outcome.entries, outcome.new) == (1, 1)
    assert (row.amount, row.name, row.text) == (11900, "Polder Fresh BV", "INV-1")
    found = queries.get_account(row.account_id, by=world.alice)
    assert found.iban == IBAN
    assert found.bank_amount == 111900


def test_the_same_file_again_brings_nothing(world):
    for _ in range(3):
        outcome = imported(world.alice, [entry("119.00", "INV-1", ref="A"), entry("7.00", ref="B")])

    assert outcome.new == 0
    assert len(lines(world.alice)) == 2
    assert len(queries.list_statements(by=world.alice)) == 1


def test_the_same_entry_in_another_format_brings_nothing(world):
    imported(world.alice, [entry("119.00", "RE INV-2026-00175 vom 01.11.", ref="REF1", **PAYER)])

    outcome = operations.import_statement(
        MT940.encode(), by=world.alice, at=make.NOW, filename="x.sta"
    )
    table = "Buchungstag;Betrag;Name;Verwendungszweck\n20.11.2026;119,00;POLDER FRESH;RE INV-2026-00175\n"
    third = operations.import_statement(
        table.encode(), by=world.alice, at=make.NOW, filename="x.csv"
    )

    assert (outcome.new, third.new) == (0, 0)
    assert len(lines(world.alice)) == 1


def test_real_twins_are_both_kept(world):
    twins = [entry("9.90", "Parking", name="Garage") for _ in range(2)]
    imported(world.alice, twins)
    assert len(lines(world.alice)) == 2

    again = imported(world.alice, [*twins, entry("5.00", "other")], number=2)
    assert again.new == 1
    third = imported(world.alice, [*twins, twins[0], entry("5.00", "other")], number=3)
    assert third.new == 1  # a third one of the same day
    assert len(lines(world.alice)) == 4


def test_two_payments_that_differ_in_their_number_only_are_two(world):
    imported(world.alice, [entry("119.00", "INV-2026-00181", **PAYER)])
    outcome = imported(world.alice, [entry("119.00", "INV-2026-00182", **PAYER)], number=2)

    assert outcome.new == 1


def test_what_is_announced_only_is_not_booked(world):
    data = camt([entry("119.00", "INV-1")]).replace(b"<Cd>BOOK</Cd>", b"<Cd>PDNG</Cd>")
    outcome = operations.import_statement(data, by=world.alice, at=make.NOW, filename="x.xml")

    assert outcome.new == 0


def test_a_gap_between_statements_is_shown(world):
    imported(world.alice, [entry("10.00", "a")], opening="100.00", number=1, on="2026-11-18")
    imported(world.alice, [entry("10.00", "b")], opening="150.00", number=3, on="2026-11-20")
    (found,) = queries.list_accounts(by=world.alice)

    (gap,) = queries.gaps(found.id, by=world.alice)
    assert (gap.closed, gap.opened) == (11000, 15000)


def test_a_file_that_names_no_account_needs_one(world):
    table = b"Buchungstag;Betrag;Verwendungszweck\n20.11.2026;119,00;INV-1\n"
    with pytest.raises(InvalidStatement, match="account"):
        operations.import_statement(table, by=world.alice, at=make.NOW, filename="x.csv")
    found = account(world.alice)
    outcome = operations.import_statement(
        table, by=world.alice, at=make.NOW, filename="x.csv", account_id=found.id
    )
    assert outcome.new == 1


def test_a_file_in_another_currency_is_refused_whole(world):
    account(world.alice)
    with pytest.raises(InvalidStatement, match="CHF"):
        imported(world.alice, [entry("1.00", "x")], currency="CHF")
    assert lines(world.alice) == []


def test_an_amount_finer_than_the_currency_is_refused(world):
    with pytest.raises(InvalidStatement, match="finer"):
        imported(world.alice, [entry("1.005", "x")])


def test_a_preview_writes_nothing(world):
    found = account(world.alice)
    seen = operations.preview_statement(
        camt([entry("1.00", "x"), entry("2.00", "y")]), by=world.alice
    )

    assert (seen.account.id, seen.file.entries, seen.known) == (found.id, 2, 0)
    assert lines(world.alice) == []


def test_rubbish_and_strangers_are_refused(world):
    with pytest.raises(Invalid):
        operations.import_statement(b"%PDF", by=world.alice, at=make.NOW, filename="x")
    with pytest.raises(NotAllowed):
        imported(world.bob, [entry("1.00", "x")])
    imported(world.alice, [entry("1.00", "x")])
    assert lines(world.mallory) == []
