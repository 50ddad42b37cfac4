"""Which of a client's open invoices a sum stands for: bounded search, no more steps than said."""

from collections.abc import Sequence
from itertools import combinations

MOST_ITEMS, MOST_STEPS = 24, 60_000


def subsets_of(amounts: Sequence[int], total: int, *, most: int = 2) -> list[tuple[int, ...]]:
    """Up to `most` sets of places, of two or more, whose amounts add up to `total`.

    All from the first on come first (who pays collects what is oldest), then the fewest parts.
    """
    amounts = amounts[:MOST_ITEMS]
    if not is_sum(amounts, total):  # most sums are none, and looking for them is what costs
        return []
    found: list[tuple[int, ...]] = []
    running = 0
    for end, amount in enumerate(amounts, start=1):
        running += amount
        if running == total and end > 1:
            found.append(tuple(range(end)))
    steps, where = 0, places_of(amounts)
    for size in range(1, len(amounts)):
        each = zip(
            combinations(range(len(amounts)), size), combinations(amounts, size), strict=True
        )
        for start, parts in each:
            last = start[-1]
            before, steps = steps, steps + len(amounts) - 1 - last
            for end in where.get(total - sum(parts), ()):
                # Each last place is a step; those beyond the allowed ones are not looked at.
                if last < end <= last + MOST_STEPS - before and (*start, end) not in found:
                    found.append((*start, end))
            if len(found) >= most or steps > MOST_STEPS:
                return found[:most]
    return found[:most]


def is_sum(amounts: Sequence[int], total: int) -> bool:
    """Whether any of the amounts add up to `total`: what the first half can add up to is looked for
    in what the second half leaves, a few thousand sums in place of all choices."""
    half = len(amounts) // 2
    rest = sums_of(amounts[half:])
    return any(total - one in rest for one in sums_of(amounts[:half]))


def sums_of(amounts: Sequence[int]) -> set[int]:
    """All that any of the amounts add up to, nothing among it."""
    sums = {0}
    for amount in amounts:
        sums |= {one + amount for one in sums}
    return sums


def places_of(amounts: Sequence[int]) -> dict[int, list[int]]:
    """Amount → where it stands, so that the last part of a sum is looked up, not sought."""
    where: dict[int, list[int]] = {}
    for at, amount in enumerate(amounts):
        where.setdefault(amount, []).append(at)
    return where
