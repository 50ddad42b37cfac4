"""Saying something about a thing, and laying files to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import answers
from guilder.faces.web.door import page, sentences
from guilder.faces.web.shell import Visit
from guilder.faces.web.talk.part import PAGES, talk_of
from guilder.kernel.errors import Invalid, NotFound
from guilder.office.desk import operations, queries

MOST_FILES = 20


@page("", "desk.view", methods="POST")
def comment_add(request: HttpRequest, visit: Visit, kind: str, subject_id: UUID) -> HttpResponse:
    """Write a comment; who is named by “@Name” hears of it."""
    text = request.POST.get("text", "")
    try:
        operations.add_comment(kind, subject_id, by=visit.by, text=text, at=visit.now)
    except Invalid as error:
        return again(request, visit, kind, subject_id, error=sentences(error)[0], text=text)
    return again(request, visit, kind, subject_id)


@page("", "desk.view", methods="POST")
def comment_delete(request: HttpRequest, visit: Visit, comment_id: UUID) -> HttpResponse:
    """Take one's own comment back while nobody has answered."""
    kind, subject_id = subject_of(request)
    operations.delete_comment(comment_id, by=visit.by, at=visit.now)
    return again(request, visit, kind, subject_id)


@page("", "desk.view", methods="POST")
def file_add(request: HttpRequest, visit: Visit, kind: str, subject_id: UUID) -> HttpResponse:
    """Lay files to a thing; one that is refused stops no other."""
    refused = []
    for given in request.FILES.getlist("file")[:MOST_FILES]:
        try:
            operations.add_attachment(
                kind,
                subject_id,
                by=visit.by,
                content=given.read(),
                filename=given.name or "",
                at=visit.now,
            )
        except Invalid as error:
            words = _("%(name)s: %(why)s") % {"name": given.name, "why": sentences(error)[0]}
            refused.append(words)
    return again(request, visit, kind, subject_id, error=" ".join(refused))


@page("", "desk.view", methods="GET")
def file(request: HttpRequest, visit: Visit, attachment_id: UUID) -> HttpResponse:
    """The bytes of a file; always saved, never shown, since anybody may have written it."""
    found = queries.open_attachment(
        attachment_id, by=visit.by, key=request.GET.get("key", "")[:300]
    )
    answer = HttpResponse(queries.read_attachment(found), content_type=found.file.media_type)
    name = found.file.filename.replace('"', "")
    ascii_name = name.encode("ascii", "replace").decode()
    answer["Content-Disposition"] = f'attachment; filename="{ascii_name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page("", "desk.view", methods="POST")
def file_remove(request: HttpRequest, visit: Visit, attachment_id: UUID) -> HttpResponse:
    """Take a file away from a thing."""
    found = queries.get_attachment(attachment_id, by=visit.by)
    operations.remove_attachment(attachment_id, by=visit.by)
    return again(request, visit, found.subject_kind, found.subject_id)


def subject_of(request: HttpRequest) -> tuple[str, UUID]:
    """The thing that a form names."""
    try:
        return request.POST["kind"], UUID(request.POST["subject"])
    except (KeyError, ValueError):
        raise NotFound("There is no such thing.") from None


def again(
    request: HttpRequest,
    visit: Visit,
    kind: str,
    subject_id: UUID,
    *,
    error: str = "",
    text: str = "",
) -> HttpResponse:
    """The part as it stands now; without htmx the page that it is on."""
    if kind not in PAGES:
        raise NotFound("There is no such thing.")
    if not answers.swaps(request):
        if error:
            messages.error(request, error)
        return redirect(f"{reverse(PAGES[kind], args=[subject_id])}#talk")
    with visit.reading():
        talk = talk_of(visit, kind, subject_id)
    words = {"talk": talk, "error": error, "text": text, "subject": subject_id, "kind": kind}
    return render(request, "parts/talk.html", words, status=422 if error else 200)
