"""The operator's page, and the two things that can be done on it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

import guilder
from guilder.faces.web.door import page
from guilder.faces.web.operate import figures
from guilder.faces.web.shell import Visit
from guilder.foundation.jobs import queue, schedules
from guilder.kernel.errors import NotFound

View = Callable[..., HttpResponse]


def operators(view: View) -> View:
    """A page of operators; for everybody else there is none."""

    @wraps(view)
    def opened(request: HttpRequest, visit: Visit, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "is_operator", False):
            raise NotFound("There is no such page.")
        return view(request, visit, *args, **kwargs)

    return opened


@page("operate", methods="GET")
@operators
def operate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything at one look."""
    return render(
        request,
        "operate/page.html",
        {
            "version": guilder.__version__,
            "counts": figures.counts(),
            "organizations": figures.organizations(),
            "people": figures.people(),
            "jobs": queue.health(at=visit.now),
            "parked": figures.parked(),
            "schedules": schedules.schedules(at=visit.now),
            "loops": schedules.loops(),
            "room": figures.room(),
        },
    )


@page("operate", methods="POST")
@operators
def run_now(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Have a task of the clock run at once."""
    del visit
    try:
        schedules.run_now(name)
        messages.success(request, _("It runs as soon as a worker is free."))
    except schedules.AlreadyQueued:
        messages.info(request, _("It waits or runs already."))
    return redirect("web:operate")


@page("operate", methods="POST")
@operators
def retry(request: HttpRequest, visit: Visit, job: int) -> HttpResponse:
    """Try a job again that failed for good."""
    queue.retry_parked(job, at=visit.now)
    messages.success(request, _("It is tried again."))
    return redirect("web:operate")
