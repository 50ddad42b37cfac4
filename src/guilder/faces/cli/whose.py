"""Which organization a command is about."""

from typing import Any
from uuid import UUID

from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import Invalid, NotFound


class NoSuchOrganization(NotFound):
    """No organization has that name or id."""

    code = "cli.no_such_organization"


class NoSuchUser(NotFound):
    """No user has that mail address."""

    code = "cli.no_such_user"


class WhichOrganization(Invalid):
    """There are several, and none was named."""

    code = "cli.which_organization"


def organization_of(name: str) -> Any:
    """The organization of that name or id; without one the only one, the demo left aside.

    Raises NoSuchOrganization, WhichOrganization.
    """
    rows = list(identities.organizations())
    if not rows:
        raise NoSuchOrganization("There is no organization yet. `guilder up` helps to make one.")
    if not name:
        return only_one(rows)
    found = [row for row in rows if row.id == as_id(name)]
    found = found or [row for row in rows if row.name.casefold() == name.casefold().strip()]
    if not found:
        raise NoSuchOrganization(f"There is no organization “{name}”. There are {names(rows)}.")
    return only_one(found)


def only_one(rows: list[Any]) -> Any:
    """The one that is not a demo, or the only one."""
    own = [row for row in rows if not row.is_demo] or rows
    if len(own) > 1:
        raise WhichOrganization(f"Say which one with --organization: {names(own)}.")
    return own[0]


def as_id(text: str) -> UUID | None:
    """`text` as an id, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def names(rows: list[Any]) -> str:
    """The first names, for a sentence."""
    told = [f"“{row.name}” ({row.id})" for row in rows[:5]]
    return ", ".join(told) + (" and more" if len(rows) > 5 else "")
