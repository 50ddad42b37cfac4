"""Search, and the palette's answers."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.faces.web import days, formats, menu, typed
from guilder.faces.web.door import page
from guilder.faces.web.search.kinds import KINDS
from guilder.faces.web.shell import Visit
from guilder.office.search import queries as index
from guilder.office.search.queries import Asked, Hit

LONGEST = 100
MOST = {"palette": 6, "page": 20}  # hits of one group


@page("search", methods="GET")
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page that works without script."""
    words = found(request, visit, most=MOST["page"])
    return render(request, "search/list.html", words)


@page("search", methods="GET")
def palette(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The palette's hits."""
    words = found(request, visit, most=MOST["palette"])
    return render(request, "search/list.html#hits", words)


def found(request: HttpRequest, visit: Visit, *, most: int) -> dict[str, object]:
    """What fits the words, by group; amounts and days are told apart from names."""
    q = request.GET.get("q", "").strip()[:LONGEST]
    asked = asked_of(q, today=visit.today)
    with visit.reading():
        hits = index.find(asked, by=visit.by, limit=most * 4)
        words = words_of(hits, visit)
    groups = grouped(hits, words, most=most)
    return {"q": q, "groups": groups, "meant": meant(asked)}


def asked_of(q: str, *, today: date) -> Asked:
    """What the text may mean: words always, an amount and a day where it reads as one."""
    on = None
    if len(q) >= 3 and not q.isdigit():
        on = days.read(q, today=today, language=get_language() or "en")
    return Asked(q, amount=amount_of(q), on=on)


def amount_of(q: str) -> Decimal | None:
    """`1487.5`, `€1.487,50` or `1,487.50 EUR` as a number."""
    bare = q.strip().strip("€$£¥").strip()
    if len(bare) > 4 and bare[-3:].isalpha() and bare[-3:].isascii():
        bare = bare[:-3].strip()
    try:
        return Decimal(typed.number(bare)) if bare and len(bare) <= 20 else None
    except InvalidOperation:
        return None


def meant(asked: Asked) -> str:
    """The day that was understood, so that 03/04 is no riddle."""
    if asked.on is None:
        return ""
    return formats.long_day(asked.on, formats.reader())


def words_of(hits: Iterable[Hit], visit: Visit) -> dict[UUID, str]:
    """The status of the invoices among the hits, as it is now."""
    ids = [hit.id for hit in hits if hit.kind in KINDS and KINDS[hit.kind].has_status]
    if not ids or not visit.by.may("invoice.view"):
        return {}
    return invoicing.words_of(ids, by=visit.by, today=visit.today)


def grouped(hits: list[Hit], words: dict[UUID, str], *, most: int) -> list[SimpleNamespace]:
    """The hits under their heads, the group of the best hit first."""
    labels: dict[str, Callable[[], str]] = {
        "documents": lambda: _("Documents"),
        "payments": lambda: _("Payments"),
        "clients": lambda: _("Clients"),
        "items": lambda: _("Items"),
    }
    groups: dict[str, list[SimpleNamespace]] = {}
    for hit in hits:
        kind = KINDS.get(hit.kind)
        url = menu.place_of(kind.route, hit.id) if kind else ""
        if not kind or not url or len(groups.setdefault(kind.group, [])) >= most:
            continue
        groups[kind.group].append(shown(hit, kind.icon, url, words.get(hit.id, "")))
    return [
        SimpleNamespace(label=labels[name](), hits=shown_hits)
        for name, shown_hits in groups.items()
        if shown_hits
    ]


def shown(hit: Hit, icon: str, url: str, status: str) -> SimpleNamespace:
    """One hit as the templates draw it."""
    return SimpleNamespace(
        id=hit.id,
        url=url,
        icon=icon,
        title=hit.title,
        hint=hit.subtitle,
        on=hit.dated_on,
        amount=hit.money,
        status=status or put_away(hit),
    )


def put_away(hit: Hit) -> str:
    """The word for what is no longer in use."""
    if not hit.is_archived:
        return ""
    return "reversed" if hit.kind == "payment" else "archived"
