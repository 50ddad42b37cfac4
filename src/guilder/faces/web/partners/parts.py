"""What a client has several of: people, addresses, numbers, bank accounts; each a small form."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import answers, choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.registers.parties import operations, queries
from guilder.registers.parties.schemas import PartnerOut, partner_out

SIDE = "customer"
NEW = "new"
Words = str | Promise
USES = {"billing": _("Billing"), "delivery": _("Delivery"), "legal": _("Legal seat")}
SCHEMES = {
    "vat": _("VAT ID"),
    "tax": _("Tax number"),
    "registration": _("Registration"),
    "gln": _("GLN"),
    "endpoint": _("E-invoice address"),
    "other": _("Other"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a part: text by default; `options` make a choice, `tick` a yes or no."""

    name: str
    label: Words
    options: str = ""
    tick: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A list of one kind: its words, its fields, and the tick that only one of them may have."""

    name: str
    title: Words
    add: Words
    edit: Words
    fields: tuple[Field, ...]
    only: str = ""


PARTS = {
    part.name: part
    for part in (
        Part(
            "contacts",
            _("Contacts"),
            _("Add a contact"),
            _("Contact"),
            (
                Field("name", _("Name")),
                Field("role", _("Role")),
                Field("email", _("E-mail")),
                Field("phone", _("Phone")),
                Field("is_primary", _("Documents are addressed to this person"), tick=True),
            ),
            only="is_primary",
        ),
        Part(
            "addresses",
            _("Addresses"),
            _("Add an address"),
            _("Address"),
            (
                Field("use", _("Used for"), options="use", wide=True),
                Field("line1", _("Street and number"), wide=True),
                Field("line2", _("Second line"), wide=True),
                Field("line3", _("Third line"), wide=True),
                Field("postal_code", _("Postal code")),
                Field("city", _("City")),
                Field("region", _("Region")),
                Field("country", _("Country"), options="country"),
            ),
        ),
        Part(
            "tax_ids",
            _("Numbers"),
            _("Add a number"),
            _("Number"),
            (
                Field("scheme", _("Kind"), options="scheme"),
                Field("value", _("Number")),
                Field("code", _("Scheme code")),
                Field("country", _("Country"), options="country"),
            ),
        ),
        Part(
            "bank_accounts",
            _("Bank accounts"),
            _("Add a bank account"),
            _("Bank account"),
            (
                Field("iban", _("IBAN"), wide=True),
                Field("bic", _("BIC")),
                Field("account", _("Account number, where there is no IBAN")),
                Field("holder", _("Account holder"), wide=True),
                Field("is_default", _("The usual one"), tick=True),
            ),
            only="is_default",
        ),
    )
}


def parts_of(out: PartnerOut, *, may_edit: bool) -> list[SimpleNamespace]:
    """Every list as the page draws it, each row with the address of its form."""
    return [
        SimpleNamespace(
            name=part.name,
            title=part.title,
            add=part.add,
            add_url=reverse("web:client_part", args=[out.id, part.name, NEW]) if may_edit else "",
            rows=[
                SimpleNamespace(
                    **told(part.name, row),
                    url=reverse("web:client_part", args=[out.id, part.name, str(place)])
                    if may_edit
                    else "",
                )
                for place, row in enumerate(rows_of(out, part.name))
            ],
        )
        for part in PARTS.values()
    ]


def rows_of(out: PartnerOut, name: str) -> list[dict[str, Any]]:
    """The rows of a list as plain values, in their order."""
    return [
        {field: getattr(one, field) for field in one.__struct_fields__}
        for one in getattr(out, name)
    ]


def told(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in words: head, the lines under it, and a mark."""
    if name == "contacts":
        parts = (row["role"], row["email"] if row["name"] else "", row["phone"])
        mark = _now("Primary") if row["is_primary"] else ""
        return {"head": row["name"] or row["email"], "text": joined(parts), "mark": mark}
    if name == "addresses":
        town = f"{row['postal_code']} {row['city']}".strip()
        country = choices.country_name(row["country"])
        lines = (row["line1"], row["line2"], row["line3"], town, row["region"], country)
        return {"head": str(USES[row["use"]]), "text": joined(lines, ", "), "mark": ""}
    if name == "tax_ids":
        mark = {True: _now("Checked"), False: _now("Not valid")}.get(row["is_valid"], "")
        label = str(SCHEMES[row["scheme"]])
        return {"head": row["value"], "text": joined((label, row["code"])), "mark": mark}
    number = spaced(row["iban"]) if row["iban"] else row["account"]
    mark = _now("Usual") if row["is_default"] else ""
    return {"head": number, "text": joined((row["bic"], row["holder"])), "mark": mark}


