"""What the demo does when it hears of something."""

from typing import Any
from uuid import UUID

from guilder.foundation.jobs.queue import enqueue
from guilder.office.demo import tasks
from guilder.office.demo.events import DemoAsked


def on_demo_asked(event: DemoAsked, *, organization_id: UUID, **_: Any) -> None:
    """Somebody wants to look around: a worker makes the demo, which takes some seconds."""
    del organization_id
    enqueue(tasks.show, user_id=event.user_id, once=f"demo:{event.user_id}")
