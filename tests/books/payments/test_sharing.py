"""A payment shared over what is owed."""

from datetime import date
from uuid import UUID

from guilder.books.payments import calc


def test_what_is_used_up_reaches_no_further_debt():
    owed = [calc.Owed(UUID(int=n), 100, date(2026, 1, n), None) for n in (1, 2)]

    assert calc.split(100, owed) == {UUID(int=1): 100}
