"""What happened in an organization, read so that nothing is missed: and for whom it is.

Events take their sequence inside their transaction and are seen with its commit, so one of a lower
sequence may be seen later. `floor` therefore stays behind the oldest transaction under way; what
lies above it and was read is remembered, so that a second look gives only what is new.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from guilder.books.invoicing.queries.owners import owners_of
from guilder.books.payments.queries.touched import invoices_of_payments
from guilder.faces.web.live.topics import Telling, may_hear, tellings
from guilder.foundation.events import queries as events
from guilder.foundation.events.queries import Happened
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties.queries import reach_of

SECOND = 1_000_000_000
MARGIN = 2 * SECOND  # how far clocks of machines may lie apart
REACH = 15 * 60 * SECOND  # nothing is caught up from longer ago; the page fetches itself whole
MOST = 1000  # events at once; more is "anything may have changed"
ANYTHING = "*"


@dataclass(slots=True)
class Place:
    """How far one organization has been read."""

    floor: int
    seen: dict[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """What happened, with what is needed to say who hears it. `is_flood`: too much to name."""

    events: tuple[tuple[Happened, tuple[Telling, ...]], ...] = ()
    owners: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    is_flood: bool = False

    def __bool__(self) -> bool:
        return bool(self.events) or self.is_flood


def horizon() -> int:
    """The sequence behind which everything still to come lies."""
    return events.horizon() - MARGIN


def begin(organization_id: UUID) -> Place:
    """A place at the present: what is there already counts as read."""
    place = Place(horizon())
    for event in events.happened_since(organization_id, after=place.floor, limit=MOST):
        place.seen[event.id] = event.sequence
    return place


def read_on(organization_id: UUID, place: Place, *, floor: int) -> Batch:
    """What is new since the last look; `floor` is a horizon taken before. Moves the place."""
    found = events.happened_since(
        organization_id, after=place.floor, seen=place.seen, limit=MOST + 1
    )
    place.seen.update((event.id, event.sequence) for event in found)
    is_flood = len(found) > MOST
    place.floor = max(place.floor, min(floor, found[-1].sequence) if is_flood else floor)
    place.seen = {one: at for one, at in place.seen.items() if at > place.floor}
    return batch_of(organization_id, found, is_flood=is_flood)


def caught_up(organization_id: UUID, *, after: int, now: int) -> Batch:
    """Everything with a later sequence than `after`; a flood where that is long ago."""
    if after < now - REACH:
        return Batch(is_flood=True)
    found = events.happened_since(organization_id, after=after, limit=MOST + 1)
    return batch_of(organization_id, found, is_flood=len(found) > MOST)


def batch_of(organization_id: UUID, found: list[Happened], *, is_flood: bool) -> Batch:
    """Events with their tellings, and whose the papers are that they name."""
    if is_flood:
        return Batch(is_flood=True)
    if not found:
        return Batch()
    with transaction(organization_id):
        paid = invoices_of_payments(
            organization_id,
            [one.subject_id for one in found if one.type.startswith("payment.") and one.subject_id],
        )
        told = tuple(
            (one, tuple(tellings(one, invoices=paid.get(one.subject_id or one.id, ()))))
            for one in found
        )
        papers = {part.paper_id for _, parts in told for part in parts if part.paper_id}
        return Batch(told, owners_of(organization_id, papers) if papers else {})


def message(batch: Batch, *, by: Actor, floor: int) -> bytes:
    """What one listener hears of a batch, as a server-sent event; empty when nothing."""
    heard = [{"id": "", "topics": [ANYTHING]}] if batch.is_flood else list(parts_for(batch, by))
    return framed({"events": heard}, floor=floor) if heard else b""


def parts_for(batch: Batch, by: Actor) -> Iterable[dict[str, Any]]:
    """Each event with the topics that this person hears."""
    reach = frozenset(reach_of(by)["owner"] or ())
    for event, parts in batch.events:
        topics = dict.fromkeys(
            topic
            for part in parts
            if may_hear(part, by, batch.owners, reach)
            for topic in part.topics
        )
        if topics:
            yield {
                "id": str(event.id),
                "at": event.sequence // 1_000_000,
                "type": event.type,
                "topics": list(topics),
            }


def framed(content: Any, *, floor: int, name: str = "") -> bytes:
    """One server-sent event; `floor` is where to go on after a cut (Last-Event-ID)."""
    kind = f"event: {name}\n" if name else ""
    data = msgspec.json.encode(content).decode()
    return f"{kind}id: {floor}\ndata: {data}\n\n".encode()
