"""Merging what a gateway tells of a charge, so that order and repetition do not matter.

Each fact only ever moves forward along its own line; the merge of two standings takes the further
one of each. It is commutative, associative and idempotent, hence any order of any number of
deliveries ends the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# A charge that failed may still be paid (the client tries another card); a paid one stays paid:
# what follows are refunds and chargebacks, facts of their own.
CHARGE = ("unknown", "pending", "failed", "succeeded")
# A bank can return a refund that had gone through.
BACK = ("unknown", "pending", "succeeded", "failed")
DISPUTE = ("open", "review", "won", "lost")


@dataclass(frozen=True, slots=True)
class Standing:
    """All that was told of a charge: its state, its fee, money given back and chargebacks by id."""

    state: str = "pending"
    fee: int = 0
    backs: Mapping[str, str] = field(default_factory=dict[str, str])
    chargebacks: Mapping[str, str] = field(default_factory=dict[str, str])


def later(line: tuple[str, ...], one: str, other: str) -> str:
    """The further one of two stations of a line."""
    return max(one, other, key=line.index)


def joined(one: Standing, other: Standing) -> Standing:
    """What two tellings come to together."""
    return Standing(
        state=later(CHARGE, one.state, other.state),
        fee=max(one.fee, other.fee),
        backs=merged(BACK, one.backs, other.backs),
        chargebacks=merged(DISPUTE, one.chargebacks, other.chargebacks),
    )


def merged(
    line: tuple[str, ...], one: Mapping[str, str], other: Mapping[str, str]
) -> dict[str, str]:
    """Each id with the further station of the two."""
    return {
        key: later(line, one.get(key, line[0]), other.get(key, line[0])) for key in {**one, **other}
    }
