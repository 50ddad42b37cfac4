"""Numbers: patterns and periods (pure), series kept, and no gap whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from guilder.registers.numbering import calc, queries
from guilder.registers.numbering import operations as numbering
from tests import make
from tests.books.proofs import faults

DAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("pattern", "value", "text"),
    [
        ("INV-{year}-{counter:05d}", 7, "INV-2026-00007"),
        ("{counter}", 7, "7"),
        ("{counter:03d}", 12345, "12345"),
        ("{year}{month}/{counter:02d}-{branch}", 3, "202603/03-HH"),
        ("A{counter}B", 0, "A0B"),
    ],
)
def test_a_pattern_gives_its_number(pattern, value, text):
    assert calc.shape(pattern, on=DAY, branch="HH").text(value) == text


@pytest.mark.parametrize(
    ("pattern", "period", "codes"),
    [
        ("INV", "none", {"numbering.one_counter"}),
        ("{counter}{counter}", "none", {"numbering.one_counter"}),
        ("{day}{counter}", "none", {"numbering.unknown_placeholder"}),
        ("{counter:5d}", "none", {"numbering.one_counter", "numbering.unknown_placeholder"}),
        ("{counter}}", "none", {"numbering.unknown_placeholder"}),
        (" {counter}", "none", {"numbering.strange_characters"}),
        ("Nº{counter}", "none", {"numbering.strange_characters"}),
        ("{counter}", "year", {"numbering.period_missing"}),
        ("{year}{counter}", "month", {"numbering.period_missing"}),
        ("x" * 61 + "{counter}", "none", {"numbering.too_long"}),
        ("{year}-{counter}", "year", set()),
    ],
)
def test_a_bad_pattern_is_told(pattern, period, codes):
    assert {one.code for one in calc.pattern_problems(pattern, period=period)} == codes


@given(st.dates())
def test_a_period_is_part_of_its_day(day):
    assert calc.period_of("none", day) == ""
    assert day.isoformat().startswith(calc.period_of("year", day))
    assert day.isoformat().startswith(calc.period_of("month", day))


@given(st.binary(min_size=32, max_size=32), st.text(), st.text(min_size=1), st.dates())
def test_sql_links_the_chain_as_python_does(db, previous, series, number, day):
    if "\x00" in series + number or any("\ud800" <= c <= "\udfff" for c in series + number):
        return
    row = (
        cursor()
        .execute(
            "SELECT numbering_link(%s::bytea, %s::text, %s::text, %s::date, %s::bytea)",
            [previous, series, number, day, bytes(32)],
        )
        .fetchone()
    )

    assert row[0] == canonical.chain_hash(
        previous, series=series, number=number, issued_on=day, content_hash=bytes(32)
    )


@given(st.integers(0, 10**15), st.integers(1, 20))
def test_sql_writes_a_number_as_python_does(db, value, digits):
    row = (
        cursor()
        .execute("SELECT numbering_text('A-', %s::bigint, %s::integer, '/B')", [value, digits])
        .fetchone()
    )

    assert row[0] == calc.Shape("A-", digits, "/B").text(value)


def series_of(world, kind="invoice"):
    with transaction(world.organization):
        return next(
            one for one in queries.list_series(world.organization)
            if one.kind == kind and one.is_default
        )  # fmt: skip


def test_the_next_number_is_shown_without_taking_it(world):
    series = series_of(world)

    with transaction(world.organization):
        shown = [queries.next_number(world.organization, series, on=make.TODAY) for _ in range(2)]

    assert shown == ["INV-2026-00001"] * 2
    assert make.issued_invoice(world.alice).number == "INV-2026-00001"
    with transaction(world.organization):
        assert queries.next_number(world.organization, series, on=make.TODAY) == "INV-2026-00002"


def test_a_series_starts_at_any_number_and_resets_each_month(world):
    numbering.create_series(
        by=world.alice,
        data={
            "kind": "invoice", "code": "M", "pattern": "{year}{month}-{counter:03d}",
            "period": "month", "start_at": 100, "is_default": True,
        },
    )  # fmt: skip

    made = [
        make.issued_invoice(world.alice, on=on).number
        for on in (date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1))
    ]

    assert made == ["202610-100", "202610-101", "202611-100"]
    assert faults(world.organization) == []


def test_a_series_is_changed_as_long_as_nothing_rests_on_it(world):
    series = series_of(world)
    changed = numbering.update_series(
        series.id, by=world.alice, data={"pattern": "R{year}{counter}"}, version=1
    )
    assert changed.version == 2
    assert make.issued_invoice(world.alice).number == "R20261"

    with pytest.raises(numbering.SeriesInUse):
        numbering.update_series(series.id, by=world.alice, data={"start_at": 5})
    with pytest.raises(Stale):
        numbering.update_series(series.id, by=world.alice, data={}, version=1)
    again = numbering.update_series(series.id, by=world.alice, data={"pattern": "S{year}{counter}"})
    assert make.issued_invoice(world.alice).number == "S20262"
    assert again.code == "INV"


def test_a_pattern_that_gives_an_old_number_again_is_refused(world):
    make.issued_invoice(world.alice)
    numbering.create_series(
        by=world.alice,
        data={"kind": "invoice", "code": "Z", "pattern": "INV-{year}-{counter:05d}",
              "period": "year", "is_default": True},
    )  # fmt: skip

    with pytest.raises(invoicing.NumberTaken):
        make.issued_invoice(world.alice)


def test_refusals(world):
    series = series_of(world)

    with pytest.raises(NotAllowed):
        numbering.create_series(by=world.bob, data={})
    with pytest.raises(NotFound):
        numbering.update_series(series.id, by=world.mallory, data={})
    with pytest.raises(numbering.SeriesCodeTaken):
        numbering.create_series(
            by=world.alice, data={"kind": "invoice", "code": "INV", "pattern": "{counter}"}
        )
    with pytest.raises(Invalid) as caught:
        numbering.create_series(by=world.alice, data={"kind": "poem", "pattern": "x", "n": 1})
    assert {one.pointer for one in caught.value.problems} == {"/n", "/kind", "/code", "/pattern"}


def test_without_a_series_nothing_is_issued(world):
    numbering.update_series(series_of(world).id, by=world.alice, data={"is_active": False})

    with pytest.raises(queries.NoSeries):
        make.issued_invoice(world.alice)


def issue_many(world, count, workers, *, spoil=lambda n: False):
    client = make.client(world.alice)
    drafts = [make.draft(world.alice, client_id=client.id) for _ in range(count)]

    def one(numbered):
        n, draft = numbered
        try:
            with transaction(world.organization):
                made = invoicing.issue_invoice(draft.id, by=world.alice, at=make.NOW, on=make.TODAY)
                if spoil(n):
                    raise RuntimeError("the world ends before the commit")
                return made.number
        except RuntimeError:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return [number for number in pool.map(one, enumerate(drafts)) if number]


def test_64_clients_leave_no_gap_and_no_double(world):
    numbers = issue_many(world, 192, 64)

    assert sorted(numbers) == [f"INV-2026-{n:05d}" for n in range(1, 193)]
    assert faults(world.organization) == []


def test_what_is_rolled_back_leaves_no_gap(world):
    numbers = issue_many(world, 60, 16, spoil=lambda n: n % 3 == 0)

    assert sorted(numbers) == [f"INV-2026-{n:05d}" for n in range(1, 41)]
    assert [one.missing for one in invoices.gap_report(by=world.alice)] == [[]]
    assert faults(world.organization) == []


def test_without_the_counters_lock_numbers_collide(world, monkeypatch):
    """The negative control: a counter that is read without its lock must fail the test above."""
    locked = "ON CONFLICT (organization_id, series_id, period) DO UPDATE SET"
    start = numbering.NUMBERED.index("numbered AS (") + len("numbered AS (")
    assert locked in numbering.NUMBERED
    unlocked = (
        numbering.NUMBERED[:start]
        + """
  SELECT coalesce((SELECT last_value FROM numbering_counter WHERE organization_id =
      %(organization)s::uuid AND series_id = %(series_id)s::uuid), 0) + 1 AS sequence,
    %(genesis)s::bytea AS previous_hash, %(content_hash)s::bytea AS chain_hash,
    numbering_text(%(prefix)s::text, coalesce((SELECT last_value FROM numbering_counter
      WHERE organization_id = %(organization)s::uuid AND series_id = %(series_id)s::uuid), 0) + 1,
      %(digits)s::integer, %(suffix)s::text) AS number, pg_sleep(0.01)
), moved AS (
  INSERT INTO numbering_counter (organization_id, id, series_id, period, last_value,
    last_issued_on, chain_hash, previous_hash)
  SELECT %(organization)s::uuid, %(counter_id)s::uuid, %(series_id)s::uuid, %(period)s::text,
    numbered.sequence, %(issued_on)s::date, sha256(random()::text::bytea), numbered.previous_hash
  FROM numbered, (SELECT %(start_at)s::bigint, %(series_code)s::text) AS unused
  ON CONFLICT (organization_id, series_id, period) DO UPDATE SET
    last_value = numbering_counter.last_value + 1, chain_hash = EXCLUDED.chain_hash
)"""
    )
    monkeypatch.setattr(numbering, "NUMBERED", unlocked)

    with pytest.raises(Exception) as caught:
        issue_many(world, 64, 16)

    assert "invoice_number_once" in str(caught.value) or "NumberTaken" in repr(caught.value)
