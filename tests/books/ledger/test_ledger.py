"""The ledger: balanced by the database, append-only, closed by periods, readable by account."""

from datetime import date
from decimal import Decimal
from threading import Thread
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connections
from hypothesis import given
from hypothesis import strategies as st

from guilder.books.ledger import calc, charts, queries
from guilder.books.ledger import operations as ledger
from guilder.books.ledger.charts.base import ROLES
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed, Stale
from tests import make
from tests.books.proofs import faults

REFUSED = (psycopg.errors.IntegrityError, IntegrityError)


def booking(*legs, on=make.TODAY, **changes):
    return ledger.Booking(
        legs=tuple(ledger.Leg(role, amount, amount) for role, amount in legs),
        on=on, source="test", source_id=uuid4(), currency="EUR", base_currency="EUR", **changes,
    )  # fmt: skip


def post(world, *legs, **changes):
    return ledger.post(booking(*legs, **changes), by=world.alice, at=make.NOW)


def test_every_chart_has_an_account_for_each_role():
    for country in ("DE", "FR"):
        lines = charts.chart(country)
        assert set(ROLES) <= {line.role for line in lines}
        assert len({line.code for line in lines}) == len(lines)


def test_a_role_finds_the_most_particular_account():
    accounts = {name: uuid4() for name in ("revenue", "revenue.S", "revenue.S.19")}

    def found(category, rate):
        return calc.account_of(
            calc.Leg("revenue", 1, 1, category, None if rate is None else Decimal(rate)), accounts
        )

    assert found("S", "19.000") == accounts["revenue.S.19"]
    assert found("S", "7") == accounts["revenue.S"]
    assert found("O", None) == accounts["revenue"]
    with pytest.raises(calc.NoAccount):
        calc.account_of(calc.Leg("tax", 1, 1), accounts)


@given(st.lists(st.integers(-(10**9), 10**9), max_size=6))
def test_only_what_comes_to_nothing_is_booked(amounts):
    legs = [calc.Leg("bank", amount, amount) for amount in amounts]

    if sum(amounts):
        with pytest.raises(calc.Unbalanced):
            calc.balanced(legs)
    else:
        assert sum(leg.amount for leg in calc.balanced(legs)) == 0
    both = calc.balanced([*legs, *(leg.mirrored() for leg in legs)])
    assert sum(leg.amount for leg in both) == 0


def test_an_entry_is_booked_and_read_back(world):
    entry_id = post(world, ("bank", 500), ("revenue", -500), memo="Cash sale")

    with transaction(world.organization):
        (entry,) = queries.list_entries(world.organization, start_on=make.TODAY, end_on=make.TODAY)
        rows = {
            one.role: one
            for one in queries.trial_balance(
                world.organization, start_on=date(2026, 1, 1), end_on=make.TODAY
            )
        }
    assert (entry.id, entry.memo, entry.posting_count) == (entry_id, "Cash sale", 2)
    assert (rows["bank"].debit, rows["bank"].closing) == (500, 500)
    assert (rows["revenue"].credit, rows["revenue"].closing) == (500, -500)
    assert sum(one.closing for one in rows.values()) == 0
    assert faults(world.organization) == []


def test_nothing_is_booked_where_nothing_moves(world):
    assert post(world, ("bank", 0), ("revenue", 0)) is None


def test_the_same_cause_is_booked_once(world):
    twice = booking(("bank", 5), ("revenue", -5))
    ledger.post(twice, by=world.alice, at=make.NOW)

    with pytest.raises(REFUSED):
        ledger.post(twice, by=world.alice, at=make.NOW)


def insert_entry(world, amounts, *, count=None, currency="EUR"):
    """An entry by bare SQL, as no operation would write it."""
    with transaction(world.organization):
        accounts = list(queries.account_map(world.organization).values())
        entry = uuid4()
        cursor().execute(
            "INSERT INTO ledger_entry (organization_id, id, booked_on, source, source_id, memo,"
            " base_currency, posting_count, created_at) VALUES (%s, %s, %s, 'x', %s, '', 'EUR', %s,"
            " now())",
            [world.organization, entry, make.TODAY, uuid4(), count or len(amounts)],
        )
        for position, (amount, base) in enumerate(amounts, start=1):
            cursor().execute(
                "INSERT INTO ledger_posting (organization_id, id, entry_id, position, account_id,"
                " booked_on, amount, currency, base_amount, rate, rate_source, tax_category)"
                " VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, 1, '', '')",
                [
                    world.organization,
                    entry,
                    position,
                    accounts[0],
                    make.TODAY,
                    amount,
                    currency,
                    base,
                ],
            )