def joined(parts: tuple[str, ...], mark: str = " · ") -> str:
    """Those that are there, one after the other."""
    return mark.join(part for part in parts if part)


def spaced(iban: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


@page("clients", "partner.edit")
def client_part(
    request: HttpRequest, visit: Visit, client_id: UUID, name: str, place: str
) -> HttpResponse:
    """Add, change or take away one row of a list."""
    part = PARTS.get(name)
    if part is None:
        raise Http404
    with visit.reading():
        partner = queries.get_partner(visit.by.organization_id, client_id, side=SIDE)
        out = partner_out(partner, side=SIDE)
    rows = [clean(part, row) for row in rows_of(out, name)]
    at = int(place) if place.isdigit() and int(place) < len(rows) else None
    if place != NEW and at is None:
        raise Http404
    if request.method != "POST":
        row = rows[at] if at is not None else beginning(part, visit)
        return drawn(request, out, part, place, row, {})
    row = posted(request, part)
    removes = bool(request.POST.get("remove"))
    try:
        operations.update_partner(
            client_id,
            by=visit.by,
            side=SIDE,
            data={name: changed(part, rows, at, None if removes else row)},
            at=visit.now,
            version=typed.version(request.POST.get("version", "")),
        )
    except (Invalid, Conflict) as error:
        spot = len(rows) if at is None else at
        return drawn(request, out, part, place, row, faults_of(error, part, spot))
    to = f"{reverse('web:client', args=[client_id])}?tab=agreement"
    words = _now("It is taken away.") if removes else _now("The changes are saved.")
    return answers.done(request, to=to, text=words)


def clean(part: Part, row: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the room takes back."""
    return {field.name: row[field.name] for field in part.fields}


def beginning(part: Part, visit: Visit) -> dict[str, Any]:
    """The values of a new row."""
    usual = {"country": visit.organization.country, "use": "delivery", "scheme": "vat"}
    return {
        field.name: False if field.tick else usual.get(field.name, "") for field in part.fields
    } | ({"country": ""} if part.name == "tax_ids" else {})


def posted(request: HttpRequest, part: Part) -> dict[str, Any]:
    """What was typed."""
    return {
        field.name: bool(request.POST.get(field.name))
        if field.tick
        else request.POST.get(field.name, "").strip()
        for field in part.fields
    }


def changed(
    part: Part, rows: list[dict[str, Any]], at: int | None, row: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """The whole list with one row changed, added, or left out."""
    others = [
        {**one, part.only: False} if part.only and row and row[part.only] else one
        for place, one in enumerate(rows)
        if place != at
    ]
    if row is None:
        return others
    spot = len(others) if at is None else at
    return [*others[:spot], row, *others[spot:]]


def faults_of(error: Invalid | Conflict, part: Part, spot: int) -> dict[str, str]:
    """A room's faults beside the fields of the row that is edited."""
    names = {field.name for field in part.fields}
    found: dict[str, str] = {}
    for problem in error.problems:
        pieces = problem.pointer.strip("/").split("/")
        is_here = len(pieces) > 2 and pieces[1] == str(spot) and pieces[2] in names
        found.setdefault(pieces[2] if is_here else "", said(problem.detail))
    return found or {"": said(error.detail)}


def drawn(
    request: HttpRequest,
    out: PartnerOut,
    part: Part,
    place: str,
    row: Mapping[str, Any],
    faults: Mapping[str, str],
) -> HttpResponse:
    """The small form."""
    options = {
        "use": choices.pairs(USES),
        "scheme": choices.pairs(SCHEMES),
        "country": choices.countries().after(("", "—")),
    }
    words = {
        "client": SimpleNamespace(id=out.id, name=out.name, version=out.etag),
        "title": part.add if place == NEW else part.edit,
        "action": reverse("web:client_part", args=[out.id, part.name, place]),
        "fields": [
            SimpleNamespace(
                id=f"part-{field.name}",
                name=field.name,
                label=field.label,
                value=row[field.name],
                tick=field.tick,
                wide=field.wide,
                options=options.get(field.options, ()),
                error=faults.get(field.name, ""),
            )
            for field in part.fields
        ],
        "fault": faults.get("", ""),
        "is_refused": bool(faults),
        "may_remove": place != NEW and row.get("use") != "billing",
    }
    name = "partners/part.html#form" if answers.in_sheet(request) else "partners/part.html"
    return render(request, name, words, status=422 if faults else 200)
