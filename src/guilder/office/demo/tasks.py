"""The background door of the demo: whoever wants to look around gets it made, or is let in."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.foundation.jobs.queue import task
from guilder.office.demo import operations


@task(name="demo.show")
def show(user_id: UUID) -> None:
    """Have the demo there and the user among its people."""
    operations.show_demo(user_id, at=datetime.now(UTC))
