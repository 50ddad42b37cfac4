"""Proposals over thousands of labelled lines: how often they are right, class by class."""

import secrets
from collections import Counter

from guilder.flows.banking import calc
from tests.flows.banking.labelled import Labelled, make_set
from tests.stories.running import is_full_size

LINES = 5_000 if is_full_size() else 500


def is_right(one: Labelled, found: calc.Proposal | None) -> bool:
    """Whether the proposal is what the line really pays."""
    if found is None:
        return not one.pays or one.kind == "twice"
    return frozenset(part.id for part in found.parts) == one.pays


def test_exact_ones_are_right_and_most_first_proposals_too():
    seed = secrets.randbelow(1 << 32)
    made = make_set(seed, lines=LINES)
    found = calc.propose_all([one.line for one in made.lines], made.known)

    told: Counter[str] = Counter()
    right: Counter[str] = Counter()
    proposed: Counter[str] = Counter()
    exact = exact_right = 0
    for one in made.lines:
        proposal = found.get(one.line.id)
        told[one.kind] += 1
        right[one.kind] += is_right(one, proposal)
        proposed[one.kind] += proposal is not None
        if proposal is not None and proposal.score >= calc.EXACT:
            exact += 1
            exact_right += is_right(one, proposal)
    print(f"\nseed {seed}, {LINES} lines, exact {exact_right} of {exact}")
    for kind in sorted(told):
        print(f"  {kind:13} right {right[kind]:5} of {told[kind]:5}, proposed {proposed[kind]:5}")
    payable = [one for one in made.lines if one.pays]
    strangers = [one for one in made.lines if not one.pays]
    right_first = sum(is_right(one, found.get(one.line.id)) for one in payable)
    left_alone = sum(is_right(one, found.get(one.line.id)) for one in strangers)

    assert len(strangers) * 100 >= 15 * len(made.lines)
    assert exact_right * 1000 >= 999 * exact
    assert exact * 2 >= len(payable)  # not right by saying little
    assert right_first * 100 >= 90 * len(payable)
    assert left_alone * 100 >= 97 * len(strangers)


def test_no_more_is_proposed_of_an_invoice_than_is_open():
    made = make_set(secrets.randbelow(1 << 32), lines=300)
    twins = [one.line for one in made.lines] * 2
    lines = [line if place < 300 else again(line) for place, line in enumerate(twins)]
    left = {debt_id: debt.left for debt_id, debt in made.known.debts.items()}
    for proposal in calc.propose_all(lines, made.known).values():
        for part in proposal.parts:
            left[part.id] -= part.amount

    assert min(left.values()) >= 0


def again(line: calc.Line) -> calc.Line:
    """The same once more, as a line of its own."""
    from msgspec.structs import replace

    from guilder.foundation.tenancy.ids import uuid7

    return replace(line, id=uuid7())
