"""The background door of intake: folders that scanners and other programs fill."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from guilder.flows.intake import operations
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.jobs.queue import enqueue, periodic, task


def folder_of(organization_id: UUID) -> Path:
    """Where files of one organization are put."""
    return Path(settings.DOCUMENT_FOLDER) / str(organization_id)


@task(name="intake.take_folder")
def take_folder(organization_id: UUID) -> None:
    """Take one organization's folder in."""
    by = identity.system_actor(organization_id, "job")
    operations.take_folder(folder_of(organization_id), by=by, at=datetime.now(UTC))


@periodic(cron="*/2 * * * *", name="intake.look_into_folders")
def look_into_folders(at: datetime) -> None:
    """A job for each organization whose folder has something."""
    del at
    for organization in identities.organizations():
        folder = folder_of(organization.id)
        if folder.is_dir() and any(one.is_file() for one in folder.iterdir()):
            mark = f"document-folder:{organization.id}"
            enqueue(take_folder, organization_id=organization.id, lock=mark, once=mark)
