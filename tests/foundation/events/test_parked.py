"""Events that somebody failed to hear for good: told again, or given up with a reason."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest

from guilder.foundation.audit import queries as audit
from guilder.foundation.events import bus, operations, queries
from guilder.foundation.events.models import PendingEvent
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from guilder.office.desk import queries as desk
from tests.make import NOW, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """A bell rang."""

    type: ClassVar[str] = "bell.rang"
    bell_id: UUID


class Ear:
    """Hears, once it is mended."""

    def __init__(self) -> None:
        self.__module__, self.__qualname__ = "guilder.office.webhooks.listeners", "on_event"
        self.is_broken, self.heard = True, 0

    def __call__(self, event: Any, **_: Any) -> None:
        if self.is_broken:
            raise RuntimeError("no ear; no hearing")
        self.heard += 1


def drain() -> None:
    while operations.tell_waiting():
        pass


def fail_for_good(organization_id: UUID) -> None:
    """Every attempt that there is, one after the other."""
    for _ in range(len(operations.WAITS) + 1):
        rows = PendingEvent.objects.filter(organization_id=organization_id, parked_at=None)
        rows.update(due_at=NOW)
        drain()


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    made = Ear()
    monkeypatch.setitem(bus.TYPES, Rang.type, Rang)
    monkeypatch.setitem(bus.LISTENERS, Rang.type, {bus.name_of(made): made})
    return made


@pytest.fixture
def parked(world: World, ear: Ear) -> UUID:
    """The id of an event that was tried as often as it is."""
    drain()
    event_id = bus.publish(Rang(bell_id=uuid7()), by=world.alice)
    fail_for_good(world.organization)
    drain()
    return event_id


def tasks(world: World) -> list[Any]:
    return [one for one in desk.list_tasks(by=world.alice, at=NOW) if one.kind == "event_parked"]


def test_it_is_listed_with_the_reason_and_put_before_an_admin(world: World, parked: UUID):
    [one] = queries.list_parked(world.organization)

    assert (one.id, one.type, one.heard) == (parked, "bell.rang", [])
    assert (
        one.problem
        == "guilder.office.webhooks.listeners.on_event: RuntimeError: no ear; no hearing"
    )
    assert [task.data["type"] for task in tasks(world)] == ["bell.rang"]
    assert queries.list_parked(world.mallory.organization_id) == []


def test_it_is_told_again_once_the_cause_is_mended(world: World, parked: UUID, ear: Ear):
    ear.is_broken = False

    operations.try_parked(parked, by=world.alice)
    drain()

    assert ear.heard == 1
    assert queries.list_parked(world.organization) == []
    assert tasks(world) == []
    with pytest.raises(queries.NoSuchParked):
        operations.try_parked(parked, by=world.alice)


def test_it_is_given_up_with_a_reason_that_is_kept(world: World, parked: UUID, ear: Ear):
    with pytest.raises(operations.ReasonMissing):
        operations.give_up(parked, by=world.alice, reason="  ")
    operations.give_up(parked, by=world.alice, reason="Their program is gone")
    ear.is_broken = False
    drain()

    assert ear.heard == 0
    assert tasks(world) == []
    assert queries.get_event(parked, world.organization).type == "bell.rang"
    with transaction(world.organization):
        [entry] = audit.list_entries(world.organization, row_id=parked)
    assert (entry.action, entry.after) == ("event.given_up", {"reason": "Their program is gone"})
    assert "no ear" in entry.before["problem"]


def test_others_neither_see_nor_touch_it(world: World, parked: UUID):
    for by in (world.mallory, world.bob):
        error = queries.NoSuchParked if by is world.mallory else NotAllowed
        with pytest.raises(error):
            operations.try_parked(parked, by=by)
        with pytest.raises(error):
            operations.give_up(parked, by=by, reason="No")


def test_what_tells_of_it_is_not_told_of_when_it_fails_itself(
    world: World, parked: UUID, monkeypatch: pytest.MonkeyPatch
):
    from guilder.foundation.events.events import EventParked

    broken = Ear()
    monkeypatch.setitem(bus.LISTENERS, EventParked.type, {bus.name_of(broken): broken})
    bus.publish(Rang(bell_id=uuid7()), by=world.alice)
    fail_for_good(world.organization)
    fail_for_good(world.organization)

    found = [one.type for one in queries.list_parked(world.organization)]
    assert found == ["event.parked", "bell.rang", "bell.rang"]
