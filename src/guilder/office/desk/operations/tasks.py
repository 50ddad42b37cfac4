"""What waits for people: it comes, is put off, is done."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid
from guilder.office.desk import calc
from guilder.office.desk.events import TaskChanged
from guilder.office.desk.models import Task
from guilder.office.desk.queries import NoSuchTask, require_person, tasks_for

TABLE = "desk_task"


class NoSuchSnooze(Invalid):
    """The task cannot be put off until then."""

    code = "desk.no_such_snooze"


def add_task(
    *,
    by: Actor,
    kind: str,
    mark: str,
    at: datetime,
    user_id: UUID | None = None,
    permission: str = "",
    subject: tuple[str, UUID] | None = None,
    data: dict[str, Any] | None = None,
    due_on: date | None = None,
) -> Task | None:
    """Put something before one person, or before whoever holds `permission`.

    `data` holds the facts for the words. None when the same cause (`mark`) waits already. The
    caller says who is told; no permission is asked.
    """
    subject_kind, subject_id = subject or ("", None)
    with transaction(by.organization_id):
        made = Task.objects.bulk_create(
            [
                Task(
                    organization_id=by.organization_id,
                    user_id=user_id,
                    permission="" if user_id else permission,
                    kind=kind,
                    subject_kind=subject_kind,
                    subject_id=subject_id,
                    mark=mark[:120],
                    data=data or {},
                    due_on=due_on,
                    created_at=at,
                )
            ],
            ignore_conflicts=True,
        )
        task = Task.objects.of(by.organization_id).filter(id=made[0].id).first()
        return None if task is None else told(task, by=by)


def finish_task(task_id: UUID, *, by: Actor, at: datetime) -> Task:
    """It is done; twice is once. Raises NoSuchTask."""
    require_person(by)
    with transaction(by.organization_id):
        task = locked(task_id, by=by)
        if task.state == Task.State.DONE:
            return task
        return moved(task, by=by, action="task.finish", state=Task.State.DONE, at=at)


def snooze_task(
    task_id: UUID, *, by: Actor, until: str, at: datetime, zone: ZoneInfo | None = None
) -> Task:
    """Put it off: `until` is "hour", "tomorrow", "monday", "month" or a day to come (ISO).

    Raises NoSuchTask, NoSuchSnooze.
    """
    require_person(by)
    wakes = calc.wakes_at(until, now=at, zone=zone or ZoneInfo("UTC"))
    if wakes is None:
        raise NoSuchSnooze("Choose a day after today.")
    with transaction(by.organization_id):
        task = locked(task_id, by=by)
        return moved(
            task, by=by, action="task.snooze", state=Task.State.SNOOZED, at=at, until=wakes
        )


def reopen_task(task_id: UUID, *, by: Actor, at: datetime) -> Task:
    """Take a task up again, done or put off. Raises NoSuchTask."""
    require_person(by)
    with transaction(by.organization_id):
        task = locked(task_id, by=by)
        if task.state == Task.State.OPEN:
            return task
        rows = Task.objects.of(by.organization_id).exclude(id=task.id).exclude(state="done")
        again = rows.filter(mark=task.mark).first()
        if again is not None:
            return again
        return moved(task, by=by, action="task.reopen", state=Task.State.OPEN, at=at)


def close_tasks(*, by: Actor, marks: tuple[str, ...], at: datetime) -> int:
    """Their cause is gone: nobody has to do them any more. Gives how many there were."""
    with transaction(by.organization_id):
        rows = Task.objects.of(by.organization_id).filter(mark__in=marks)
        waiting = list(rows.exclude(state=Task.State.DONE).lock().order_by("id"))
        for task in waiting:
            moved(task, by=by, action="task.close", state=Task.State.DONE, at=at)
        return len(waiting)


def locked(task_id: UUID, *, by: Actor) -> Task:
    """The row, held. Raises NoSuchTask."""
    task = tasks_for(by).lock().filter(id=task_id).first()
    if task is None:
        raise NoSuchTask("There is no such task.")
    return task


def moved(
    task: Task, *, by: Actor, action: str, state: str, at: datetime, until: datetime | None = None
) -> Task:
    """Bring a task into a state, write it down, tell of it."""
    before = {"state": task.state, "kind": task.kind}
    done = state == Task.State.DONE
    task.state, task.snoozed_until = state, until
    task.done_at, task.done_by_id = (at, by.user_id) if done else (None, None)
    task.save(update_fields=["state", "snoozed_until", "done_at", "done_by_id"])
    audit.record(
        by=by,
        action=action,
        table=TABLE,
        row_id=task.id,
        before=before,
        after={"state": state, "kind": task.kind},
    )
    return told(task, by=by)


def told(task: Task, *, by: Actor) -> Task:
    """Tell of a task."""
    event = TaskChanged(
        task_id=task.id, state=task.state, user_id=task.user_id, permission=task.permission
    )
    bus.publish(event, by=by)
    return task
