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
    steps, where = 0, places_of(amounts)
    for size in range(1, len(amounts)):
        for start in combinations(range(len(amounts)), size):
            last = start[-1]
            before, steps = steps, steps + len(amounts) - 1 - last
            for end in where.get(total - sum(amounts[at] for at in start), ()):
                # Each last place is a step; those beyond the allowed ones are not looked at.
                if last < end <= last + MOST_STEPS - before and (*start, end) not in found:
                    found.append((*start, end))
            if len(found) >= most or steps > MOST_STEPS:
                return found[:most]
    return found[:most]


def places_of(amounts: Sequence[int]) -> dict[int, list[int]]:
    """Amount → where it stands, so that the last part of a sum is looked up, not sought."""
    where: dict[int, list[int]] = {}
    for at, amount in enumerate(amounts):
        where.setdefault(amount, []).append(at)
    return where
