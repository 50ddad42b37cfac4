"""Where developers begin: addresses, a first call, what stands where."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guilder.faces.web.developer import frame
from guilder.faces.web.door import context, page
from guilder.faces.web.shell import Visit


@page("developers", "event.view", methods="GET")
def developers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The first of the developers' pages."""
    base = settings.BASE_URL or f"{request.scheme}://{request.get_host()}"
    shown = context(
        tabs=frame.tabs(request, visit),
        base=base,
        organization_id=visit.by.organization_id,
        may={"keys": visit.by.may("key.view"), "webhooks": visit.by.may("webhook.edit")},
    )
    return render(request, "developer/start.html", shown)
