"""Two people wrote one draft: both are shown, each difference is chosen, nothing is overwritten."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import choices
from guilder.faces.web.drafting import numbers, values
from guilder.faces.web.drafting.desk import Desk, posted_desk, stored_desk
from guilder.faces.web.drafting.forms import CELLS, is_typed
from guilder.faces.web.shell import Visit
from guilder.foundation.audit import queries as audit

UNSEEN = frozenset(("client", "client_email", "version", "issued_on"))
OWN = ("version", "do", "csrfmiddlewaretoken", "client_email")
NOTHING = "—"


def words_of(visit: Visit, record: Any) -> str:
    """Jonas changed this 2 min ago."""
    with visit.reading():
        found = audit.list_entries(visit.by.organization_id, row_id=record.id, limit=1)
    if not found:
        return _("Somebody else changed this in the meantime.")
    entry = found[0]
    mine = entry.actor_id is not None and entry.actor_id == visit.by.user_id
    who = _("You, in another window,") if mine else entry.actor_name or "Guilder"
    minutes = int((visit.now - entry.at).total_seconds() // 60)
    if minutes < 1:
        return _("%(who)s changed this just now.") % {"who": who}
    words = ngettext(
        "%(who)s changed this %(n)s min ago.", "%(who)s changed this %(n)s min ago.", minutes
    )
    return words % {"who": who, "n": minutes}


def page_of(request: HttpRequest, visit: Visit, desk: Desk) -> HttpResponse:
    """Both versions side by side."""
    record = desk.shelf.read(desk.record.id, by=visit.by)
    with visit.reading():
        theirs = stored_desk(desk.shelf, visit, record)
    posted = desk.form.data
    words = {
        "shelf": desk.shelf,
        "record": record,
        "said": words_of(visit, record),
        "differences": differences(desk, theirs),
        "hidden": hidden_of(posted) if isinstance(posted, QueryDict) else [],
        "version": record.version,
        "action": desk.shelf.url("edit", record.id),
        "list_url": desk.shelf.list_url,
        "theirs_url": desk.shelf.url("edit", record.id),
    }
    return render(request, "invoices/conflict.html", words, status=409)


def hidden_of(posted: QueryDict) -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again."""
    return [
        (name, value)
        for name, found in posted.lists()
        for value in found
        if name not in OWN and not name.startswith("pick-")
    ]


def differences(mine: Desk, theirs: Desk) -> list[SimpleNamespace]:
    """What the two versions say differently: field by field, then line by line."""
    found = []
    ours, others = mine.given, theirs.given
    for name in mine.form.fields:
        if name not in UNSEEN and not same(ours[name], others[name]):
            label = str(mine.form.fields[name].label)
            shown = (worded(mine, name, ours[name]), worded(mine, name, others[name]))
            found.append(difference(f"pick-{name}", label, *shown))
    return [*found, *line_differences(mine.typed, [one for one in theirs.rows if is_typed(one)])]


def same(one: str, other: str) -> bool:
    """Whether two fields say the same, however numbers are written."""
    return one == other or (bool(one) and numbers.read(one) == numbers.read(other))


def worded(desk: Desk, name: str, value: str) -> str:
    """A field's value in words."""
    offered = dict(getattr(desk.form.fields[name], "choices", []) or [])
    return str(offered.get(value, value)) or NOTHING


def difference(name: str, label: str, mine: str, theirs: str) -> SimpleNamespace:
    """One choice."""
    return SimpleNamespace(name=name, label=label, mine=mine or NOTHING, theirs=theirs or NOTHING)


def line_differences(mine: list[values.Row], theirs: list[values.Row]) -> list[SimpleNamespace]:
    """Line by line where there are as many, else all of them together."""
    if len(mine) != len(theirs):
        shown = ["\n".join(told(row) for row in rows) for rows in (mine, theirs)]
        return [difference("pick-lines", _("Lines"), *shown)]
    return [
        difference(f"pick-line-{index}", _("Line %(n)s") % {"n": index + 1}, told(one), told(two))
        for index, (one, two) in enumerate(zip(mine, theirs, strict=True))
        if any(not same(one[cell], two[cell]) for cell in CELLS if cell not in ("at", "item"))
    ]


def told(row: values.Row) -> str:
    """A line in words: 64 h × 128.00 Senior lighting designer."""
    unit = choices.unit_name(row["unit"]) if row["unit"] else ""
    how_much = " ".join(part for part in (row["quantity"] or "1", unit) if part)
    name = row["name"] or row["description"]
    parts = [f"{how_much} × {row['unit_price'] or NOTHING}", name]
    if row["discount"]:
        parts.append(f"−{row['discount']}{'%' if row['discount_unit'] == '%' else ''}")
    if row["tax"]:
        parts.append(row["tax"])
    if row["name"] and row["description"]:
        parts.append(row["description"])
    return " · ".join(part for part in parts if part)


def resolved(request: HttpRequest, visit: Visit, desk: Desk) -> Desk:
    """The desk with what was chosen of theirs put over what was typed."""
    with visit.reading():
        theirs = stored_desk(desk.shelf, visit, desk.record)
        data = request.POST.copy()
        picked = {name for name, value in request.POST.items() if value == "theirs"}
        others = theirs.given
        for name in desk.form.fields:
            if f"pick-{name}" in picked:
                data[name] = others[name]
        if "pick-client_name" in picked:
            data["client"] = others["client"]
        rows = [row for row in theirs.rows if is_typed(row)]
        if "pick-lines" in picked:
            data.setlist("lines", [row["key"] for row in rows])
            for row in rows:
                put_row(data, row["key"], row)
        else:
            for index, row in enumerate(desk.typed):
                data[f"lines-{row['key']}-at"] = str(index) if index < len(rows) else ""
                if f"pick-line-{index}" in picked and index < len(rows):
                    put_row(data, row["key"], rows[index])
        return posted_desk(desk.shelf, visit, data, desk.record)


def put_row(data: QueryDict, key: str, row: values.Row) -> None:
    """Write a row's cells under a key."""
    for cell in CELLS:
        data[f"lines-{key}-{cell}"] = row[cell]
