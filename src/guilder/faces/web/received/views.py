"""The inbox of documents: what came in, one of them, and taking files in."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web import answers, timeline
from guilder.faces.web.door import page
from guilder.faces.web.received import words
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.flows.intake import operations, queries
from guilder.flows.intake.models import ReceivedDocument
from guilder.kernel.errors import GuilderError, NotFound
from guilder.kernel.money import Money
from guilder.papers.rendering import operations as rendering
from guilder.registers.parties import queries as parties

SHOWN = 50
MOST_FILES = 50
PPI = 110
TABS = (
    ("waiting", gettext_lazy("Waiting")),
    ("billed", gettext_lazy("Billed")),
    ("refused", gettext_lazy("Refused")),
    ("", gettext_lazy("All")),
)
PICTURES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))


@page("documents", "bill.view", methods="GET")
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What came in, the newest first."""
    state = request.GET.get("state", "waiting")
    state = state if state in dict(TABS) else "waiting"
    sought = request.GET.get("q", "").strip()
    with visit.reading():
        found = queries.list_received(
            queries.DocumentFilter(state=state, q=sought),
            by=visit.by,
            limit=SHOWN + 1,
            before=id_of(request.GET.get("before", "")),
        )
        is_empty = not found and not sought and not queries.has_any(visit.by)
    more = urlencode({"state": state, "q": sought, "before": str(found[SHOWN - 1].id)}) if len(
        found) > SHOWN else ""  # fmt: skip
    return render(
        request,
        "received/list.html",
        {
            "rows": [row_of(one, visit) for one in found[:SHOWN]],
            "tabs": [
                SimpleNamespace(label=label, url=f"?state={code}", current=code == state)
                for code, label in TABS
            ],
            "q": sought,
            "state": state,
            "more": f"?{more}" if more else "",
            "is_empty": is_empty,
            "may": {"upload": visit.by.may("document.upload")},
        },
    )


def id_of(text: str) -> UUID | None:
    """An id, where it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def row_of(one: ReceivedDocument, visit: Visit) -> SimpleNamespace:
    """A paper in the list."""
    return SimpleNamespace(
        id=one.id,
        url=reverse("web:document", args=[one.id]),
        name=one.number or one.filename,
        supplier=one.supplier_name or one.sender or "–",
        status=f"document_{one.state}",
        channel=words.CHANNELS.get(one.channel, one.channel),
        at=one.received_at.astimezone(visit.zone).date(),
        due_on=one.due_on,
        amount=amount_of(one),
        is_doubtful=bool(one.doubts or one.problems) or one.is_valid is False,
    )


def amount_of(one: ReceivedDocument) -> Money | None:
    """What a paper asks for."""
    if one.due_amount is None or not one.currency:
        return None
    return Money(one.due_amount, one.currency)


@page("documents", "bill.view", methods="GET")
def document(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """One paper: what was read, what the rules say, what to look at, and what to do."""
    with visit.reading():
        row = queries.get_received(document_id, by=visit.by)
        context = {
            "document": facts(row, visit),
            "readable": readable_of(row),
            "verdict": words.verdict_words(queries.verdict_on(row)),
            "doubts": [words.doubt_words(one) for one in row.doubts],
            "problems": [words.problem_words(one) for one in row.problems],
            "may": allowed(row, visit),
            "suppliers": suppliers_of(row, visit),
            "timeline": timeline.of_rows(visit, [row.id]),
            "ask": request.GET.get("ask", ""),
        }
    return render(request, "received/detail.html", context)


def readable_of(row: ReceivedDocument) -> SimpleNamespace | None:
    """The paper as people read it."""
    paper = queries.paper_in(row)
    return words.readable(paper) if paper is not None else None


def facts(row: ReceivedDocument, visit: Visit) -> SimpleNamespace:
    """What the page says of the paper."""
    is_picture = row.media_type == "application/pdf" or row.media_type in PICTURES
    return SimpleNamespace(
        id=row.id,
        title=row.number or row.filename,
        filename=row.filename,
        status=f"document_{row.state}",
        state=row.state,
        supplier=row.supplier_name,
        partner=row.partner.name if row.partner is not None else "",
        partner_url=reverse("web:supplier", args=[row.partner_id]) if is_supplier(row) else "",
        sign=words.SIGNS.get(row.matched_by, ""),
        format=words.format_words(row),
        channel=words.CHANNELS.get(row.channel, row.channel),
        sender=row.sender,
        at=timeline.moment(row.received_at, visit),
        sha256=row.sha256,
        amount=amount_of(row),
        file_url=reverse("web:document_file", args=[row.id]),
        picture_url=reverse("web:document_picture", args=[row.id, 1]) if is_picture else "",
        bill_url=reverse("web:bill", args=[row.bill_id]) if row.bill_id else "",
        first_url=(
            reverse("web:document", args=[row.duplicate_of_id]) if row.duplicate_of_id else ""
        ),
        reason=row.reason,
        enter_url=f"{reverse('web:bill_new')}?document={row.id}",
    )


def is_supplier(row: ReceivedDocument) -> bool:
    """Whether who it is from is a supplier already."""
    if row.partner is None:
        return False
    return any(one.side == "supplier" for one in row.partner.partnerships.all())


def allowed(row: ReceivedDocument, visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state."""
    may = visit.by.may
    waits = row.state in queries.WAITING
    is_readable = bool(row.reading.get("is_whole"))
    return {
        "bill": waits and is_readable and row.partner_id is not None and may("bill.edit"),
        "choose": waits and is_readable and row.partner_id is None and may("bill.edit"),
        "enter": waits and may("bill.edit"),
        "refuse": waits and may("bill.edit"),
        "take_back": row.state in {"refused", "duplicate"} and may("bill.edit"),
        "delete": row.state != "billed" and may("document.delete"),
        "differs": bool(row.problems),
    }


