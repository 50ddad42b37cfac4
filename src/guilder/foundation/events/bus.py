"""Publishing facts, and saying who listens; `config/wiring.py` is the page that subscribes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import timedelta
from functools import lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec

from guilder.foundation.tenancy import hot, story
from guilder.foundation.tenancy.ids import uuid7, uuid7_texts
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money

# Called with the event and, by keyword, `organization_id` and `event_id`, in the transaction that
# notes that it has heard. It queues a task or writes a row; what takes time is the task's.
Listener = Callable[..., Any]

# The columns of `row_of` with their types, for hot statements that insert the row themselves; the
# rest has defaults, and a trigger sees to the telling.
COLUMNS = {
    "id": "uuid", "organization_id": "uuid", "type": "text", "subject_id": "uuid",
    "payload": "jsonb", "version": "smallint", "actor_id": "uuid", "source": "text",
    "request_id": "text", "sequence": "bigint", "occurred_at": "timestamptz",
}  # fmt: skip
NAMES = ", ".join(COLUMNS)
PLACES = ", ".join(f"%s::{kind}" for kind in COLUMNS.values())
INSERT = f"INSERT INTO events_event ({NAMES}) VALUES ({PLACES})"  # noqa: S608  (own constants)

TYPES: dict[str, type] = {}
LISTENERS: dict[str, dict[str, Listener]] = {}

EPOCH = story.EPOCH
_lock = Lock()
_last = 0
_told = 0


def publish(event: Any, *, by: Actor) -> UUID:
    """Write `event` in the open transaction; it is told on once that has committed. Gives its id.

    An event is a frozen dataclass with `type: ClassVar[str]` ("invoice.issued") and ids and values
    only; its first field, where it is a UUID, is its subject.
    """
    row = row_of(event, by)
    with transaction(by.organization_id):
        hot.cursor().execute(INSERT, row, prepare=True)
    return row[0]


def row_of(event: Any, by: Actor) -> tuple[Any, ...]:
    """The values of `COLUMNS` for a hot statement to insert; the payload as JSON text."""
    sequence = next_sequence()
    return (
        uuid7(),
        by.organization_id,
        event.type,
        subject_of(event),
        spelled(event),
        getattr(event, "version", 1),
        by.user_id,
        by.source,
        by.request_id[:64],
        sequence,
        story.moment() or EPOCH + timedelta(microseconds=sequence // 1000),
    )


def rows_of(events: Sequence[Any], by: Actor) -> list[tuple[Any, ...]]:
    """What `row_of` makes of each event, in their order; what all share is looked at once. They
    are of one moment."""
    request_id, told = by.request_id[:64], story.moment()
    sequences = next_sequences(len(events))
    at = told or EPOCH + timedelta(microseconds=sequences[0] // 1000) if events else None
    return [
        (
            event_id, by.organization_id, event.type, subject_of(event), spelled(event),
            getattr(event, "version", 1), by.user_id, by.source, request_id, sequence, at,
        )
        for event_id, event, sequence in zip(
            uuid7_texts(len(events)), events, sequences, strict=True
        )
    ]  # fmt: skip


def subscribe(event_class: type, listener: Listener) -> None:
    """Have `listener` hear every event of `event_class`; twice is once."""
    TYPES[event_class.type] = event_class  # type: ignore[attr-defined]
    LISTENERS.setdefault(event_class.type, {})[name_of(listener)] = listener  # type: ignore[attr-defined]


def name_of(listener: Listener) -> str:
    """The stable name under which the telling of a listener is noted."""
    module, name = getattr(listener, "__module__", ""), getattr(listener, "__qualname__", "")
    return f"{module}.{name}"[-100:]


def listeners_of(event_type: str) -> dict[str, Listener]:
    """Name → listener of one type of event."""
    return LISTENERS.get(event_type, {})


def load(event_type: str, payload: dict[str, Any]) -> Any:
    """The event that was published, from its stored payload."""
    fields_found = {name: as_stored(value) for name, value in payload.items()}
    return msgspec.convert(fields_found, TYPES[event_type], strict=False)


def subject_of(event: Any) -> UUID | None:
    """The first field's value where it is an id."""
    names = names_of(type(event))
    value = getattr(event, names[0]) if names else None
    return value if isinstance(value, UUID) else None


@lru_cache(maxsize=512)
def names_of(event_class: type) -> tuple[str, ...]:
    """The names of a dataclass's fields in their order."""
    return tuple(field.name for field in fields(event_class))


def next_sequence() -> int:
    """Nanoseconds since 1970, always more than the last one given in this process."""
    global _last, _told
    told = story.moment()
    with _lock:
        if told is not None:  # a story of the past: in its own order, beside what happens now
            _told = (_told + 1) % 1000
            return story.nanoseconds(told) + _told
        _last = max(time.time_ns(), _last + 1)
        return _last


def next_sequences(count: int) -> Sequence[int]:
    """So many of them, one after the other."""
    global _last
    if story.moment() is not None:
        return [next_sequence() for _ in range(count)]
    with _lock:
        first = max(time.time_ns(), _last + 1)
        _last = first + count - 1 if count else _last
    return range(first, first + count)


def spelled(event: Any) -> str:
    """The payload of an event as JSON text."""
    plain_already = is_plain(type(event))
    return msgspec.json.encode(event if plain_already else payload_of(event)).decode()


@lru_cache(maxsize=512)
def is_plain(event_class: type) -> bool:
    """Whether no field of an event can hold money, so that it is spelled as it stands."""
    return not any(
        word in str(field.type) for field in fields(event_class) for word in ("Money", "Any")
    )


def payload_of(event: Any) -> dict[str, Any]:
    """The fields of an event in JSON's own types; money is an amount and a currency."""
    return {name: plain(getattr(event, name)) for name in names_of(type(event))}


def plain(value: Any) -> Any:
    """One value in JSON's own types."""
    if isinstance(value, Money):
        return {"amount": str(value), "currency": value.currency}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def as_stored(value: Any) -> Any:
    """The reverse of `plain`: money as the fields that it has in Python."""
    if isinstance(value, list):
        return [as_stored(inner) for inner in value]
    if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
        money = Money.of(value["amount"], value["currency"])
        return {"minor": money.minor, "currency": money.currency}
    return value


def decode(payload: str) -> dict[str, Any]:
    """The payload of a stored event."""
    return msgspec.json.decode(payload)
