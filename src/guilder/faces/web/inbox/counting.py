"""How much waits in somebody's inbox."""

from guilder.faces.web.menu import Count
from guilder.faces.web.shell import Visit
from guilder.office.desk import queries


def waiting(visit: Visit) -> Count:
    """The figure beside Inbox, and on the bell."""
    return Count(queries.count_tasks(by=visit.by, at=visit.now))
