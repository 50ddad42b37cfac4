"""What the killed and the surviving worker of the tests run: `python -m tests.foundation.side KIND`.

Their listener and tasks leave audit entries, so that what they did is committed or undone with it.
"""

import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Rang:
    """A bell rang."""

    type: ClassVar[str] = "bell.rang"
    bell_id: UUID
    number: int


def note(organization_id: UUID, action: str, row_id: UUID, **after: Any) -> None:
    from guilder.foundation.audit import operations as audit
    from guilder.foundation.identity.operations import system_actor

    audit.record(
        by=system_actor(organization_id, source="job"),
        action=action,
        table="bell",
        row_id=row_id,
        before=None,
        after=after,
    )


def hear(event: Rang, *, organization_id: UUID, event_id: UUID) -> None:
    note(organization_id, "bell.heard", event.bell_id, number=event.number)
    time.sleep(0.02)


def make_tasks() -> dict[str, Any]:
    from guilder.foundation.jobs import queue

    @queue.task(name="test.strike", retry=queue.Retry(waits=(0, 0)))
    def strike(organization_id: UUID, bell_id: UUID) -> None:
        note(organization_id, "bell.struck", bell_id)

    @queue.task(name="test.long")
    def long(organization_id: UUID, bell_id: UUID, seconds: int) -> None:
        note(organization_id, "bell.began", bell_id)
        time.sleep(seconds)
        note(organization_id, "bell.ended", bell_id)

    @queue.task(name="test.broken", retry=queue.Retry(waits=(0, 0)))
    def broken(organization_id: UUID, bell_id: UUID) -> None:
        note(organization_id, "bell.tried", bell_id)
        raise RuntimeError("the bell is cracked")

    @queue.task(name="test.hopeless", retry=queue.Retry(waits=(0, 0)))
    def hopeless(organization_id: UUID, bell_id: UUID) -> None:
        note(organization_id, "bell.tried", bell_id)
        raise queue.GiveUp("there is no bell")

    @queue.periodic(cron="* * * * * *", name="test.tick")
    def tick(at: datetime) -> None:
        assert at.tzinfo is not None

    return {"strike": strike, "long": long, "broken": broken, "hopeless": hopeless}


def main() -> None:
    import django

    django.setup()
    from guilder.foundation.events import bus
    from guilder.foundation.jobs import worker

    worker.HEARTBEAT, worker.STALLED, worker.RESCUE_EVERY = 1, 3, 1
    make_tasks()
    bus.subscribe(Rang, hear)
    print("working", flush=True)
    if sys.argv[1:] == ["scheduler"]:
        worker.run_scheduler()
    else:
        worker.run(concurrency=2)


if __name__ == "__main__":
    main()