@pytest.mark.parametrize(
    ("amounts", "count"),
    [
        ([(5, 5), (-4, -4)], None),
        ([(5, 5), (-5, -4)], None),
        ([(5, 5)], 2),
        ([(5, 5)], 1),
        ([], 2),
        ([(5, 5), (-5, -5)], 3),
    ],
)
def test_the_database_refuses_an_entry_that_does_not_balance(world, amounts, count):
    with pytest.raises(REFUSED):
        insert_entry(world, amounts, count=count)

    insert_entry(world, [(5, 5), (-5, -5)])
    assert faults(world.organization) == []


def test_periods_lock_reopen_and_do_not_overlap(world):
    october = ledger.lock_period(
        by=world.alice, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), at=make.NOW
    )

    with pytest.raises(ledger.PeriodIsLocked):
        post(world, ("bank", 1), ("revenue", -1), on=date(2026, 10, 31))
    with pytest.raises(ledger.PeriodsOverlap):
        ledger.lock_period(
            by=world.alice, starts_on=date(2026, 10, 15), ends_on=date(2026, 11, 15), at=make.NOW
        )
    with pytest.raises(Invalid):
        ledger.lock_period(
            by=world.alice, starts_on=date(2026, 9, 15), ends_on=date(2026, 9, 1), at=make.NOW
        )
    with pytest.raises(NotAllowed):
        ledger.reopen_period(october.id, by=world.bob)
    post(world, ("bank", 1), ("revenue", -1), on=date(2026, 11, 1))
    ledger.reopen_period(october.id, by=world.alice)
    post(world, ("bank", 1), ("revenue", -1), on=date(2026, 10, 31))


def test_locking_waits_for_an_entry_that_is_being_written(world):
    order = []

    def lock():
        ledger.lock_period(
            by=world.alice, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), at=make.NOW
        )
        order.append("locked")
        connections.close_all()

    with transaction(world.organization):
        post(world, ("bank", 1), ("revenue", -1), on=date(2026, 10, 5))
        locker = Thread(target=lock)
        locker.start()
        locker.join(timeout=0.5)
        assert locker.is_alive()
        order.append("booked")
    locker.join(timeout=10)

    assert order == ["booked", "locked"]


def test_the_chart_is_kept(world):
    made = ledger.save_account(
        by=world.alice, data={"code": "4711", "name": "Consulting", "kind": "income"}
    )

    changed = ledger.save_account(
        by=world.alice, account_id=made.id, data={"name": "Advice"}, version=1
    )

    assert (changed.code, changed.name, changed.version) == ("4711", "Advice", 2)
    with pytest.raises(Stale):
        ledger.save_account(by=world.alice, account_id=made.id, data={}, version=1)
    with pytest.raises(ledger.AccountTaken):
        ledger.save_account(
            by=world.alice, data={"code": "4712", "name": "x", "kind": "asset", "role": "bank"}
        )
    with pytest.raises(Invalid) as caught:
        ledger.save_account(by=world.alice, data={"code": "", "name": "", "role": "magic"})
    assert {one.pointer for one in caught.value.problems} == {"/code", "/name", "/kind", "/role"}


def test_a_missing_account_is_named(world):
    with transaction(world.organization):
        bank = next(one for one in queries.list_accounts(world.organization) if one.role == "bank")
    ledger.save_account(by=world.alice, account_id=bank.id, data={"role": ""})

    with pytest.raises(ledger.ChartIncomplete) as caught:
        post(world, ("bank", 1), ("revenue", -1))

    assert "“bank”" in caught.value.detail


def test_another_organizations_books_are_not_seen(world):
    post(world, ("bank", 5), ("revenue", -5))

    with transaction(world.other):
        assert queries.balance_of(world.other, "bank") == 0
        assert queries.balance_of(world.organization, "bank") == 0
