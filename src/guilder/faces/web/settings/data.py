"""Settings of what comes in and goes out: papers of other programs, and everything there is."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.ledger import queries as ledger
from guilder.faces.web import choices, formats, menu, typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.session.proving import proved
from guilder.faces.web.settings import tasks
from guilder.faces.web.settings.forms import HistoryForm, ImportForm, OpeningForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.files import operations as files
from guilder.foundation.files import queries as stored
from guilder.foundation.files.models import StoredFile
from guilder.foundation.jobs.queue import enqueue
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, Unavailable
from guilder.office.desk import operations as desk
from guilder.office.importing.operations import Importer
from guilder.papers.exchange import operations as exchange

MOST_BYTES = 10 << 20
SHOWN = 200


@page("settings", "import.run")
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What can be taken in and out; POST judges a file and stores nothing of it as a draft."""
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    if not posted or not form.is_valid():
        return drawn(request, visit, form)
    sent = form.cleaned_data["file"]
    data = sent.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        form.add_error("file", _("Send at most 10 MB at once."))
        return drawn(request, visit, form)
    try:
        verdicts = exchange.judged(data, sent.name)
    except (Invalid, Unavailable) as error:
        typed.refuse(form, error, {"": "file"})
        return drawn(request, visit, form)
    kept = files.store(data, by=visit.by, filename=sent.name, media_type="application/octet-stream")
    return drawn(request, visit, form, **verdict_words(verdicts, kept))


def judged(
    request: HttpRequest, visit: Visit, file: StoredFile, *, history: HistoryForm
) -> HttpResponse:
    """A file that was judged already, with what is wrong with how to take it."""
    verdicts = exchange.judged(stored.read_bytes(file.sha256), file.filename)
    words = {**verdict_words(verdicts, file), "history": history}
    return drawn(request, visit, ImportForm(), **words)


def verdict_words(verdicts: Sequence[dict[str, Any]], file: StoredFile) -> dict[str, Any]:
    """What the page tells of a judged file, and how to go on with it."""
    papers = [judged_words(one) for one in verdicts[:SHOWN]]
    return {
        "papers": papers,
        "good": sum(one["ok"] for one in papers),
        "file_id": file.id,
        "filename": file.filename,
        "history": history_form(initial={"file": str(file.id), "open": "due"}),
    }


def history_form(*given: Any, **words: Any) -> HistoryForm:
    """How papers of an earlier system are taken over."""
    open_of = (
        ("due", _("All that was to be paid")),
        ("none", _("Nothing: they are paid")),
        ("list", _("What a list says")),
    )
    return HistoryForm(*given, choices={"open": open_of}, auto_id="history_%s", **words)


def file_of(request: HttpRequest, visit: Visit) -> StoredFile:
    """The judged file that a form is about. Raises NoSuchFile."""
    try:
        file_id = UUID(request.POST.get("file", ""))
    except ValueError:
        raise stored.NoSuchFile(_("There is no such file.")) from None
    return stored.get_file(file_id, by=visit.by)


@page("settings", "import.run", methods="POST")
def take(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make drafts of the papers of a judged file; each is whole or not at all."""
    file = file_of(request, visit)
    accept = request.POST.get("accept") == "1"
    importer = Importer(visit.by, visit.today, visit.now, "invoice", accept)
    taken = list(importer.papers(stored.read_bytes(file.sha256), file.filename))
    good = sum(one["ok"] for one in taken)
    if good == len(taken):
        words = ngettext("%(n)s draft was made.", "%(n)s drafts were made.", good)
        messages.success(request, words % {"n": good})
        return redirect(f"{reverse('web:invoices')}?view=drafts")
    return told_of(request, visit, taken, file.filename)


def told_of(
    request: HttpRequest, visit: Visit, taken: Sequence[dict[str, Any]], filename: str
) -> HttpResponse:
    """The page, with what became of each paper in a file."""
    papers = [taken_words(one) for one in taken]
    return drawn(request, visit, ImportForm(), taken=papers, filename=filename)


@page("settings", "export.run", methods="POST", files=True)
@proved
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Queue an archive of everything; its file comes to the inbox."""
    with transaction(visit.by.organization_id):
        progress = desk.start_progress(
            by=visit.by, kind="organization", at=visit.now, data={"title": _("Everything")}
        )
        enqueue(
            tasks.export_everything,
            organization_id=visit.by.organization_id,
            progress_id=progress.id,
            user_id=visit.by.user_id,
        )
    messages.success(request, _("The archive is being made. Its file comes to your inbox."))
    return redirect("web:settings_data")


def drawn(
    request: HttpRequest,
    visit: Visit,
    form: ImportForm,
    *,
    opening: OpeningForm | None = None,
    **words: Any,
) -> HttpResponse:
    """The page; 422 where one of its forms was refused."""
    opened_on = opening_day(visit) if visit.by.may("ledger.view") else None
    lists = [
        {"label": _("Invoices"), "url": reverse("web:invoices"), "hint": _("as CSV or XLSX")},
        {"label": _("Clients"), "url": reverse("web:clients"), "hint": _("in and out as CSV")},
        {"label": _("Items"), "url": reverse("web:items"), "hint": _("in and out as CSV")},
        {"label": _("Payments"), "url": reverse("web:payments"), "hint": _("as CSV or XLSX")},
        {
            "label": _("Journal and papers"),
            "url": menu.address_of("web:report_accountant"),
            "hint": _("as CSV and PDF"),
        },
    ]
    return panel(
        request,
        visit,
        "settings_data",
        form=form,
        lists=lists,
        may_export=visit.by.may("export.run"),
        may_open=visit.by.may("ledger.post") and opened_on is None,
        opened_on=formats.day(opened_on, formats.reader()) if opened_on else "",
        opening=opening or OpeningForm(auto_id="opening_%s"),
        is_refused=any(one.errors for one in (form, opening, words.get("history")) if one),
        **words,
    )


def opening_day(visit: Visit) -> date | None:
    """When the accounts were opened with the balances of an earlier system."""
    with visit.reading():
        entries = ledger.entries_of(visit.by.organization_id, visit.by.organization_id)
    return next((one.booked_on for one in entries if one.source == "opening.balances"), None)


def judged_words(one: dict[str, Any]) -> dict[str, Any]:
    """A verdict as the page tells it."""
    return {
        "number": one["number"] or "—",
        "kind": str(choices.KINDS.get(one["kind"], one["kind"].upper())),
        "currency": one["currency"],
        "due": one["totals"].get("due") or "—",
        "ok": one["ok"],
        "problems": [told(problem) for problem in one["problems"]],
        "remarks": [told(problem) for problem in one["remarks"]],
    }


def taken_words(one: dict[str, Any]) -> dict[str, Any]:
    """What became of a paper."""
    return {
        "number": one.get("number") or "—",
        "ok": one["ok"],
        "draft": one.get("draft", "") or one.get("number", ""),
        "url": reverse("web:invoice", args=[one["id"]]) if one["ok"] else "",
        "client": one.get("client", ""),
        "problems": [told(problem) for problem in one["problems"]],
    }


def told(problem: dict[str, Any]) -> str:
    """A fault with the place that it is in."""
    sentence = said(problem["detail"])
    return f"{problem['pointer']}: {sentence}" if problem["pointer"] else sentence
