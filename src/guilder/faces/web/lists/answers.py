"""What a list answers: page, sums, the bar of what is selected, acts on many, files, views."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import answers, late
from guilder.faces.web.door import page, sentences
from guilder.faces.web.lists import drawing, exporting, jobs, kept
from guilder.faces.web.lists.filters import identity
from guilder.faces.web.lists.state import State, state_from, state_of
from guilder.faces.web.lists.table import Act, Figures, Outcome, Source
from guilder.faces.web.shell import Visit
from guilder.foundation.edges import throttle
from guilder.kernel.errors import GuilderError, Invalid
from guilder.office.desk import operations as desk

PAGE = "lists/page.html"
MOST_AT_ONCE = 10_000  # rows of a file that is made while one waits
MOST_TICKED = 5_000  # ids that one request names


class NothingChosen(Invalid):
    """An act on many without one."""

    code = "list.nothing_chosen"


class TooMany(Invalid):
    """More than an act takes at once."""

    code = "list.too_many"


def addresses(source: Source, base: str, *, section: str, permission: str) -> list[URLPattern]:
    """The addresses of a list and of its machine."""
    name = source.table.route.removeprefix("web:")
    jobs.SOURCES[source.table.kind] = source

    def view(
        answer: Callable[[HttpRequest, Visit, Source], HttpResponse], methods: str
    ) -> Callable[..., HttpResponse]:
        @page(section, permission, methods=methods)
        def opened(request: HttpRequest, visit: Visit) -> HttpResponse:
            return answer(request, visit, source)

        return opened

    return [
        path(base, view(show, "GET"), name=name),
        path(f"{base}sums/", view(sums, "GET"), name=f"{name}_sums"),
        path(f"{base}selection/", view(selection, "POST"), name=f"{name}_selection"),
        path(f"{base}bulk/", view(bulk, "POST"), name=f"{name}_bulk"),
        path(f"{base}views/", view(views, "POST"), name=f"{name}_views"),
        path(f"{base}export/", view(export, "GET POST"), name=f"{name}_export"),
    ]


# Looking


def show(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """The page, or for htmx the list alone, with the one address that means it."""
    is_whole = not answers.swaps(request)
    with visit.reading():
        state = state_of(request, source.table, visit)
        # A browser that runs scripts fetches the panels of the toolbar when one is opened.
        is_late = is_whole and late.asks(request)
        words = drawing.page_of(source, state, visit, request, is_late=is_late)
    if is_whole:
        return render(request, PAGE, words)
    response = render(request, f"{PAGE}#list", words)
    if request.headers.get("HX-Target") == "list" and words["here"] != request.get_full_path():
        response["HX-Push-Url"] = words["here"]  # what a form sent, without its empty parts
    return response


def sums(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """Count and sums of everything that the filter finds."""
    state = state_of(request, source.table, visit)
    return render(request, f"{PAGE}#sums", {"foot": whole_foot(source, state, visit)})


def whole_foot(source: Source, state: State, visit: Visit) -> dict[str, object]:
    """The foot with all the sums; words to that effect where there are too many."""
    try:
        figures = kept.figures_of(source, state, visit)
    except OperationalError:
        return {"count": "", "sums": [], "later": "", "too_many": True}
    return drawing.foot_of(figures, state)


# Selecting


def chosen_state(request: HttpRequest, visit: Visit, source: Source) -> State:
    """What a form of the bulk bar means: some ids, or all that a query finds but some."""
    post = request.POST
    query = QueryDict(post.get("query", "")[:2000])
    state = state_from(query, source.table, visit)
    if post.get("all"):
        return state.only((), without=ids_in(post.getlist("without")))
    bare = state_from(QueryDict(""), source.table, visit)
    return bare.only(ids_in([*post.getlist("ids"), *post.getlist("id")]) or (UUID(int=0),))


def ids_in(given: Sequence[str]) -> tuple[UUID, ...]:
    """The ids of fields that hold one or several."""
    parts = [part for text in given for part in text.split(",") if part][:MOST_TICKED]
    return tuple(dict.fromkeys(one for part in parts if (one := identity(part))))


def selection(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """The bulk bar for what is selected: how many, their sum, and what can be done."""
    state = chosen_state(request, visit, source)
    figures = source.figures(state, visit, cap=None)
    words = {
        "table": source.table,
        "urls": drawing.urls(state),
        "figures": figures,
        "words": selected_words(figures),
        "sum": selected_sum(figures, source),
        "acts": bulk_acts(figures, visit, source),
        "chosen": {
            "all": request.POST.get("all", ""),
            "query": request.POST.get("query", ""),
            "ids": request.POST.get("ids", ""),
            "without": request.POST.get("without", ""),
        },
        "here": request.POST.get("here", ""),
        "rest": rest_words(request, visit, source, figures),
    }
    return render(request, "lists/bulk.html", words)


def selected_words(figures: Figures) -> str:
    """ "3 selected"."""
    number = drawing.counted(figures.count, cap=10**12) or "0"
    return ngettext("%(n)s selected", "%(n)s selected", figures.count) % {"n": number}


def selected_sum(figures: Figures, source: Source) -> list[object]:
    """The one sum that the bar tells."""
    found = [one for one in figures.sums if one.label == source.table.shown_sum]
    return [amount for amount in found[0].amounts if amount] if found else []


def rest_words(request: HttpRequest, visit: Visit, source: Source, figures: Figures) -> str:
    """ "Select all 1,284" where the list holds more than is selected; else nothing."""
    if request.POST.get("all"):
        return ""
    here = QueryDict(request.POST.get("here", "").partition("?")[2][:2000])
    state = state_from(here, source.table, visit)
    found = source.figures(state, visit, cap=None)
    if found.count <= figures.count:
        return ""
    return _("Select all %(n)s") % {"n": drawing.counted(found.count, cap=10**12)}


def bulk_acts(figures: Figures, visit: Visit, source: Source) -> list[dict[str, object]]:
    """The acts that this person may do, with their questions."""
    return [
        {
            "act": act,
            "question": act.question(figures.count) if act.question else "",
            "id": f"bulk-{act.key}",
        }
        for act in source.table.acts
        if not act.permission or visit.by.may(act.permission)
    ]


# Acting


def bulk(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """One act on all that is selected; what it left out is told on the list."""
    act = act_of(request, visit, source)
    if act is None:
        return export(request, visit, source)
    state = chosen_state(request, visit, source)
    try:
        ids = chosen_ids(state, act, visit, source)
        if act.question and not request.POST.get("sure"):
            return ask(request, source, act, len(ids))
        outcome = act.run(ids, visit)
    except GuilderError as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
        return redirect(here_of(request, source))
    return told(request, source, outcome)


def act_of(request: HttpRequest, visit: Visit, source: Source) -> Act | None:
    """The act that a form names; None for an export, which every list has."""
    key = request.POST.get("act", "")
    act = next((one for one in source.table.acts if one.key == key), None)
    if act is not None and act.permission:
        visit.by.require(act.permission)
    return act


def chosen_ids(state: State, act: Act, visit: Visit, source: Source) -> list[UUID]:
    """The ids that an act is for. Raises NothingChosen, TooMany."""
    ids = source.chosen(state, visit, limit=act.most + 1)
    if not ids:
        raise NothingChosen(_("Nothing is selected. Tick the rows that you mean."))
    if len(ids) > act.most:
        words = _("This takes at most %(n)s at once. Narrow the list, or select fewer.")
        raise TooMany(words % {"n": drawing.counted(act.most)})
    return ids


def ask(request: HttpRequest, source: Source, act: Act, count: int) -> HttpResponse:
    """The question of a final act as a page, for where no script asks it."""
    words = {
        "table": source.table,
        "act": act,
        "question": act.question(count) if act.question else "",
        "here": here_of(request, source),
        "fields": [
            (name, value)
            for name in ("act", "ids", "id", "all", "query", "without", "here")
            for value in request.POST.getlist(name)
        ],
    }
    return render(request, "lists/confirm.html", words)


def told(request: HttpRequest, source: Source, outcome: Outcome) -> HttpResponse:
    """Back to the list with a toast, and what was left out in a note; or the file."""
    if outcome.file is not None:
        data, name, media = outcome.file
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(data, content_type=media, headers=headers)
    if outcome.failures:
        request.session[drawing.FAILURES] = [
            {"label": one.label, "url": one.url, "problem": one.problem}
            for one in outcome.failures[:100]
        ]
    if outcome.text:
        answers.say(request, outcome.text, undo=outcome.undo)
    return redirect(here_of(request, source))


def here_of(request: HttpRequest, source: Source) -> str:
    """The address of the list that a form was on, never one of elsewhere."""
    base = state_path(source)
    here = request.POST.get("here", "")
    return here if here == base or here.startswith(f"{base}?") else base


def state_path(source: Source) -> str:
    """The list's own address."""
    return reverse(source.table.route)


