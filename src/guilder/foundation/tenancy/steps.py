"""A step of a transaction that can be undone by itself, without journeys of its own.

Its SAVEPOINT travels with the step's first statement and its RELEASE with whatever comes after it.
A step that asks the database nothing costs nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from guilder.foundation.tenancy import journeys

SAVE = "SAVEPOINT guilder_step"
RELEASE = "RELEASE SAVEPOINT guilder_step"
UNDO = "ROLLBACK TO SAVEPOINT guilder_step"


@contextmanager
def step(*, using: str = "default") -> Iterator[None]:
    """Inside an open transaction: an error undoes what was written here, and is raised."""
    connection = connections[using]
    hooks = len(connection.run_on_commit)
    journeys.send_along(connection, SAVE, ())
    mine = waiting(connection)[-1]
    try:
        yield
        done(connection, mine)
    except BaseException:
        undo(connection, mine)
        connection.run_on_commit = connection.run_on_commit[:hooks]
        connection.needs_rollback = False
        raise


def done(connection: Any, mine: journeys.Statement) -> None:
    """The step is over. What it left behind goes now: an error of that is still the step's."""
    if waiting(connection)[-1:] and waiting(connection)[-1] is mine:
        wait_again(connection, journeys.take_waiting(connection)[:-1])
        return
    journeys.send_now(connection)
    journeys.send_along(connection, RELEASE, ())


def undo(connection: Any, mine: journeys.Statement) -> None:
    """Take back what the step wrote, and what it would still have sent."""
    left = journeys.take_waiting(connection)
    before = [place for place, one in enumerate(left) if one is mine]
    if before:  # nothing of it has reached the server
        wait_again(connection, left[: before[0]])
        return
    cursor = psycopg.Cursor(connection.connection)
    cursor.execute(UNDO)
    cursor.execute(RELEASE)


def waiting(connection: Any) -> list[journeys.Statement]:
    """What has not been sent yet."""
    return getattr(connection, "guilder_waiting", None) or []


def wait_again(connection: Any, statements: list[journeys.Statement]) -> None:
    """Put statements back that shall still go with the next one."""
    for sql, parameters in statements:
        journeys.send_along(connection, sql, parameters)
