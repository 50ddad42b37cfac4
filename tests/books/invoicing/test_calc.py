"""Pure rules of invoices that no other test needs a database for."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from guilder.books.invoicing import calc
from guilder.kernel.document import Allowance, Delivery, Party, Period, Withholding
from guilder.kernel.totals import calculate
from tests.kernel.papers import eur, line, paper

ON = date(2026, 11, 20)


def test_everything_that_keeps_a_paper_from_being_issued_is_told_at_once() -> None:
    bare = replace(paper(), seller=Party(), buyer=Party(), issued_on=ON, due_on=date(2026, 11, 1))

    codes = [problem.code for problem in calc.issue_problems(calculate(bare))]

    assert codes[:4] == [
        "invoicing.no_lines",
        "invoicing.seller_unnamed",
        "invoicing.seller_homeless",
        "invoicing.buyer_unnamed",
    ]
    assert len(codes) > 4


def test_a_line_with_its_tax_inside_has_no_net_by_itself() -> None:
    assert calc.net_of(line("2", "50"), "EUR") == 10000
    assert calc.net_of(line("2", "50", gross=True), "EUR") is None


def test_a_part_of_an_allowance_is_in_proportion() -> None:
    half = Decimal("0.5")

    assert calc.scaled(Allowance(percent=Decimal(10)), half) == Allowance(percent=Decimal(10))
    assert calc.scaled(Allowance(amount=eur("3.00")), half) == Allowance(amount=eur("1.50"))
    based = calc.scaled(Allowance(amount=eur("3.00"), base=eur("30.00")), half)
    assert (based.amount, based.base) == (eur("1.50"), eur("15.00"))
    levels = (Allowance(amount=eur("3.00")),)
    assert calc.without_amounts(levels, Decimal(1)) is levels
    assert calc.without_amounts(levels, half) == (Allowance(amount=eur("1.50")),)


def test_a_withholding_is_reckoned_anew() -> None:
    held = Withholding(reason="IRPF", percent=Decimal(15), amount=eur("15.00"))

    assert calc.scaled_withholding(held) == replace(held, amount=None)


def test_the_tax_day_is_that_of_the_tax_point_or_the_supply() -> None:
    plain = paper(line())
    early, late = date(2026, 10, 31), date(2026, 12, 31)
    delivered = replace(plain, delivery=Delivery(delivered_on=early))

    assert calc.tax_day(plain, issued_on=ON) == ON
    assert calc.tax_day(replace(delivered, tax_point_on=late), issued_on=ON) == late
    assert calc.tax_day(delivered, issued_on=ON) == early
    assert calc.tax_day(replace(plain, period=Period(end_on=early)), issued_on=ON) == early
    assert calc.tax_day(replace(plain, period=Period(end_on=late)), issued_on=ON) == ON


def test_steps_of_the_base_amount_add_up_exactly() -> None:
    steps = [
        calc.base_step(1000, payable=300, before=before, after=before + 100)
        for before in (0, 100, 200)
    ]

    assert sum(steps) == 1000
    assert calc.base_step(0, payable=0, before=0, after=0) == 0
