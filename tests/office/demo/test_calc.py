"""The plan of the demo: in order, without holes, within its days, and to the cent."""

from decimal import Decimal

import pytest

from guilder.office.demo import calc
from guilder.office.demo.cast import CLIENTS


def test_sales_come_in_order_and_none_is_left_out():
    sales = calc.sales()

    assert [one.place for one in sales] == list(range(1 - calc.SALES_BEFORE, calc.SALES + 1))
    assert [one.day for one in sales] == sorted(one.day for one in sales)
    assert sales[0].day == calc.FIRST_DAY
    assert sales[-1].day == 0


def test_every_sale_is_to_somebody_of_the_cast_and_has_lines():
    known = {one.key for one in CLIENTS}

    for one in calc.sales():
        assert one.client in known
        assert one.lines


def test_nothing_is_paid_before_it_is_billed_or_after_today():
    for one in calc.sales():
        for paid in one.payments:
            assert one.day <= paid.day <= 0


def test_no_goods_cross_the_unions_border():
    goods = {one.code for one in calc.GOODS}
    countries = {one.key: one.country for one in CLIENTS}

    for one in calc.sales():
        if countries[one.client] in calc.ABROAD:
            assert not {line.item for line in one.lines} & goods


def test_a_project_comes_to_its_net():
    lines = calc.project("5282.63", hours=16, price="128.00", subject="bar")

    assert sum(Decimal(one.quantity) * Decimal(one.price) for one in lines) == Decimal("5282.63")


def test_a_day_outside_the_plan_is_a_bug():
    with pytest.raises(ValueError, match="1000"):
        calc.day_of(1000)


def test_rates_wander_a_little_and_end_at_their_base():
    rates = [Decimal(calc.rate("1.1568", day)) for day in range(calc.FIRST_DAY, 1)]

    assert len(set(rates)) > 10
    assert all(abs(one / Decimal("1.1568") - 1) <= Decimal("0.0121") for one in rates)
    assert calc.rate("1.1568", 0) == "1.156800"


def test_a_place_beyond_the_last_anchor_has_no_day():
    import pytest

    from guilder.office.demo import calc as sales

    with pytest.raises(ValueError, match="1000000"):
        sales.day_of(1_000_000)
