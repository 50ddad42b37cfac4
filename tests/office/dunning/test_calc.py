"""Which step is due, and interest by law, worked by hand."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.kernel.money import Money
from guilder.office.dunning import calc
from guilder.office.dunning.calc import NoRate, Principal, Rate, Step

LADDER = [Step(1, -3, "notice"), Step(2, 5), Step(3, 19), Step(4, 33)]
DUE = date(2025, 5, 31)
GERMAN = calc.statute_of("DE", is_business=True, on=date(2025, 6, 1))


def due(on: date, *, reached: int = 0, rests: date | None = None) -> int:
    """The level that is due on a day, 0 for none."""
    found = calc.due_step(LADDER, due_on=DUE, reached=reached, rests_until=rests, on=on)
    return found.level if found else 0


def test_each_step_comes_on_its_day():
    assert due(date(2025, 5, 27)) == 0
    assert due(date(2025, 5, 28)) == 1
    assert due(date(2025, 6, 4), reached=1) == 0
    assert due(date(2025, 6, 5), reached=1) == 2


def test_only_the_latest_step_is_sent_after_a_while_of_silence():
    assert due(date(2025, 7, 10), reached=1) == 4


def test_what_announces_a_due_date_never_comes_after_it():
    assert due(DUE) == 1
    assert due(DUE + timedelta(days=1)) == 0


def test_no_letter_comes_before_the_last_one_has_run_out():
    rests = date(2025, 6, 24)

    assert due(date(2025, 6, 24), reached=2, rests=rests) == 0
    assert due(date(2025, 6, 25), reached=2, rests=rests) == 3


def test_the_next_letter_is_told_beforehand():
    found = calc.next_step(
        LADDER, due_on=DUE, reached=2, rests_until=date(2025, 6, 25), on=date(2025, 6, 10)
    )

    assert found == (date(2025, 6, 26), LADDER[2])
    assert calc.next_step(LADDER, due_on=DUE, reached=4, rests_until=None, on=DUE) is None


@given(
    outages=st.sets(st.integers(-10, 80), max_size=60),
    gives=st.integers(0, 20),
)
def test_no_silence_makes_a_step_come_twice_or_backwards(outages: set[int], gives: int):
    days = [DUE + timedelta(days=one) for one in range(-10, 80) if one not in outages]

    sent = calc.stages(LADDER, due_on=DUE, days=days, gives=gives)

    levels = [level for _day, level in sent]
    assert levels == sorted(set(levels))
    assert all(b > a + timedelta(days=gives) for (a, _), (b, _) in pairwise(sent))
    if days and days[-1] >= DUE + timedelta(days=75):
        assert levels[-1:] == [4] or gives > 9


def test_german_interest_across_a_change_of_the_base_rate():
    assert GERMAN is not None
    rates = calc.rates_of(GERMAN, ())

    grown = calc.interest(
        [Principal(date.min, 1190_00)], rates,
        start_on=date(2025, 6, 1), end_on=date(2025, 7, 30), currency="EUR",
    )  # fmt: skip

    # 30 days at 9 + 2.27, 30 days at 9 + 1.27: 1190 × (338.1 + 308.1) / 36500 = 21.0679
    assert grown.amount == Money.of("21.07", "EUR")
    assert [(one.days, one.percent) for one in grown.spans] == [
        (30, Decimal("11.27")),
        (30, Decimal("10.27")),
    ]


def test_interest_on_what_is_left_after_a_part_payment():
    assert GERMAN is not None
    debt = [Principal(date.min, 1190_00), Principal(date(2025, 7, 11), 690_00)]

    grown = calc.interest(
        debt, calc.rates_of(GERMAN, ()),
        start_on=date(2025, 6, 1), end_on=date(2025, 7, 30), currency="EUR",
    )  # fmt: skip

    # 1190 × 30 × 11.27 / 36500 = 11.0230; 1190 × 10 × 10.27 / 36500 = 3.3483;
    # 690 × 20 × 10.27 / 36500 = 3.8829; together 18.2542
    assert grown.amount == Money.of("18.25", "EUR")


@pytest.mark.parametrize(
    ("country", "is_business", "on", "percent"),
    [
        ("DE", True, date(2025, 6, 1), "11.27"),
        ("DE", False, date(2025, 6, 1), "7.27"),
        ("FR", True, date(2024, 7, 1), "14.25"),  # 4.25 + 10
        ("NL", True, date(2025, 12, 31), "10.15"),
        ("BE", True, date(2025, 1, 1), "11.5"),  # 11.15, rounded up to the next half
        ("BE", True, date(2025, 7, 1), "10.5"),
        ("GB", True, date(2026, 1, 1), "11.75"),  # 3.75 + 8
        ("CH", False, date(2026, 11, 1), "5"),
    ],
)
def test_the_rate_of_a_day(country: str, is_business: bool, on: date, percent: str):
    statute = calc.statute_of(country, is_business=is_business, on=on)
    assert statute is not None

    assert calc.interest(
        [Principal(date.min, 365_00)], calc.rates_of(statute, ()),
        start_on=on, end_on=on, currency="GBP" if country == "GB" else "EUR",
    ).spans[0].percent == Decimal(percent)  # fmt: skip


def test_british_interest_worked_by_hand():
    statute = calc.statute_of("GB", is_business=True, on=date(2026, 1, 1))
    assert statute is not None

    grown = calc.interest(
        [Principal(date.min, 1000_00)], calc.rates_of(statute, ()),
        start_on=date(2026, 1, 1), end_on=date(2026, 1, 31), currency="GBP",
    )  # fmt: skip

    assert grown.amount == Money.of("9.98", "GBP")  # 1000 × 31 × 11.75 / 36500 = 9.9795


def test_a_half_year_that_nobody_knows_is_not_guessed():
    assert GERMAN is not None

    with pytest.raises(NoRate) as caught:
        calc.interest(
            [Principal(date.min, 100_00)], calc.rates_of(GERMAN, ()),
            start_on=date(2026, 6, 1), end_on=date(2026, 7, 2), currency="EUR",
        )  # fmt: skip

    assert caught.value.on == date(2026, 7, 1)


def test_a_typed_rate_is_taken_for_its_half_year():
    assert GERMAN is not None
    rates = calc.rates_of(GERMAN, [(date(2026, 7, 1), Decimal("1.50"))])

    grown = calc.interest(
        [Principal(date.min, 100_00)], rates,
        start_on=date(2026, 6, 30), end_on=date(2026, 7, 1), currency="EUR",
    )  # fmt: skip

    assert [one.percent for one in grown.spans] == [Decimal("10.27"), Decimal("10.50")]


@pytest.mark.parametrize(
    ("debts", "currency", "total"),
    [
        ([999_99], "GBP", 40_00),
        ([1_000_00, 10_000_00], "GBP", 170_00),
        ([500_00, 600_00], "EUR", 0),  # the British sums are in pounds
    ],
)
def test_the_lump_sum_goes_by_the_size_of_each_debt(debts: list[int], currency: str, total: int):
    statute = calc.statute_of("GB", is_business=True, on=date(2026, 1, 1))
    assert statute is not None

    assert calc.lump_sum(statute, debts, currency=currency) == total


def test_a_country_that_we_do_not_know_has_no_rate():
    assert calc.statute_of("US", is_business=True, on=DUE) is None


@given(
    days=st.integers(1, 400),
    cuts=st.lists(st.integers(1, 399), max_size=4),
    amount=st.integers(1, 10**9),
)
def test_cutting_the_days_into_spans_changes_nothing(days: int, cuts: list[int], amount: int):
    """Rates that change to the same rate are no change: the sum is exact before it is rounded."""
    first = date(2024, 1, 1)
    whole = [Rate(date.min, Decimal("8.5"))]
    cut = whole + [Rate(first + timedelta(days=one), Decimal("8.5")) for one in sorted(set(cuts))]
    span = {"start_on": first, "end_on": first + timedelta(days=days - 1), "currency": "EUR"}
    debt = [Principal(date.min, amount)]

    assert calc.interest(debt, whole, **span).amount == calc.interest(debt, cut, **span).amount
