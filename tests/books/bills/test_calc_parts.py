"""Levels of a whole bill, and shares that add up."""

from decimal import Decimal

from guilder.books.bills.calc import level, step
from guilder.kernel.document import Allowance, Tax
from guilder.kernel.money import Money


def test_a_level_takes_off_or_adds_and_has_a_name():
    tax = Tax(category="S", rate=Decimal(19))
    taken = level("allowance", Allowance(amount=Money(500, "EUR"), reason="Loyalty", tax=tax), -1)
    empty = level("charge", Allowance(tax=tax), 1)

    assert (taken.name, taken.kind) == ("Loyalty", "allowance")
    assert empty.name == "charge"


def test_a_step_of_nothing_is_nothing_and_steps_add_up():
    assert step(100, total=0, before=0, after=0) == 0
    # 100 in thirds of 3: 33, 34, 33
    assert [step(100, total=3, before=n, after=n + 1) for n in range(3)] == [33, 34, 33]
