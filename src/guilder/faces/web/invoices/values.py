"""Between the editor's form and the raw values that the room takes."""

import secrets
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from guilder.faces.web import typed
from guilder.faces.web.invoices.forms import CELLS, InvoiceForm
from guilder.kernel.errors import GuilderError

AS_IT_IS = "="  # a tax without a code, of an imported paper: it stays
FIELDS = {
    "/client": "client_name",
    "/currency": "currency",
    "/terms": "net_days",
    "/order_reference": "order_reference",
    "/buyer_reference": "buyer_reference",
    "/delivery": "delivered_on",
    "/period": "period_end",
    "/period/start_on": "period_start",
    "/allowances": "discount",
    "/notes": "message",
}
PRICED = ("gross_price", "price_discount")
Row = Mapping[str, str]


def is_simple_discount(levels: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the document's allowances are none, or one plain percentage."""
    return not levels or (
        len(levels) == 1 and "percent" in levels[0] and not {"amount", "tax"} & set(levels[0])
    )


def is_plain_terms(terms: Mapping[str, Any]) -> bool:
    """Whether terms are days only."""
    return set(terms) <= {"due"} and set(terms.get("due", {})) <= {"days"}


def values_of(
    form: InvoiceForm, rows: Sequence[Row], *, old: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The raw values of a form that was read; `old` is what the draft was, and what no field
    shows of it stays."""
    given = {name: str(form.data.get(name) or "").strip() for name in form.fields}
    old = old or {}
    values: dict[str, Any] = {"lines": [line_of(one, old.get("lines", [])) for one in rows]}
    for name in ("client", "currency"):
        if given[name]:
            values[name] = given[name]
    for name in ("order_reference", "buyer_reference"):
        if given[name] or name in old:
            values[name] = given[name]
    if given["net_days"] and is_plain_terms(old.get("terms", {})):
        values["terms"] = {"due": {"days": typed.number(given["net_days"])}}
    if given["message"] or "notes" in old:
        rest = list(old.get("notes", []))[1:]
        values["notes"] = [*([{"text": given["message"]}] if given["message"] else []), *rest]
    dates = {
        "delivery": {"delivered_on": given["delivered_on"]},
        "period": {"start_on": given["period_start"], "end_on": given["period_end"]},
    }
    for name, parts in dates.items():
        kept = {key: value for key, value in old.get(name, {}).items() if key not in parts}
        group = kept | {key: value for key, value in parts.items() if value}
        if group or name in old:
            values[name] = group or None
    if is_simple_discount(old.get("allowances", [])):
        percent = typed.number(given["discount"])
        if percent or old.get("allowances"):
            values["allowances"] = [{"percent": percent}] if percent else []
    return values


def line_of(row: Row, old: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One raw line; a line that was there keeps what no cell shows."""
    index = int(row["key"]) if row["key"].isdigit() and int(row["key"]) < len(old) else None
    line = dict(old[index]) if index is not None else {}
    before = line.get("unit_price")
    for cell in CELLS:
        line[cell] = row[cell]
    for cell in ("quantity", "unit_price"):
        line[cell] = typed.number(row[cell])
    if before is not None and line["unit_price"] != before:
        for name in PRICED:
            line.pop(name, None)
    if row["tax"] == AS_IT_IS and index is not None:
        line["tax"] = old[index].get("tax", "")
    return {name: value for name, value in line.items() if value not in ("", None)}


def initial_of(values: Mapping[str, Any], *, client_name: str) -> dict[str, Any]:
    """What the form shows of a draft's raw values."""
    notes = values.get("notes") or [{}]
    levels = values.get("allowances") or []
    period = values.get("period") or {}
    terms = values.get("terms") or {}
    return {
        "client": values["client"],
        "client_name": client_name,
        "currency": values.get("currency", ""),
        "delivered_on": (values.get("delivery") or {}).get("delivered_on"),
        "net_days": str(terms.get("due", {}).get("days", 0)) if is_plain_terms(terms) else "",
        "order_reference": values.get("order_reference", ""),
        "buyer_reference": values.get("buyer_reference", ""),
        "period_start": period.get("start_on"),
        "period_end": period.get("end_on"),
        "discount": levels[0]["percent"] if levels and is_simple_discount(levels) else "",
        "message": notes[0].get("text", ""),
    }


def rows_of(values: Mapping[str, Any]) -> list[Row]:
    """The grid's rows of a draft's raw values; a line's key is its place."""
    rows = []
    for index, line in enumerate(values.get("lines", [])):
        tax = line.get("tax", "")
        rows.append(
            {
                "key": str(index),
                **{cell: str(line.get(cell, "")) for cell in CELLS},
                "tax": AS_IT_IS if isinstance(tax, Mapping) else tax,
            }
        )
    return rows


def blanks(count: int) -> list[Row]:
    """Empty rows with keys of their own."""
    return [
        {"key": f"n{secrets.token_hex(4)}", **dict.fromkeys(CELLS, ""), "unit": "C62"}
        for _ in range(count)
    ]


def shown(
    rows: Sequence[Row],
    *,
    amounts: Mapping[str, Any],
    errors: Mapping[str, Mapping[str, str]],
) -> list[SimpleNamespace]:
    """The rows as the grid draws them."""
    return [
        SimpleNamespace(**row, amount=amounts.get(row["key"]), errors=errors.get(row["key"], {}))
        for row in rows
    ]


def faults_of(
    form: InvoiceForm, error: GuilderError, rows: Sequence[Row]
) -> tuple[dict[str, dict[str, str]], list[SimpleNamespace]]:
    """A room's faults: those of lines by key and cell with the summary's links to them; the rest
    stand beside the form's fields."""
    errors: dict[str, dict[str, str]] = {}
    summary = []
    others = []
    for problem in error.problems:
        steps = problem.pointer.split("/")
        if len(steps) < 3 or steps[1] != "lines" or not steps[2].isdigit():
            others.append(problem)
            continue
        place = int(steps[2])
        if place >= len(rows):
            continue
        key = rows[place]["key"]
        cell = steps[3] if len(steps) > 3 and steps[3] in CELLS else "name"
        errors.setdefault(key, {})[cell] = problem.detail
        text = f"{problem.detail} (line {place + 1})" if len(rows) > 1 else problem.detail
        summary.append(SimpleNamespace(anchor=f"lines-{key}-{cell}", text=text))
    if others or not error.problems:
        typed.refuse(form, type(error)(error.detail, problems=others), FIELDS)
    return errors, summary
