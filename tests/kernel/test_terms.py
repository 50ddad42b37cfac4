"""When money is due, in which parts, and what paying early saves."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.kernel.document import EarlyDiscount
from guilder.kernel.errors import Invalid
from guilder.kernel.money import Money, add_up
from guilder.kernel.period import (
    Due,
    NotTerms,
    Part,
    Terms,
    due_dates,
    due_on,
    offers,
    terms_dict,
    terms_of,
)

ISSUED = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (Due(), date(2026, 1, 20)),
        (Due(days=14), date(2026, 2, 3)),
        (Due(end_of_month=True), date(2026, 1, 31)),
        (Due(days=30, end_of_month=True), date(2026, 2, 28)),  # 19 Feb → end of February
        (Due(months=1), date(2026, 2, 20)),
        (Due(months=1, day_of_month=15), date(2026, 2, 15)),
        (Due(months=1, day_of_month=31), date(2026, 2, 28)),
        (Due(day_of_month=15), date(2026, 2, 15)),  # the 15th of January is over
        (Due(day_of_month=25), date(2026, 1, 25)),
        (Due(day_of_month=20), date(2026, 1, 20)),  # today will do
        (Due(months=2, end_of_month=True), date(2026, 3, 31)),
    ],
)
def test_a_due_day_is_reckoned_from_the_issue_date(due: Due, expected: date):
    assert due.on(ISSUED) == expected
    assert due_on(Terms(due=due), issued_on=ISSUED) == expected


def test_without_parts_all_is_due_at_once():
    (only,) = due_dates(Terms(due=Due(days=30)), issued_on=ISSUED, total=Money(11900, "EUR"))

    assert (only.due_on, only.amount) == (date(2026, 2, 19), Money(11900, "EUR"))


def test_percentages_of_the_whole_lose_no_cent():
    thirds = Terms(
        parts=(
            Part(percent=Decimal("33.33")),
            Part(percent=Decimal("33.33"), due=Due(months=1)),
            Part(percent=Decimal("33.34"), due=Due(months=2)),
        )
    )

    parts = due_dates(thirds, issued_on=ISSUED, total=Money(10001, "EUR"))

    # 10001 × .3333 = 3333.33…, × .3334 = 3334.33…: 3333 + 3333 + 3334 = 10000, the cent goes to
    # the largest remainder, .3334 × 10001 = 3334.3334 against .3333
    assert [part.amount.minor for part in parts] == [3333, 3333, 3335]
    assert due_on(thirds, issued_on=ISSUED) == date(2026, 3, 20)


def test_fixed_amounts_and_the_rest_come_in_the_order_of_their_days():
    terms = Terms(
        parts=(
            Part(due=Due(months=1)),
            Part(amount=Decimal(100), due=Due(days=3)),
            Part(percent=Decimal(50)),
            Part(due=Due(months=2)),
        )
    )

    parts = due_dates(terms, issued_on=ISSUED, total=Money(50005, "EUR"))

    # 50 % of 500.05 = 250.03; 500.05 − 100.00 − 250.03 = 150.02, in two
    assert [(part.due_on.isoformat(), str(part.amount)) for part in parts] == [
        ("2026-01-20", "250.03"),
        ("2026-01-23", "100.00"),
        ("2026-02-20", "75.01"),
        ("2026-03-20", "75.01"),
    ]


part_lists = st.lists(
    st.one_of(
        st.just(Part()),
        st.decimals("0.01", 20, places=2).map(lambda percent: Part(percent=percent)),
        st.decimals("0.01", 5, places=2).map(lambda amount: Part(amount=amount)),
    ),
    max_size=4,
)


@settings(max_examples=80, deadline=None)
@given(part_lists, st.integers(10_000, 10**9))
def test_instalments_always_add_up(parts: list[Part], minor: int):
    terms, total = Terms(parts=(Part(), *parts)), Money(minor, "EUR")

    assert add_up(one.amount for one in due_dates(terms, issued_on=ISSUED, total=total)) == total


@pytest.mark.parametrize(
    "parts",
    [
        (Part(amount=Decimal(100)),),  # 119.00 is owed
        (Part(amount=Decimal(200)), Part()),
        (Part(amount=Decimal("1.005")), Part()),
        (Part(percent=Decimal(50)), Part(amount=Decimal(1))),
    ],
)
def test_parts_that_do_not_fit_the_total_are_refused(parts: tuple[Part, ...]):
    with pytest.raises(NotTerms) as refusal:
        due_dates(Terms(parts=parts), issued_on=ISSUED, total=Money(11900, "EUR"))
    assert refusal.value.problems[0].pointer == "/parts"


def test_paying_early_saves_a_share_of_the_gross():
    discounts = [
        EarlyDiscount(days=14, percent=Decimal(2)),
        EarlyDiscount(days=7, percent=Decimal("3.5")),
    ]

    first, second = offers(discounts, issued_on=ISSUED, total=Money(11900, "EUR"))

    # 119.00 × 3.5 % = 4.165 → 4.17; × 2 % = 2.38
    assert (first.until, str(first.discount), str(first.payable)) == (
        date(2026, 1, 27),
        "4.17",
        "114.83",
    )
    assert (second.until, str(second.discount)) == (date(2026, 2, 3), "2.38")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"due": {"days": 30, "end_of_month": True}},
        {"due": {"months": 1, "day_of_month": 15}},
        {"discounts": [{"days": 10, "percent": "2.5"}]},
        {"parts": [{"due": {}, "percent": "30"}, {"due": {"days": 30}, "percent": "70"}]},
        {"parts": [{"due": {}, "amount": "99.50"}, {"due": {"days": 30}}]},
    ],
)
def test_terms_are_kept_as_plain_data(data: dict):
    assert terms_dict(terms_of(data)) == data


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"net": 30}, "/net"),
        ({"due": {"days": -1}}, "/due/days"),
        ({"due": {"days": "soon"}}, "/due/days"),
        ({"due": {"day_of_month": 32}}, "/due/day_of_month"),
        ({"due": {"day_of_month": 3, "end_of_month": True}}, "/due/end_of_month"),
        ({"due": 30}, "/due"),
        ({"discounts": [{"days": 10}]}, "/discounts/0/percent"),
        ({"discounts": [{"days": 10, "percent": "100"}]}, "/discounts/0/percent"),
        ({"parts": [{"percent": "30", "amount": "1"}, {}]}, "/parts/0/amount"),
        ({"parts": [{"percent": "30"}]}, "/parts"),
        ({"parts": [{"percent": "60"}, {"percent": "60"}, {}]}, "/parts"),
    ],
)
def test_terms_that_nobody_can_keep_are_pointed_at(data: dict, pointer: str):
    with pytest.raises(NotTerms) as refusal:
        terms_of(data)
    assert isinstance(refusal.value, Invalid)
    assert pointer in [problem.pointer for problem in refusal.value.problems]
