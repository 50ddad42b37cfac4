"""The editor's answers, the same for every kind of paper: the page, figures, saving."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import choices
from guilder.faces.web.door import sentences
from guilder.faces.web.drafting import (
    cards,
    conflict,
    periods,
    values,
)
from guilder.faces.web.drafting.desk import (
    Desk,
    Drawn,
    draw,
    empty_desk,
    posted_desk,
    raw_of,
    stored_desk,
)
from guilder.faces.web.drafting.shelves import Shelf
from guilder.faces.web.drafting.words import drawn_row, marks_of, words_of
from guilder.faces.web.security import shows_ours
from guilder.faces.web.shell import Visit
from guilder.faces.web.timeline import moment
from guilder.kernel.errors import GuilderError, Invalid, Stale
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import queries as parties

TEMPLATE = "invoices/edit.html"


def new_paper(request: HttpRequest, visit: Visit, shelf: Shelf) -> HttpResponse:
    """Write a new draft."""
    if request.method == "POST":
        with visit.reading():
            desk = posted_desk(shelf, visit, request.POST, None)
        return saved(request, visit, desk)
    with visit.reading():
        client = asked_client(request, visit)
        desk = empty_desk(shelf, visit, client=client, kind=request.GET.get("kind", ""))
    return page_of(request, visit, desk)


def asked_client(request: HttpRequest, visit: Visit) -> Any:
    """The client that the address names; NoSuchPartner for one who is not there."""
    text = request.GET.get("client", "")
    try:
        chosen = UUID(text)
    except ValueError:
        return None
    return parties.get_partner(visit.by.organization_id, chosen, side="customer")


def edit_paper(request: HttpRequest, visit: Visit, shelf: Shelf, paper_id: UUID) -> HttpResponse:
    """Change a draft; what is finished has a page of its own."""
    record = shelf.read(paper_id, by=visit.by)
    if not shelf.is_draft(record):
        messages.warning(request, str(shelf.frozen))
        return redirect(shelf.url("", paper_id))
    with visit.reading():
        if request.method == "POST":
            desk = posted_desk(shelf, visit, request.POST, record)
        else:
            desk = stored_desk(shelf, visit, record)
    if request.method != "POST":
        return page_of(request, visit, desk)
    if request.POST.get("do") == "resolve":
        desk = conflict.resolved(request, visit, desk)
    return saved(request, visit, desk)


def named_record(request: HttpRequest, visit: Visit, shelf: Shelf) -> Any:
    """The draft that a call without a page of its own names; None while it is new."""
    try:
        chosen = UUID(request.POST.get("paper", ""))
    except ValueError:
        return None
    return shelf.read(chosen, by=visit.by)


# Saving


def saved(request: HttpRequest, visit: Visit, desk: Desk) -> HttpResponse:
    """Save and stay, or save and go on to the review; what is refused comes back as typed."""
    do = request.POST.get("do", "save")
    if do == "add":
        desk.rows = [*desk.rows, *values.blanks(3)]
        return page_of(request, visit, desk, is_draft_of_form=True)
    if not desk.form.is_valid():
        return refused(request, visit, desk)
    try:
        record = stored(visit, desk, desk.typed)
    except Stale:
        return conflict.page_of(request, visit, desk)
    except Invalid as error:
        desk.errors, desk.problems = values.faults_of(desk.form, error, desk.typed)
        return refused(request, visit, desk)
    if do == "review":
        return redirect(review_url(request, desk, record))
    messages.success(request, _("The draft is saved."))
    return redirect(desk.shelf.url("edit", record.id))


def review_url(request: HttpRequest, desk: Desk, record: Any) -> str:
    """The review of a draft, for the issue day that the editor names."""
    url = desk.shelf.url("review", record.id)
    day = periods.read_day(desk.given["issued_on"], today=record.updated_at.date())
    return f"{url}?on={day.isoformat()}" if day and request.POST.get("issued_on") else url


def stored(
    visit: Visit,
    desk: Desk,
    rows: list[values.Row],
    *,
    keeps: Mapping[str, Any] | None = None,
) -> Any:
    """The draft, made or changed; a client of an unknown name is entered first.

    `keeps` are lines (by key) that stay as they were stored.
    """
    if desk.client is None:
        desk.client = cards.entered_client(
            desk.given["client_name"], desk.given["client_email"], visit
        )
        # A second try after a fault in a line finds the client entered.
        desk.form.data = desk.form.data.copy()  # type: ignore[assignment]
        desk.form.data["client"] = str(desk.client.id)
    else:
        cards.keep_email(desk.client, desk.given["client_email"], visit)
    data = raw_of(desk, visit, rows)
    data["client"] = str(desk.client.id)
    for index, row in enumerate(rows):
        if keeps and row["key"] in keeps:
            data["lines"][index] = keeps[row["key"]]
    if desk.record is None:
        return desk.shelf.create(by=visit.by, data=data, at=visit.now)
    if same_lines(data["lines"], desk.old.get("lines", [])):
        del data["lines"]  # so that they still stand for what they came from
    return desk.shelf.update(
        desk.record.id, by=visit.by, data=data, at=visit.now, version=desk.version
    )


def same_lines(new: list[Any], old: list[Any]) -> bool:
    """Whether lines say the same, however their numbers are written."""

    def plain(line: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: value for name, value in line.items() if value not in ("", None, [])}
        for name in ("quantity", "unit_price"):
            if name in found:
                found[name] = Decimal(str(found[name]))
        found["allowances"] = values.whole_levels(found.get("allowances", []))
        return found

    try:
        return [plain(line) for line in new] == [plain(line) for line in old]
    except ArithmeticError:
        return False


def refused(request: HttpRequest, visit: Visit, desk: Desk) -> HttpResponse:
    """The editor again, with what is wrong."""
    desk.rows = [*desk.rows, *values.blanks(1)]
    return page_of(request, visit, desk, status=422)


def autosave(request: HttpRequest, visit: Visit, shelf: Shelf) -> HttpResponse:
    """Keep what is typed as far as it can be kept; lines with a fault stay in the browser.

    200 {id, version, saved, at, left_out} · 202 nothing to keep yet · 409 somebody else changed it.
    """
    record = named_record(request, visit, shelf)
    if record is not None and not shelf.is_draft(record):
        return JsonResponse({"gone": shelf.url("", record.id)}, status=409)
    with visit.reading():
        desk = posted_desk(shelf, visit, request.POST, record)
        drawn = draw(desk, visit)
    has_client = desk.client or (desk.given["client_name"] and request.POST.get("settled"))
    if not has_client or drawn.sketch is None:
        return JsonResponse({"problems": len(drawn.faults)}, status=202)
    rows, keeps = keepable(desk, drawn)
    try:
        made = stored(visit, desk, rows, keeps=keeps)
    except Stale:
        return JsonResponse({"conflict": conflict.words_of(visit, record)}, status=409)
    except (Invalid, GuilderError) as error:
        return JsonResponse({"problems": 1, "text": sentences(error)[0]}, status=202)
    left_out = len(desk.typed) - len(rows)
    return JsonResponse(
        {
            "id": str(made.id),
            "version": made.version,
            "client": str(made.partner_id),
            "edit_url": shelf.url("edit", made.id),
            "review_url": shelf.url("review", made.id),
            "page_url": shelf.url("", made.id),
            "as_client": shelf.url("as_client", made.id),
            "saved": saved_words(made.updated_at, visit, left_out=left_out + len(keeps)),
            "at": {row["key"]: str(index) for index, row in enumerate(rows)},
            "left_out": left_out + len(keeps),
        }
    )


def keepable(desk: Desk, drawn: Drawn) -> tuple[list[values.Row], dict[str, Any]]:
    """The rows that can be stored, in order, and the stored lines of those with a fault now."""
    sound = {row["key"] for row in drawn.sound}
    keeps: dict[str, Any] = {}
    rows = []
    for row in desk.typed:
        before = values.before_of(row, desk.old.get("lines", []))
        if row["key"] in sound:
            rows.append(row)
        elif before is not None:
            keeps[row["key"]] = before
            rows.append(row)
    return rows, keeps


def saved_words(at: Any, visit: Visit, *, left_out: int = 0) -> str:
    """Saved 10:46, and how many lines wait to be finished."""
    words = _("Saved %(at)s") % {"at": moment(at, visit)}
    if not left_out:
        return words
    rest = ngettext("%(n)s line is not complete", "%(n)s lines are not complete", left_out)
    return f"{words} · {rest % {'n': left_out}}"


# The page and its figures


def page_of(
    request: HttpRequest,
    visit: Visit,
    desk: Desk,
    *,
    status: int = 200,
    is_draft_of_form: bool = False,
) -> HttpResponse:
    """The whole page."""
    record, shelf = desk.record, desk.shelf
    if is_draft_of_form:
        desk.form.errors.clear()
    blank = {**values.blanks(1)[0], "key": "__key__"}
    title = shelf.new_title
    if record:
        title = str(shelf.draft_title) % {"client": record.partner_name}
    words = words_of(request, visit, desk) | {
        "form": desk.form,
        "problems": desk.problems,
        "blank": drawn_row(blank, None, "", desk),
        "title": title,
        "shelf": shelf,
        "paper_id": record.id if record else None,
        "is_quote": shelf.kind is not None,
        "is_correction": bool(desk.old.get("corrects")),
        "list_url": shelf.list_url,
        "urls": urls_of(shelf, record),
        "saved_text": saved_words(record.updated_at, visit) if record else "",
        "marks": marks_of(desk.currency(visit)),
        "may": {"client": visit.by.may("partner.edit"), "issue": may_send(shelf, visit)},
    }
    return shows_ours(render(request, TEMPLATE, words, status=status))


def may_send(shelf: Shelf, visit: Visit) -> bool:
    """Whether the person may do what the review is for."""
    return visit.by.may("quote.send" if shelf.kind else "invoice.issue")


def urls_of(shelf: Shelf, record: Any) -> SimpleNamespace:
    """The addresses that the page and its script use."""
    return SimpleNamespace(
        figures=shelf.url("figures"),
        autosave=shelf.url("autosave"),
        pdf=shelf.url("draft_pdf"),
        as_client=shelf.url("as_client", record.id) if record else "",
        review=shelf.url("review", record.id) if record else "",
        page=shelf.url("", record.id) if record else "",
    )


def figures_page(request: HttpRequest, visit: Visit, shelf: Shelf) -> HttpResponse:
    """The figures of what is typed, for the parts of the page that show them."""
    record = named_record(request, visit, shelf)
    with visit.reading():
        desk = posted_desk(shelf, visit, request.POST, record)
    words = words_of(request, visit, desk) | {
        "fragment": True,
        "form": desk.form,
        "shelf": shelf,
        "is_quote": shelf.kind is not None,
        "marks": marks_of(desk.currency(visit)),
    }
    return render(request, f"{TEMPLATE}#figures", words)


def draft_pdf(request: HttpRequest, visit: Visit, shelf: Shelf) -> HttpResponse:
    """The PDF of what is typed, to be looked at."""
    record = named_record(request, visit, shelf)
    with visit.reading():
        desk = posted_desk(shelf, visit, request.POST, record)
        drawn = draw(desk, visit)
        look = looks.look_of(by=visit.by)
    if drawn.document is None:
        return HttpResponse(status=204)
    pdf = rendering.render_pdf(drawn.document, look=look)
    name = f"{choices.KINDS[drawn.document.kind.value]}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
