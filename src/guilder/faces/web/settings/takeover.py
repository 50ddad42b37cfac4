"""Changing over from an earlier system: its papers as history, what its accounts stood at."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web.door import page
from guilder.faces.web.settings import data
from guilder.faces.web.settings.forms import ImportForm, OpeningForm
from guilder.faces.web.shell import Visit
from guilder.foundation.files import queries as stored
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.office.importing.operations import (
    Takeover,
    UnreadableList,
    amounts,
    open_books,
    still_open,
)


@page("settings", "import.run", methods="POST")
def history(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the papers of a judged file over as history; each is whole or not at all."""
    file = data.file_of(request, visit)
    form = data.history_form(request.POST, request.FILES)
    if not form.is_valid():
        return data.judged(request, visit, file, history=form)
    given = form.cleaned_data
    listed = given["listed"]
    if given["open"] == "list" and listed is None:
        form.add_error("listed", _("Choose the list, or say what is unpaid."))
        return data.judged(request, visit, file, history=form)
    try:
        asked = still_open(given["open"], listed=listed.read() if listed is not None else b"")
    except UnreadableList as error:
        form.refuse([("listed", one) for one in sentences(error)])
        return data.judged(request, visit, file, history=form)
    taking = Takeover(by=visit.by, on=given["on"], at=visit.now, still_open=asked)
    papers = taking.papers(stored.read_bytes(file.sha256), file.filename)
    taken = [*papers, *taking.unmet(file.filename)]
    good = sum(one["ok"] for one in taken)
    if good == len(taken):
        words = ngettext("%(n)s paper was taken over.", "%(n)s papers were taken over.", good)
        messages.success(request, words % {"n": good})
        return redirect("web:invoices")
    return data.told_of(request, visit, taken, file.filename)


@page("settings", "ledger.post", methods="POST")
def opening(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Book what the accounts stood at, once."""
    form = OpeningForm(request.POST, request.FILES, auto_id="opening_%s")
    if not form.is_valid():
        return data.drawn(request, visit, ImportForm(), opening=form)
    given = form.cleaned_data
    try:
        balances = amounts(given["balances"].read(), name=_("account"))
        open_books(balances, by=visit.by, on=given["opened_on"], at=visit.now)
    except (Invalid, Conflict) as error:
        form.refuse([("balances", one) for one in sentences(error)])
        return data.drawn(request, visit, ImportForm(), opening=form)
    words = ngettext("%(n)s account was opened.", "%(n)s accounts were opened.", len(balances))
    messages.success(request, words % {"n": len(balances)})
    return redirect(f"{reverse('web:settings_data')}#opening")


def sentences(error: GuilderError) -> list[str]:
    """What is wrong with a list, each fault with what it is about."""
    if not error.problems:
        return [error.detail]
    return [
        f"{one.pointer.rpartition('/')[2]}: {one.detail}"
        if one.pointer.startswith("/balances/")
        else one.detail
        for one in error.problems
    ]