def suppliers_of(row: ReceivedDocument, visit: Visit) -> list[SimpleNamespace]:
    """Whom it may be from, where nobody was found."""
    if row.partner_id is not None or row.state not in queries.WAITING:
        return []
    rows = parties.list_partners(visit.by.organization_id, side="supplier")
    found = rows.filter(archived_at=None).order_by("name")[:500]
    return [SimpleNamespace(id=one.id, name=one.name) for one in found]


@page("documents", "document.upload")
def documents_upload(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take files in, several at once."""
    if request.method != "POST":
        return render(request, "received/upload.html", {"outcomes": []})
    found: list[operations.Outcome] = []
    for file in request.FILES.getlist("files")[:MOST_FILES]:
        data = file.read(operations.LARGEST + 1)
        name = str(file.name or "document")
        try:
            found += operations.receive_all(
                data, name=name, channel="upload", by=visit.by, at=visit.now
            )
        except GuilderError as error:
            found.append(operations.Outcome(name, error=error))
    if not found:
        words_ = {"outcomes": [], "problem": _("Choose at least one file.")}
        return render(request, "received/upload.html", words_, status=422)
    if len(found) == 1 and found[0].error is None and len(found[0].documents) == 1:
        return answers.done(
            request,
            to=reverse("web:document", args=[found[0].documents[0].id]),
            text=taken_words(found[0]),
        )
    return render(
        request,
        "received/upload.html",
        {"outcomes": [outcome_of(one) for one in found], "summary": summary_of(found)},
        status=422 if all(one.error for one in found) else 200,
    )


def taken_words(one: operations.Outcome) -> str:
    """What became of one file."""
    if not one.is_new:
        return _("This very file came before.")
    if one.documents[0].state == "billed":
        return _("It was read, and its bill is drafted.")
    return _("It was taken in.")


def outcome_of(one: operations.Outcome) -> SimpleNamespace:
    """One file as the page tells it."""
    first = one.documents[0] if one.documents else None
    return SimpleNamespace(
        name=one.name,
        url=reverse("web:document", args=[first.id]) if first is not None else "",
        text=said(one.error.detail) if one.error is not None else taken_words(one),
        is_bad=one.error is not None,
    )


def summary_of(found: list[operations.Outcome]) -> str:
    """How many were taken."""
    good = sum(one.error is None for one in found)
    text = ngettext("%(n)d file was taken in.", "%(n)d files were taken in.", good)
    return text % {"n": good}


@page("documents", "bill.view", methods="GET")
def document_file(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """The bytes as they came; a browser shows PDFs and pictures, and keeps all else."""
    row = queries.get_received(document_id, by=visit.by)
    data = queries.bytes_of(document_id, by=visit.by)
    is_shown = row.media_type == "application/pdf" or row.media_type in PICTURES
    place = "inline" if is_shown and not request.GET.get("save") else "attachment"
    safe = "".join(one if one.isalnum() or one in "._-" else "_" for one in row.filename)
    return HttpResponse(
        data,
        content_type=row.media_type if is_shown else "application/octet-stream",
        headers={
            "Content-Disposition": f'{place}; filename="{safe[:120]}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@page("documents", "bill.view", methods="GET")
def document_picture(
    request: HttpRequest, visit: Visit, document_id: UUID, number: int
) -> HttpResponse:
    """One page of a PDF as a picture, or the picture that came."""
    del request
    row = queries.get_received(document_id, by=visit.by)
    data = queries.bytes_of(document_id, by=visit.by)
    if row.media_type in PICTURES:
        kept = {"X-Content-Type-Options": "nosniff"}
        return HttpResponse(data, content_type=row.media_type, headers=kept)
    if row.media_type != "application/pdf":
        raise NotFound("There is no picture of it.")
    return HttpResponse(rendering.picture_of(data, page=number, ppi=PPI), content_type="image/png")


@page("documents", "bill.view", methods="GET")
def document_view(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """The e-invoice alone, readable, to be printed."""
    row = queries.get_received(document_id, by=visit.by)
    paper = readable_of(row)
    if paper is None:
        return redirect("web:document", document_id)
    return render(request, "received/view.html", {"document": facts(row, visit), "readable": paper})


@page("documents", "bill.edit", methods="POST")
def document_bill(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """Make a bill of it."""
    chosen = request.POST.get("supplier", "")
    made = operations.make_bill(
        document_id,
        by=visit.by,
        at=visit.now,
        supplier_id=id_of(chosen),
        is_new_supplier=chosen == "new",
        accept_differences=bool(request.POST.get("accept")),
    )
    return answers.done(
        request, to=reverse("web:bill", args=[made.id]), text=_("The bill is drafted.")
    )


@page("documents", "bill.edit", methods="POST")
def document_refuse(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """Say that it is none of ours."""
    reason = request.POST.get("reason", "")
    operations.refuse(document_id, by=visit.by, at=visit.now, reason=reason)
    return answers.done(request, to=reverse("web:documents"), text=_("The document is refused."))


@page("documents", "bill.edit", methods="POST")
def document_take_back(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """Take it up again."""
    operations.take_back(document_id, by=visit.by, at=visit.now)
    to: Any = reverse("web:document", args=[document_id])
    return answers.done(request, to=to, text=_("The document waits again."))


@page("documents", "document.delete", methods="POST")
def document_delete(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """Throw it away."""
    operations.delete_received(document_id, by=visit.by)
    return answers.done(request, to=reverse("web:documents"), text=_("The document is gone."))
