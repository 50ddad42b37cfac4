"""The inbox, the bell, and the jobs that a person started."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import answers
from guilder.faces.web.door import page
from guilder.faces.web.inbox import words
from guilder.faces.web.shell import Visit
from guilder.foundation.files import queries as files
from guilder.kernel.errors import NotFound
from guilder.office.desk import operations, queries

STATES = ("open", "snoozed", "done")
IN_BELL = 6


@page("inbox", "desk.view", methods="GET")
def inbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What waits for this person, what was put off, what is done."""
    alone = request.headers.get("HX-Target") == "list"
    template = "inbox/index.html#list" if alone else "inbox/index.html"
    return render(request, template, shown(visit, request.GET.get("show", "")))


def shown(visit: Visit, asked: str) -> dict[str, Any]:
    """What the page is drawn from."""
    state = asked if asked in STATES else "open"
    with visit.reading():
        tasks = queries.list_tasks(by=visit.by, at=visit.now, states=state)
        jobs = queries.running_jobs(by=visit.by) if state == "open" else []
        count = len(tasks) if state == "open" else queries.count_tasks(by=visit.by, at=visit.now)
    labels = {"open": _("Waiting"), "snoozed": _("Snoozed"), "done": _("Done")}
    return {
        "state": state,
        "entries": [words.entry(task, visit) for task in tasks],
        "jobs": [words.progress(job, visit) for job in jobs],
        "tabs": [
            {
                "label": label,
                "url": reverse("web:inbox") + (f"?show={name}" if name != "open" else ""),
                "current": name == state,
                "count": count if name == "open" and count else "",
            }
            for name, label in labels.items()
        ],
        "snoozes": snoozes(),
    }


def snoozes() -> list[tuple[str, str]]:
    """Until when a task may be put off."""
    return [
        ("hour", _("In an hour")),
        ("tomorrow", _("Tomorrow morning")),
        ("monday", _("Next Monday")),
        ("month", _("In 30 days")),
    ]


@page("inbox", "desk.view", methods="POST")
def task_done(request: HttpRequest, visit: Visit, task_id: UUID) -> HttpResponse:
    """It is done; it can be taken up again."""
    operations.finish_task(task_id, by=visit.by, at=visit.now)
    undo = reverse("web:task_reopen", args=[task_id])
    return answers.done(request, to=reverse("web:inbox"), text=_("Done."), undo=undo)


@page("inbox", "desk.view", methods="POST")
def task_snooze(request: HttpRequest, visit: Visit, task_id: UUID) -> HttpResponse:
    """Put it off."""
    until = request.POST.get("until", "tomorrow")
    operations.snooze_task(task_id, by=visit.by, until=until, at=visit.now, zone=visit.zone)
    undo = reverse("web:task_reopen", args=[task_id])
    return answers.done(request, to=reverse("web:inbox"), text=_("Put off."), undo=undo)


@page("inbox", "desk.view", methods="POST")
def task_reopen(request: HttpRequest, visit: Visit, task_id: UUID) -> HttpResponse:
    """Take it up again."""
    operations.reopen_task(task_id, by=visit.by, at=visit.now)
    return answers.done(request, to=reverse("web:inbox"), text=_("Back in the inbox."))


@page("inbox", "desk.view", methods="GET")
def bell(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The bell alone, for its own renewal."""
    count = queries.count_tasks(by=visit.by, at=visit.now)
    return render(request, "inbox/bell.html", {"count": count})


@page("inbox", "desk.view", methods="GET")
def notices(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the bell opens: the newest tasks and the jobs under way."""
    if not answers.swaps(request):
        return redirect("web:inbox")
    with visit.reading():
        tasks = queries.list_tasks(by=visit.by, at=visit.now)
        jobs = queries.running_jobs(by=visit.by)
    found = {
        "entries": [words.entry(task, visit) for task in tasks[:IN_BELL]],
        "more": max(0, len(tasks) - IN_BELL),
        "jobs": [words.progress(job, visit) for job in jobs],
    }
    return render(request, "inbox/notices.html", found)


@page("inbox", "desk.view", methods="GET")
def job(request: HttpRequest, visit: Visit, progress_id: UUID) -> HttpResponse:
    """One job: how far it is, its file, what failed."""
    found = queries.get_progress(progress_id, by=visit.by)
    return render(request, "inbox/job.html", {"job": words.progress(found, visit)})


@page("inbox", "desk.view", methods="GET")
def job_part(request: HttpRequest, visit: Visit, progress_id: UUID) -> HttpResponse:
    """How far it is, for whoever watches."""
    found = queries.get_progress(progress_id, by=visit.by)
    return render(request, "inbox/job.html#progress", {"job": words.progress(found, visit)})


@page("inbox", "desk.view", methods="POST")
def job_cancel(request: HttpRequest, visit: Visit, progress_id: UUID) -> HttpResponse:
    """Ask it to stop."""
    operations.ask_to_cancel(progress_id, by=visit.by, at=visit.now)
    to = reverse("web:job", args=[progress_id])
    return answers.done(request, to=to, text=_("It stops at its next step."))


@page("inbox", "desk.view", methods="GET")
def job_file(request: HttpRequest, visit: Visit, progress_id: UUID) -> HttpResponse:
    """The file that it made."""
    del request
    found = queries.get_progress(progress_id, by=visit.by)
    if found.file_id is None:
        raise NotFound("This job made no file.")
    stored = files.get_file(found.file_id, by=visit.by)
    answer = HttpResponse(files.read_bytes(stored.sha256), content_type=stored.media_type)
    name = quote(stored.filename, safe="")  # RFC 5987
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
