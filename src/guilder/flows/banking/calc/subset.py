"""Which of a client's open invoices a sum stands for: bounded search, no more steps than said."""

from collections.abc import Sequence
from itertools import combinations

MOST_ITEMS, MOST_STEPS = 24, 60_000


def subsets_of(amounts: Sequence[int], total: int, *, most: int = 2) -> list[tuple[int, ...]]:
    """Up to `most` sets of places, of two or more, whose amounts add up to `total`.

    All from the first on come first (who pays collects what is oldest), then the fewest parts.
    """
    amounts = amounts[:MOST_ITEMS]
    found: list[tuple[int, ...]] = []
    running = 0
    for end, amount in enumerate(amounts, start=1):
        running += amount
        if running == total and end > 1:
            found.append(tuple(range(end)))
    steps = 0
    for size in range(2, len(amounts) + 1):
        for places in combinations(range(len(amounts)), size):
            steps += 1
            if len(found) >= most or steps > MOST_STEPS:
                return found[:most]
            if sum(amounts[at] for at in places) == total and places not in found:
                found.append(places)
    return found[:most]
