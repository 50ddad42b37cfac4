"""What dunning does when it hears of something."""

from typing import Any
from uuid import UUID

from guilder.foundation.jobs.queue import enqueue
from guilder.office.dunning import tasks


def on_demo_made(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A demo was made: it gets a ladder, and two of its clients a letter."""
    del event
    enqueue(tasks.furnish_demo, organization_id=organization_id)
