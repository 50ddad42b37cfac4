"""Recurring invoices: each period once, after any downtime, by any number of workers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from guilder.books.invoicing import queries as invoices
from guilder.flows.billing import operations
from guilder.flows.billing.models import RecurringRun
from guilder.flows.billing.queries import (
    NoSuchRecurring,
    due_recurring,
    get_recurring,
    list_recurring,
    proofs,
    recurring_count,
    recurring_of_invoice,
)
from guilder.foundation.events.models import Event
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed, Stale
from tests import make
from tests.books.proofs import faults as faults_of_books


def pattern(by, **changes):
    client = make.client(by)
    lines = [make.line(description="Hosting {month}", unit_price="49.00")]
    return {"client": str(client.id), "currency": "EUR", "lines": lines, **changes}


def recurring(by, **changes):
    values = {"name": "Hosting", "first_on": "2026-11-01", "act": "issue", **changes}
    values.setdefault("pattern", pattern(by))
    return operations.save_recurring(by=by, data=values, at=make.NOW)


def worker(world):
    return identity.system_actor(world.organization, "job")


def run(world, on: date) -> int:
    return operations.invoice_due(by=worker(world), on=on, at=moment(on))


def moment(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 9, tzinfo=UTC)


def faults(organization_id):
    """What does not hold, of the books and of billing."""
    with transaction(organization_id):
        broken = [
            (name, row) for name, _, sql in proofs() for row in cursor().execute(sql).fetchall()
        ]
    return [*faults_of_books(organization_id), *broken]


def test_a_period_is_invoiced_on_its_day_and_named_on_the_line(world):
    made = recurring(world.alice)
    assert made.next_days == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]

    assert run(world, date(2026, 11, 20)) == 1
    assert run(world, date(2026, 11, 20)) == 0

    after = get_recurring(made.id, by=world.alice)
    assert (after.made_count, after.next_on, after.status) == (1, date(2026, 12, 1), "running")
    [done] = after.runs
    assert (done.period_start_on, done.period_end_on) == (date(2026, 11, 1), date(2026, 11, 30))
    invoice = invoices.get_invoice(done.invoice_id, by=world.alice)
    assert invoice.status == "issued" and invoice.number
    assert "Hosting November 2026" in str(invoice.paper)
    assert recurring_of_invoice(invoice.id, by=world.alice) == made.id
    assert faults(world.organization) == []


def test_after_downtime_every_missed_period_is_invoiced_once(world):
    made = recurring(world.alice, first_on="2026-07-01")

    assert run(world, date(2026, 11, 20)) == 5  # July to November
    assert run(world, date(2026, 11, 20)) == 0

    assert get_recurring(made.id, by=world.alice).made_count == 5
    assert faults(world.organization) == []


def test_ten_workers_at_once_make_one(world):
    made = recurring(world.alice)

    def work(_):
        try:
            return run(world, date(2026, 11, 20))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(work, range(10))) == 1

    with transaction(world.organization):
        assert RecurringRun.objects.of(world.organization).filter(recurring_id=made.id).count() == 1


def test_a_moved_clock_over_a_year_with_outages_makes_each_month_once(world):
    made = recurring(world.alice, first_on="2026-01-31", act="draft")
    today, down = date(2026, 1, 1), {(2, 20), (5, 25), (9, 28)}
    while today < date(2027, 1, 1):
        # Three outages of five days.
        if not any(0 <= (today - date(2026, *since)).days < 5 for since in down):
            run(world, today)
        today += timedelta(days=1)

    after = get_recurring(made.id, by=world.alice)
    assert [one.period_start_on.month for one in reversed(after.runs)] == list(range(1, 13))
    assert faults(world.organization) == []


def test_a_paused_one_waits_and_catches_up_or_passes_over(world):
    one, two = (recurring(world.alice, first_on="2026-09-01") for _ in range(2))
    for each in (one, two):
        operations.pause_recurring(each.id, by=world.alice, at=make.NOW)
    assert run(world, date(2026, 11, 20)) == 0

    operations.resume_recurring(one.id, by=world.alice, at=make.NOW)
    operations.resume_recurring(two.id, by=world.alice, at=make.NOW, skip_missed=True)

    assert run(world, date(2026, 11, 20)) == 3
    after = get_recurring(two.id, by=world.alice)
    assert (after.made_count, after.next_on) == (0, date(2026, 12, 1))
    assert [run_.invoice_id for run_ in after.runs] == [None, None, None]
    assert faults(world.organization) == []


def test_it_ends_by_count_by_day_and_by_hand(world):
    twice = recurring(world.alice, first_on="2026-08-01", most=2)
    until = recurring(world.alice, first_on="2026-08-01", last_on="2026-08-31")
    ended = recurring(world.alice, first_on="2026-08-01")
    operations.end_recurring(ended.id, by=world.alice, at=make.NOW)

    assert run(world, date(2026, 11, 20)) == 3

    words = [get_recurring(one.id, by=world.alice).status for one in (twice, until, ended)]
    assert words == ["ended", "ended", "ended"]
    assert recurring_count(by=world.alice, state="ended", cap=10) == 3
    assert [one.id for one in list_recurring(by=world.alice, state="running")] == []


def test_what_cannot_be_issued_says_why_once_and_stops_nothing_else(world):
    # A foreign currency without a rate cannot be issued.
    bad = recurring(world.alice, pattern=pattern(world.alice, currency="USD"))
    good = recurring(world.alice)

    assert run(world, date(2026, 11, 20)) == 1
    assert run(world, date(2026, 11, 20)) == 0

    after = get_recurring(bad.id, by=world.alice)
    assert after.status == "troubled" and after.made_count == 0 and "rate" in after.problem
    assert get_recurring(good.id, by=world.alice).made_count == 1
    with transaction(world.organization):
        told = Event.objects.of(world.organization).filter(type="recurring.failed")
        assert told.count() == 1
    assert faults(world.organization) == []


def test_a_change_counts_from_the_next_period_on(world):
    made = recurring(world.alice)
    run(world, date(2026, 11, 20))
    version = get_recurring(made.id, by=world.alice).version
    values = {"name": "Hosting", "pattern": made.pattern, "first_on": "2026-11-01", "act": "draft"}

    changed = operations.save_recurring(
        by=world.alice, data=values, at=make.NOW, recurring_id=made.id, version=version
    )
    assert changed.act == "draft"
    with pytest.raises(operations.Running):
        operations.save_recurring(
            by=world.alice, data={**values, "unit": "year"}, at=make.NOW, recurring_id=made.id
        )
    with pytest.raises(Stale):
        operations.save_recurring(
            by=world.alice, data=values, at=make.NOW, recurring_id=made.id, version=version
        )


def test_an_invoice_is_repeated_as_it_stands(world):
    invoice = make.issued_invoice(world.alice)

    made = operations.repeat_invoice(
        invoice.id, by=world.alice, at=make.NOW, data={"name": "Again", "first_on": "2026-12-01"}
    )

    assert (made.gross_amount, made.partner_id) == (11900, invoice.partner_id)
    assert "number" not in made.pattern


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"unit": "moon"}, "/unit"),
        ({"every": 0}, "/every"),
        ({"last_on": "2026-10-31"}, "/last_on"),
        ({"last_on": "2027-10-31", "most": 3}, "/most"),
        ({"pattern": {"lines": []}}, "/pattern/client"),
        ({"act": "shout"}, "/act"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_every_fault_is_pointed_at(world, changes, pointer):
    with pytest.raises(Invalid) as refused:
        recurring(world.alice, **changes)

    assert pointer in {one.pointer for one in refused.value.problems}


def test_nobody_is_mailed_who_has_no_address(world):
    silent = make.client(world.alice, email="")

    with pytest.raises(Invalid) as refused:
        recurring(world.alice, act="send", pattern=pattern(world.alice, client=str(silent.id)))

    assert [one.code for one in refused.value.problems] == ["recurring.no_address"]


def test_others_neither_see_nor_touch_it(world):
    made = recurring(world.alice)

    for act in (
        lambda: get_recurring(made.id, by=world.mallory),
        lambda: operations.end_recurring(made.id, by=world.mallory, at=make.NOW),
        lambda: operations.resume_recurring(made.id, by=world.mallory, at=make.NOW),
    ):
        with pytest.raises(NoSuchRecurring):
            act()
    held = {"invoice.view", "invoice.create"}
    for act, more in (("issue", set()), ("send", {"invoice.issue"}), ("draft", {"-"})):
        few = held | more if act != "draft" else {"invoice.view"}
        somebody = replace(world.alice, permissions=frozenset(few))
        with pytest.raises(NotAllowed):
            recurring(somebody, act=act, pattern={"client": "x"})
    assert due_recurring(world.other, on=date(2030, 1, 1)) == []


def test_what_the_rules_would_refuse_is_not_issued_by_itself(world):
    client = make.client(world.alice, delivery_format="xrechnung-ubl")
    made = recurring(world.alice, first_on="2026-10-01")
    waits = recurring(
        world.alice, first_on="2026-10-01", pattern=pattern(world.alice, client=str(client.id))
    )

    assert run(world, date(2026, 10, 1)) == 1

    after = get_recurring(waits.id, by=world.alice)
    assert (after.made_count, after.runs) == (0, ())
    assert "BR-DE-15" in after.problem
    assert get_recurring(made.id, by=world.alice).made_count == 1
    assert faults(world.organization) == []
