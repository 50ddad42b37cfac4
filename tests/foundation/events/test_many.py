"""Many events at once are the rows that they are one by one."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    type: ClassVar[str] = "tree.grown"
    version: ClassVar[int] = 3

    tree_id: UUID
    on: date
    names: tuple[str, ...] = ()
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    type: ClassVar[str] = "tree.sold"

    tree_id: UUID | None
    price: Money
    shares: tuple[Money, ...] = ()


MONEY = st.builds(Money, st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
EVENTS = st.lists(
    st.builds(
        Grown, tree_id=st.uuids(), on=st.dates(), height=st.none() | st.integers(0, 999),
        names=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    )
    | st.builds(
        Sold, tree_id=st.none() | st.uuids(), price=MONEY,
        shares=st.lists(MONEY, max_size=2).map(tuple),
    ),
    max_size=4,
)  # fmt: skip
OWN = {"id", "sequence", "occurred_at"}


@given(events=EVENTS)
def test_many_rows_are_those_of_single_events_in_their_order(events):
    by = Actor(organization_id=uuid7(), user_id=uuid7(), source="api", request_id="r" * 80)
    many = [dict(zip(bus.COLUMNS, row, strict=True)) for row in bus.rows_of(events, by)]
    single = [dict(zip(bus.COLUMNS, bus.row_of(one, by), strict=True)) for one in events]

    for one, other in zip(many, single, strict=True):
        assert {**one, **dict.fromkeys(OWN)} == {**other, **dict.fromkeys(OWN)}
    assert [one["sequence"] for one in many] == sorted({one["sequence"] for one in many})
    assert len({one["id"] for one in many}) == len(events)


@given(events=EVENTS)
def test_an_event_is_spelled_as_its_fields_are(events):
    for one in events:
        assert msgspec.json.decode(bus.spelled(one)) == msgspec.to_builtins(bus.payload_of(one))
