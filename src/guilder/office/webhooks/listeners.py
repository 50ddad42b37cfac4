"""What webhooks do when they hear of something: queue it for whoever wants it."""

from typing import Any
from uuid import UUID

from guilder.foundation.jobs.queue import enqueue
from guilder.office.webhooks import tasks
from guilder.office.webhooks.calc import is_public
from guilder.office.webhooks.events import ReplayAsked

__all__ = ("is_public", "on_event", "on_replay_asked")


def on_event(event: Any, *, organization_id: UUID, event_id: UUID) -> None:
    """Anything happened: a row for each endpoint that wants it, in the telling's transaction."""
    tasks.tell(organization_id, event_id=event_id, event_type=event.type)


def on_replay_asked(event: ReplayAsked, *, organization_id: UUID, **_: Any) -> None:
    """Somebody wants a while told again."""
    enqueue(
        tasks.replay,
        organization_id=organization_id,
        lock=f"webhook:{event.endpoint_id}",
        endpoint_id=event.endpoint_id,
        since=event.since.isoformat(),
        until=event.until.isoformat(),
        types=list(event.types),
        only_missed=event.only_missed,
    )
