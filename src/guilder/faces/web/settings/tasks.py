"""Everything that is kept of an organization, packed in the background."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.jobs.queue import NO_RETRY, task
from guilder.kernel.errors import GuilderError
from guilder.office.backup import operations as backup
from guilder.office.desk import operations as desk
from guilder.office.desk import queries as desks


@task(name="settings.export", retry=NO_RETRY)
def export_everything(organization_id: UUID, progress_id: UUID, user_id: UUID) -> None:
    """Write the archive and put it where its asker finds it; done before is done."""
    by = identity.actor_for(user_id, organization_id, source="job")
    if desks.get_progress(progress_id, by=by).is_over:
        return
    now = datetime.now(UTC)
    file_id, problem = None, ""
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=".export-") as folder:
        target = Path(folder) / f"guilder-{now:%Y-%m-%d}.zip"
        try:
            desk.advance(progress_id, by=by, at=now)
            backup.export_organization(target, by=by, at=now)
            file_id = files.store_path(target, by=by, media_type="application/zip").id
        except GuilderError as error:
            problem = error.detail
    desk.end_progress(progress_id, by=by, at=datetime.now(UTC), file_id=file_id, problem=problem)
