"""The archive of a period's PDFs, made in the background."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.jobs.queue import NO_RETRY, task
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.kernel.period import Span
from guilder.office.desk import operations as desk
from guilder.office.desk import queries as desks
from guilder.office.dispatch import operations as dispatch
from guilder.office.reports import operations
from guilder.office.reports.operations import Written


@task(name="reports.papers", retry=NO_RETRY)
def papers(organization_id: UUID, progress_id: UUID, user_id: UUID, first: str, last: str) -> None:
    """Print what is not printed yet, pack all of it, and put the file where its asker finds it."""
    by = identity.actor_for(user_id, organization_id, source="job")
    if desks.get_progress(progress_id, by=by).is_over:
        return
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    file_id, problem, is_cancelled = None, "", False
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=".papers-") as folder:
        target = Path(folder) / f"papers-{first}-{last}.zip"
        try:
            written = pack(target, by=by, span=span, progress_id=progress_id)
            is_cancelled = written.is_stopped
            if written.count and not is_cancelled:
                stored = files.store_path(target, by=by, media_type="application/zip")
                file_id = stored.id
            problem = "" if file_id or is_cancelled else "There is no document to pack."
        except GuilderError as error:
            problem = error.detail
    desk.end_progress(
        progress_id,
        by=by,
        at=datetime.now(UTC),
        file_id=file_id,
        problem=problem,
        is_cancelled=is_cancelled,
    )


def pack(target: Path, *, by: Actor, span: Span, progress_id: UUID) -> Written:
    """Write the archive and tell how far it is."""

    def printed(paper_id: UUID) -> tuple[str, bytes]:
        paper = dispatch.print_paper(paper_id, by=by, at=datetime.now(UTC))
        return paper.filename, paper.pdf

    def step(number: str, problem: str) -> bool:
        failures = [{"label": number, "problem": problem}] if problem else []
        done = 0 if problem else 1
        return desk.advance(progress_id, by=by, at=datetime.now(UTC), done=done, failures=failures)

    return operations.write_papers(target, by=by, span=span, printed=printed, step=step)
