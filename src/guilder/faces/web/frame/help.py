"""Help, at one place: the keys, who can help, where the interfaces for programs are described."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import guilder
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit, admins_of


@page("help", methods="GET")
def help_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page."""
    words = {"admins": admins_of(visit), "version": guilder.__version__}
    return render(request, "frame/help.html", words)
