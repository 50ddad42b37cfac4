"""How much waits in somebody's inbox."""

from functools import partial

from guilder.faces.web.kept import unchanged
from guilder.faces.web.menu import Count
from guilder.faces.web.shell import Visit
from guilder.office.desk import queries


def waits(visit: Visit) -> int:
    """How many things wait, those among them that were put off until now."""
    read = partial(queries.waiting_tasks, by=visit.by, at=visit.now)
    found = unchanged("inbox", visit, read)
    if found.until is not None and found.until <= visit.now:  # what was put off has come back
        found = read()
    return found.count


def waiting(visit: Visit) -> Count:
    """The figure beside Inbox, and on the bell."""
    return Count(waits(visit))
