"""How far a background job is: noted by the job, seen by who started it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.files.models import StoredFile
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.office.desk.events import ProgressChanged
from guilder.office.desk.models import Progress
from guilder.office.desk.operations.tasks import add_task
from guilder.office.desk.queries import NoSuchProgress, require_person

FILE_LASTS = timedelta(hours=24)
MOST_FAILURES = 1000
TOLD_EVERY = timedelta(seconds=1)


class FileGone(Conflict):
    """The file of an export was fetched already, or waited too long."""

    code = "export.file_gone"


def start_progress(
    *, by: Actor, kind: str, at: datetime, total: int = 0, data: dict[str, Any] | None = None
) -> Progress:
    """A job is about to be queued by this person. `data` holds the facts for its words.

    The permission for the work itself is asked by what does it.
    """
    user_id = require_person(by)
    with transaction(by.organization_id):
        progress = Progress.objects.create(
            organization_id=by.organization_id,
            kind=kind,
            data=data or {},
            total=total,
            started_by_id=user_id,
            created_at=at,
        )
        told(progress, by=by, at=at)
    return progress


def advance(
    progress_id: UUID,
    *,
    by: Actor,
    at: datetime,
    done: int = 0,
    total: int | None = None,
    failures: Sequence[dict[str, Any]] = (),
) -> bool:
    """Add what was done since; each failure is `{"label", "problem"}` and may have "url".

    False when the person asked to stop: the job then ends itself as cancelled. Told on at most
    once a second. Raises NoSuchProgress.
    """
    with transaction(by.organization_id):
        progress = held(progress_id, by=by)
        if progress.is_over:
            return False
        progress.state = Progress.State.RUNNING
        progress.done += done
        progress.failed += len(failures)
        progress.failures = [*progress.failures, *failures][:MOST_FAILURES]
        if total is not None:
            progress.total = total
        progress.save()
        if progress.told_at is None or at - progress.told_at >= TOLD_EVERY:
            told(progress, by=by, at=at)
        return not progress.is_cancel_asked


def ask_to_cancel(progress_id: UUID, *, by: Actor, at: datetime) -> Progress:
    """Ask a job to stop at its next step. Raises NoSuchProgress."""
    user_id = require_person(by)
    with transaction(by.organization_id):
        progress = held(progress_id, by=by)
        if progress.started_by_id != user_id:
            raise NoSuchProgress("There is no such job.")
        if not progress.is_over and not progress.is_cancel_asked:
            progress.is_cancel_asked = True
            progress.save(update_fields=["is_cancel_asked"])
            told(progress, by=by, at=at)
    return progress


def end_progress(
    progress_id: UUID,
    *,
    by: Actor,
    at: datetime,
    file_id: UUID | None = None,
    problem: str = "",
    is_cancelled: bool = False,
) -> Progress:
    """The job is over: who started it finds its file and its failures in their inbox.

    `problem` says why it failed as a whole. Twice is once. Raises NoSuchProgress.
    """
    with transaction(by.organization_id):
        progress = held(progress_id, by=by)
        if progress.is_over:
            return progress
        progress.state = end_state(problem, is_cancelled=is_cancelled)
        progress.problem = problem[:500]
        progress.file_id = file_id
        progress.ended_at = at
        progress.save()
        told(progress, by=by, at=at)
        if not is_cancelled:
            add_task(
                by=by,
                kind="job",
                mark=f"job:{progress.id}",
                user_id=progress.started_by_id,
                data=facts(progress),
                at=at,
            )
    return progress


def take_file(progress_id: UUID, *, by: Actor, at: datetime) -> StoredFile:
    """The file that an export made, for the one time that it is given out.

    Raises NoSuchProgress, FileGone.
    """
    user_id = require_person(by)
    with transaction(by.organization_id):
        progress = held(progress_id, by=by)
        if progress.started_by_id != user_id or progress.file_id is None:
            raise NoSuchProgress("There is no such job.")
        if progress.data.get("fetched_at"):
            raise FileGone("This file was fetched already. Start the export anew.")
        if progress.ended_at is None or progress.ended_at + FILE_LASTS <= at:
            raise FileGone("This file waited too long. Start the export anew.")
        progress.data = {**progress.data, "fetched_at": at.isoformat()}
        progress.save(update_fields=["data"])
        return StoredFile.objects.of(by.organization_id).get(id=progress.file_id)


def forget_files(*, by: Actor, at: datetime) -> int:
    """Take away the files of exports whose time is over; gives how many."""
    by.require("export.run")
    with transaction(by.organization_id):
        rows = Progress.objects.of(by.organization_id).lock()
        old = rows.filter(data__api=True, file__isnull=False, ended_at__lte=at - FILE_LASTS)
        gone = list(old.values_list("id", "file_id"))
        Progress.objects.of(by.organization_id).filter(id__in=[one for one, _ in gone]).update(
            file=None
        )
        for file_id in {file for _, file in gone}:
            kept = Progress.objects.of(by.organization_id).filter(file_id=file_id)
            if not kept.exists():
                files.remove(file_id, by=by)
    return len(gone)


def end_state(problem: str, *, is_cancelled: bool) -> str:
    """How it ended."""
    if is_cancelled:
        return Progress.State.CANCELLED
    return Progress.State.FAILED if problem else Progress.State.FINISHED


def facts(progress: Progress) -> dict[str, Any]:
    """What the inbox tells of a job."""
    return {
        **progress.data,
        "progress_id": str(progress.id),
        "job": progress.kind,
        "state": progress.state,
        "done": progress.done,
        "failed": progress.failed,
        "problem": progress.problem,
        "file": progress.file_id is not None,
    }


def held(progress_id: UUID, *, by: Actor) -> Progress:
    """The row, held. Raises NoSuchProgress."""
    found = Progress.objects.of(by.organization_id).lock().filter(id=progress_id).first()
    if found is None:
        raise NoSuchProgress("There is no such job.")
    return found


def told(progress: Progress, *, by: Actor, at: datetime) -> None:
    """Tell how far it is."""
    Progress.objects.of(by.organization_id).filter(id=progress.id).update(told_at=at)
    progress.told_at = at
    event = ProgressChanged(
        progress_id=progress.id, user_id=progress.started_by_id, state=progress.state
    )
    bus.publish(event, by=by)
