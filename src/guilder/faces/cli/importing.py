"""Who imports from the command line: the organization that was named."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from guilder.faces.cli.whose import organization_of
from guilder.foundation.identity import operations as identity
from guilder.office.importing.operations import Importer


def importer_of(organization: str, *, side: str, accept_differences: bool) -> Importer:
    """For the organization of that name or id; see whose.organization_of for what it raises."""
    found = organization_of(organization)
    by = replace(identity.system_actor(found.id, source="cli"), name="guilder import")
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(found.time_zone)).date()
    return Importer(by, today, now, side, accept_differences)
