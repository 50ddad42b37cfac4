"""Money: exact, rounded half away from zero, split without loss."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guilder.kernel.currencies import UnknownCurrency
from guilder.kernel.money import (
    MAX_MINOR,
    Money,
    UnlikeCurrencies,
    add_up,
    checked,
    decimal_of,
    half_up,
)

minors = st.integers(-(10**14), 10**14)
quick = settings(max_examples=80, deadline=None)


def half_away(value: Fraction) -> int:
    """The oracle: floor of the size plus a half, with the sign put back."""
    size = (abs(value) + Fraction(1, 2)).__floor__()
    return -size if value < 0 else size


@quick
@given(st.decimals(-(10**12), 10**12, places=5))
@example(Decimal("2.5"))
@example(Decimal("-2.5"))
@example(Decimal("-0.5"))
def test_rounding_is_half_away_from_zero(value: Decimal):
    assert half_up(value) == half_away(Fraction(value))


@quick
@given(minors, st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_parts_add_up_to_the_whole_and_stray_less_than_one_unit(minor: int, weights: list[int]):
    whole = Money(minor, "EUR")

    parts = whole.allocate(weights)

    assert add_up(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(minor * weight, sum(weights))) < 1


def test_the_largest_remainder_gets_the_cent():
    # 100 ÷ 3 = 33.33…, so the first of three equals carries the cent
    assert [part.minor for part in Money(100, "EUR").allocate([1, 1, 1])] == [34, 33, 33]
    # -100 × 1/6 = -16.67, × 5/6 = -83.33: the larger remainder is the first's
    assert [part.minor for part in Money(-100, "EUR").allocate([1, 5])] == [-17, -83]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [Decimal(-1)]])
def test_weights_that_share_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="Weights"):
        Money(1, "EUR").allocate(weights)


@quick
@given(minors, st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_written_and_read_again_it_is_the_same(minor: int, currency: str):
    money = Money(minor, currency)

    assert Money.of(str(money), currency) == money
    assert Money.of(money.amount, currency) == money


def test_it_is_written_with_the_decimals_of_its_currency():
    assert [str(Money(5, code)) for code in ("EUR", "JPY", "KWD", "CLF")] == [
        "0.05",
        "5",
        "0.005",
        "0.0005",
    ]
    assert str(Money.of("-12", "EUR")) == "-12.00"


def test_more_decimals_than_the_currency_has_are_refused_or_rounded():
    with pytest.raises(ValueError, match="more decimals"):
        Money.of("1.005", "EUR")
    assert Money.rounded(Decimal("1.005"), "EUR") == Money(101, "EUR")
    assert Money.rounded(Decimal("-1.005"), "EUR") == Money(-101, "EUR")


def test_a_currency_that_nobody_knows_is_refused():
    with pytest.raises(UnknownCurrency):
        Money.of("1", "XXX")


def test_arithmetic_keeps_the_currency():
    three, five = Money(300, "EUR"), Money(500, "EUR")

    assert three + five == Money(800, "EUR")
    assert three - five == Money(-200, "EUR")
    assert -three == Money(-300, "EUR")
    assert abs(-three) == three
    assert three * 3 == 3 * three == Money(900, "EUR")
    assert three * Decimal("0.115") == Money(35, "EUR")  # 34.5 → 35
    assert three < five
    assert three <= three
    assert five > three
    assert five >= five
    assert three
    assert not Money.zero("EUR")


@pytest.mark.parametrize(
    "meet",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        lambda a, b: add_up([a, b]),
    ],
)
def test_unlike_currencies_never_meet(meet):
    with pytest.raises(UnlikeCurrencies):
        meet(Money(1, "EUR"), Money(1, "USD"))


def test_a_sum_of_nothing_is_zero_of_a_named_currency_only():
    assert add_up([], "EUR") == Money(0, "EUR")
    with pytest.raises(ValueError, match="needs a currency"):
        add_up([])


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "x", "1e3", "1E-3", "1_000", "NaN", "Infinity", "-inf", "1,5", "٣", "0x10"),
        *("1" * 41, "1" * 19, "0.0000000000001", "--1", "1.2.3"),
    ],
)
def test_what_is_not_a_plain_number_is_refused(text: str):
    with pytest.raises(ValueError, match="number"):
        decimal_of(text)


def test_special_decimals_and_floats_are_refused():
    with pytest.raises(ValueError, match="finite"):
        decimal_of(Decimal("NaN"))
    with pytest.raises(TypeError):
        decimal_of(1.5)  # pyright: ignore[reportArgumentType]


def test_plain_numbers_are_read():
    assert decimal_of("12.50") == Decimal("12.5")
    assert decimal_of(7) == Decimal(7)
    assert str(decimal_of("-0")) == "0"


def test_what_a_bigint_cannot_hold_is_refused():
    assert checked(MAX_MINOR) == MAX_MINOR
    with pytest.raises(OverflowError):
        checked(-MAX_MINOR - 1)


@given(minor=st.integers(-(10**18), 10**18), currency=st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_the_text_of_an_amount_is_its_decimal(minor, currency):
    money = Money(minor, currency)

    assert str(money) == f"{money.amount:f}"
