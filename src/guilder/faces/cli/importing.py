"""Who imports from the command line, and what: for the organization that was named."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guilder.faces.cli.whose import organization_of
from guilder.foundation.identity import operations as identity
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.office.importing.operations import (
    Importer,
    StillOpen,
    Takeover,
    amounts,
    failed,
    open_books,
    still_open,
)


def importer_of(organization: str, *, side: str, accept_differences: bool) -> Importer:
    """For the organization of that name or id; see whose.organization_of for what it raises."""
    by, now, today = whoever(organization)
    return Importer(by, today, now, side, accept_differences)


def takeover_of(
    organization: str, *, on: date | None, open_of: str, accept_differences: bool
) -> Takeover:
    """For papers of an earlier system. `open_of` is "due", "none" or the path of a CSV list.

    Raises OSError and UnreadableList for the list, and what whose.organization_of raises.
    """
    by, now, today = whoever(organization)
    return Takeover(
        by=by,
        on=on or today,
        at=now,
        still_open=open_as_said(open_of),
        accept_differences=accept_differences,
    )


def open_as_said(open_of: str) -> StillOpen:
    """What is open of old papers."""
    if open_of in {"due", "none"}:
        return still_open(open_of)
    return still_open("list", listed=Path(open_of).read_bytes())


class Opening:
    """Books what the accounts stood at, from lists of account and balance."""

    def __init__(self, organization: str, *, on: date | None) -> None:
        self.by, self.at, today = whoever(organization)
        self.on = on or today

    def papers(self, data: bytes, filename: str) -> Iterator[dict[str, Any]]:
        """What became of one list, as a plain object."""
        try:
            balances = amounts(data, name="account")
            entry_id = open_books(balances, by=self.by, on=self.on, at=self.at)
        except GuilderError as error:
            yield failed(filename, error)
            return
        yield {
            "file": filename,
            "ok": True,
            "kind": "opening",
            "id": str(entry_id),
            "accounts": len(balances),
            "on": self.on.isoformat(),
            "problems": [],
        }


def whoever(organization: str) -> tuple[Actor, datetime, date]:
    """The command line as an actor in an organization, the moment, and what day it is there."""
    found = organization_of(organization)
    by = replace(identity.system_actor(found.id, source="cli"), name="guilder import")
    now = datetime.now(UTC)
    return by, now, now.astimezone(ZoneInfo(found.time_zone)).date()
