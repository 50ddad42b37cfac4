"""Sums are found as if every choice of places were looked at, one after the other."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from guilder.flows.banking.calc import subset


def every_choice(amounts, total, *, most=2):
    """The same by brute force."""
    amounts = amounts[: subset.MOST_ITEMS]
    found, running, steps = [], 0, 0
    for end, amount in enumerate(amounts, start=1):
        running += amount
        if running == total and end > 1:
            found.append(tuple(range(end)))
    for size in range(2, len(amounts) + 1):
        for places in combinations(range(len(amounts)), size):
            steps += 1
            if len(found) >= most or steps > subset.MOST_STEPS:
                return found[:most]
            if sum(amounts[at] for at in places) == total and places not in found:
                found.append(places)
    return found[:most]


@given(
    amounts=st.lists(st.integers(1, 9), max_size=11),
    total=st.integers(1, 60),
    steps=st.sampled_from((0, 1, 7, 60, 500, 60_000)),
)
def test_it_is_what_every_choice_gives(amounts, total, steps):
    whole, subset.MOST_STEPS = subset.MOST_STEPS, steps
    try:
        assert subset.subsets_of(amounts, total) == every_choice(amounts, total)
    finally:
        subset.MOST_STEPS = whole