# Files


def export(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """The view as CSV or XLSX; of very many rows a job makes it, whose file comes to the inbox."""
    throttle.spend("export", str(visit.by.user_id))
    if request.method == "POST":
        kind = request.POST.get("act", "").removeprefix("export-")
        state = selected_look(request, visit, source)
    else:
        kind = request.GET.get("format", "csv")
        state = state_of(request, source.table, visit)
    kind = kind if kind in exporting.MEDIA else "csv"
    count = source.counts([state], visit, cap=MOST_AT_ONCE)[0]
    if count > MOST_AT_ONCE:
        return by_job(request, visit, state, kind)
    return file_of(source, state, visit, kind)


def selected_look(request: HttpRequest, visit: Visit, source: Source) -> State:
    """What is selected, in the columns and order of the list that it was selected on."""
    chosen = chosen_state(request, visit, source)
    here = QueryDict(request.POST.get("here", "").partition("?")[2][:2000])
    look = {name: here[name] for name in ("cols", "sort") if name in here}
    return replace(chosen, given={**chosen.given, **look})


def file_of(source: Source, state: State, visit: Visit, kind: str) -> HttpResponse:
    """The file at once."""
    name = exporting.filename(state, visit, kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    rows = exporting.all_rows(source, state, visit)
    if kind == "csv":
        text = "".join(exporting.csv_lines(rows, state.columns))
        return HttpResponse(text, content_type=exporting.MEDIA[kind], headers=headers)
    data = exporting.xlsx_bytes(rows, state.columns, title=str(state.table.title))
    return HttpResponse(data, content_type=exporting.MEDIA[kind], headers=headers)


def by_job(request: HttpRequest, visit: Visit, state: State, kind: str) -> HttpResponse:
    """Queue the export; its file comes to the inbox."""
    jobs.begin_export(visit, state, kind=kind)
    words = _("The export is under way. Its file comes to your inbox, also when you leave.")
    answers.say(request, words)
    return redirect(state.url(cursor=""))


# Saved views


def views(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """Keep the list under a name, change a kept one, or forget it."""
    post = request.POST
    state = state_from(QueryDict(post.get("state", "")[:2000]), source.table, visit)
    if state.view.saved and state.view.mine and post.get("do") == "delete":
        desk.delete_view(UUID(state.view.key), by=visit.by)
        answers.say(request, _("The view is deleted."))
        return redirect(state.path)
    data = {
        "kind": source.table.kind,
        "name": post.get("name", ""),
        "query": encoded(state.whole_query()),
        "columns": [column.key for column in state.columns],
        "is_shared": bool(post.get("shared")),
    }
    try:
        if post.get("do") == "update" and state.view.mine:
            view = desk.update_view(UUID(state.view.key), by=visit.by, data=data, at=visit.now)
        else:
            view = desk.save_view(by=visit.by, data=data, at=visit.now)
    except GuilderError as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
        return redirect(state.url())
    answers.say(request, _("The view is saved."))
    return redirect(f"{state.path}?view={view.id}")


def encoded(parts: dict[str, str]) -> str:
    """A query text."""
    query = QueryDict(mutable=True)
    query.update(parts)
    return query.urlencode(safe=",:")
