"""Between the editor's form and the raw values that the books take."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from guilder.faces.web import typed
from guilder.faces.web.drafting import numbers, periods, terms
from guilder.faces.web.drafting.forms import CELLS, DraftForm
from guilder.faces.web.sentences import said
from guilder.kernel.currencies import is_currency, minor_digits
from guilder.kernel.errors import GuilderError

AS_IT_IS = "="  # a tax without a code, of an imported paper: it stays
PERCENT = "%"
FIELDS = {
    "/client": "client_name",
    "/kind": "kind",
    "/currency": "currency",
    "/language": "language",
    "/due_on": "due_on",
    "/valid_until": "valid_until",
    "/terms": "terms",
    "/terms/due": "net_days",
    "/terms/discounts": "early_percent",
    "/terms/parts": "part1_percent",
    "/order_reference": "order_reference",
    "/buyer_reference": "buyer_reference",
    "/contract_reference": "contract_reference",
    "/project_reference": "project_reference",
    "/delivery": "delivered_on",
    "/period": "period",
    "/payment": "payment",
    "/allowances": "discount",
    "/charges": "charge",
    "/notes": "message",
    "/message": "message",
}
REFERENCES = ("order_reference", "buyer_reference", "contract_reference", "project_reference")
PRICED = ("gross_price", "price_discount")
Row = Mapping[str, str]
Raw = dict[str, Any]


def is_simple_discount(levels: Sequence[Mapping[str, Any]]) -> bool:
    """Whether allowances or charges are none, or one that a field can show."""
    return not levels or (len(levels) == 1 and set(levels[0]) <= {"percent", "amount", "reason"})


def one_level(levels: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The only allowance or charge; an empty one where there is none."""
    return levels[0] if levels else {}


def whole_levels(levels: Sequence[Mapping[str, Any]]) -> list[Raw]:
    """Allowances that were split over tax groups put together again: they were typed as one.

    A draft keeps the shares; those of one percentage and reason without own bases are one.
    """
    percents = {(one.get("percent"), one.get("reason")) for one in levels}
    is_one = len(percents) == 1 and levels[0].get("percent")
    if len(levels) > 1 and is_one:
        return [{key: levels[0][key] for key in ("percent", "reason") if levels[0].get(key)}]
    return [
        {key: value for key, value in one.items() if key not in ("tax", "base")}
        | ({"amount": None} if one.get("percent") else {})
        for one in levels
    ]


def given_of(form: DraftForm) -> dict[str, str]:
    """Every field's raw text, typed or read."""
    return {name: str(form[name].value() or "").strip() for name in form.fields}


def values_of(
    given: Mapping[str, str],
    rows: Sequence[Row],
    *,
    today: date,
    old: Mapping[str, Any] | None = None,
    agreed: Mapping[str, Any] | None = None,
    deducts: Sequence[str] | None = None,
) -> Raw:
    """The raw values of what was typed; `old` is what the draft was, and what no field shows of
    it stays. `agreed` are the terms of the client."""
    old = old or {}
    values: Raw = {"lines": [line_of(one, old.get("lines", []), today=today) for one in rows]}
    for name in ("client", "currency", "language"):
        if given.get(name):
            values[name] = given[name]
    if given.get("kind") and not old.get("corrects"):
        values["kind"] = given["kind"]
    for name in REFERENCES:
        if given.get(name) or name in old:
            values[name] = given.get(name, "")
    values |= dated(given, old, today=today)
    chosen = terms.read(given, old.get("terms"))
    if chosen is not None:
        values["terms"] = chosen
    elif old and agreed is not None:
        values["terms"] = dict(agreed)
    if given.get("message") or old.get("notes"):
        rest = list(old.get("notes", []))[1:]
        values["notes"] = [*([{"text": given["message"]}] if given.get("message") else []), *rest]
    values |= levels_of(given, old)
    if (payment := payment_of(given, old)) is not None:
        values["payment"] = payment
    if deducts is not None:
        values["deducts"] = list(deducts)
    return values


def dated(given: Mapping[str, str], old: Mapping[str, Any], *, today: date) -> Raw:
    """Delivery, period, due date and validity; a day that cannot be read is passed on as typed."""
    values: Raw = {}
    delivered = day_of(given.get("delivered_on", ""), today)
    groups = {
        "delivery": {"delivered_on": delivered},
        "period": period_of(given.get("period", ""), today),
    }
    for name, parts in groups.items():
        kept = {key: value for key, value in (old.get(name) or {}).items() if key not in parts}
        group = kept | {key: value for key, value in parts.items() if value}
        if group or name in old:
            values[name] = group or None
    for name in ("due_on", "valid_until"):
        day = day_of(given.get(name, ""), today)
        if day or name in old:
            values[name] = day or None
    return values


def day_of(text: str, today: date) -> str:
    """An ISO day for what was typed; what is none stays as it is."""
    found = periods.read_day(text, today=today) if text else None
    return found.isoformat() if found else text


def period_of(text: str, today: date) -> dict[str, str]:
    """Start and end for what was typed; what is none is passed on, so that it is refused."""
    if not text:
        return {"start_on": "", "end_on": ""}
    found = periods.read_period(text, today=today)
    if found is None:
        return {"start_on": text, "end_on": ""}
    start, end = found
    return {
        "start_on": start.isoformat() if start else "",
        "end_on": end.isoformat() if end else "",
    }


def levels_of(given: Mapping[str, str], old: Mapping[str, Any]) -> Raw:
    """The document's discount and extra charge, where a field can show what is there."""
    values: Raw = {}
    for name, field, default in (("allowances", "discount", PERCENT), ("charges", "charge", "")):
        before = whole_levels(old.get(name) or [])
        if not is_simple_discount(before):
            continue
        level = level_of(
            given.get(field, ""),
            given.get(f"{field}_unit", default),
            given.get(f"{field}_reason", ""),
        )
        if level or before:
            values[name] = [level] if level else []
    return values


def level_of(text: str, unit: str, reason: str = "") -> Raw | None:
    """An allowance or charge of what was typed; 10% is a percentage whatever the unit says."""
    number = numbers.read(text)
    if not number or number == "0":
        return None
    is_percent = text.rstrip().endswith("%") or unit == PERCENT
    level: Raw = {"percent" if is_percent else "amount": number}
    return level | ({"reason": reason} if reason else {})


PAYMENTS = ("10", "20", "48", "57")  # UNTDID 4461: cash, cheque, card, standing agreement


def payment_of(given: Mapping[str, str], old: Mapping[str, Any]) -> list[Raw] | None:
    """The payment means where one was chosen; None leaves the organization's own."""
    chosen = given.get("payment", "")
    if chosen in PAYMENTS:
        return [{"code": chosen}]
    if not chosen and old.get("payment"):
        return []
    return None


def line_of(row: Row, old: Sequence[Mapping[str, Any]], *, today: date) -> Raw:
    """One raw line; a line that was there keeps what no cell shows."""
    before = before_of(row, old)
    line: Raw = dict(before or {})
    price = line.get("unit_price")
    for cell in ("item", "name", "description", "unit", "tax", "note"):
        line[cell] = row.get(cell, "")
    for cell in ("quantity", "unit_price"):
        line[cell] = numbers.read(row.get(cell, ""))
    if price is not None and not same_number(line["unit_price"], price):
        for name in PRICED:
            line.pop(name, None)
    if row.get("tax") == AS_IT_IS and before is not None:
        line["tax"] = before.get("tax", "")
    if is_simple_discount(whole_levels(line.get("allowances") or [])):
        level = level_of(row.get("discount", ""), row.get("discount_unit") or PERCENT)
        line["allowances"] = [level] if level else []
    period = {key: one for key, one in period_of(row.get("period", ""), today).items() if one}
    line["period"] = period or None
    return {name: value for name, value in line.items() if value not in ("", None, [])}


def before_of(row: Row, old: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The stored line that a row was read from."""
    at = row.get("at", "")
    return old[int(at)] if at.isdigit() and int(at) < len(old) else None


def same_number(one: str, other: str) -> bool:
    """Whether two texts are the same decimal."""
    return numbers.read(one, mark=".") == numbers.read(str(other), mark=".")


# What the fields show of a draft


def initial_of(values: Mapping[str, Any], *, agreed: Mapping[str, Any]) -> Raw:
    """What the form shows of a draft's raw values."""
    notes = values.get("notes") or [{}]
    period = values.get("period") or {}
    means = values.get("payment") or []
    codes = [one.get("code", "") for one in means]
    plain = len(means) == 1 and set(means[0]) == {"code"} and codes[0] in PAYMENTS
    shown = {
        "client": values.get("client", ""),
        "kind": values.get("kind", ""),
        "currency": values.get("currency", ""),
        "language": values.get("language", ""),
        "delivered_on": periods.shown((values.get("delivery") or {}).get("delivered_on")),
        "due_on": periods.shown(values.get("due_on")),
        "valid_until": periods.shown(values.get("valid_until")),
        "period": periods.shown_period(period.get("start_on"), period.get("end_on")),
        "message": notes[0].get("text", ""),
        "payment": codes[0] if plain else (AS_IT_IS if means else ""),
        **{name: values.get(name, "") for name in REFERENCES},
        **terms.fields_of(values.get("terms") or {}, agreed),
    }
    for name, field, default in (("allowances", "discount", PERCENT), ("charges", "charge", "")):
        before = whole_levels(values.get(name) or [])
        level = one_level(before) if is_simple_discount(before) else {}
        shown |= shown_level(level, field, default)
    return shown


def shown_level(level: Mapping[str, Any], field: str, default: str) -> dict[str, str]:
    """An allowance or charge as its fields show it."""
    unit = PERCENT if level.get("percent") else ("amount" if level.get("amount") else default)
    number = level.get("percent") or level.get("amount") or ""
    return {
        field: numbers.shown(str(number)),
        f"{field}_unit": unit,
        f"{field}_reason": level.get("reason", ""),
    }


def rows_of(values: Mapping[str, Any]) -> list[Row]:
    """The grid's rows of a draft's raw values; `at` is a line's place in the draft."""
    currency = str(values.get("currency", ""))
    places = minor_digits(currency) if is_currency(currency) else 2
    rows = []
    for index, line in enumerate(values.get("lines", [])):
        tax = line.get("tax", "")
        period = line.get("period") or {}
        levels = whole_levels(line.get("allowances") or [])
        level = one_level(levels) if is_simple_discount(levels) else {}
        rows.append(
            {
                "key": str(index),
                "at": str(index),
                **{cell: str(line.get(cell, "")) for cell in ("item", "name", "description")},
                "unit": str(line.get("unit", "")),
                "note": str(line.get("note", "")),
                "quantity": numbers.shown(str(line.get("quantity", ""))),
                "unit_price": numbers.shown(str(line.get("unit_price", "")), places=places),
                "tax": AS_IT_IS if isinstance(tax, Mapping) else tax,
                "period": periods.shown_period(period.get("start_on"), period.get("end_on")),
                **{
                    key: value
                    for key, value in shown_level(level, "discount", PERCENT).items()
                    if key in CELLS
                },
            }
        )
    return rows


def blanks(count: int) -> list[Row]:
    """Empty rows with keys of their own."""
    return [
        {
            **dict.fromkeys(CELLS, ""),
            "key": f"n{secrets.token_hex(4)}",
            "unit": "C62",
            "discount_unit": PERCENT,
        }
        for _number in range(count)
    ]


# Faults


def faults_of(
    form: DraftForm, error: GuilderError, rows: Sequence[Row]
) -> tuple[dict[str, dict[str, str]], list[SimpleNamespace]]:
    """A room's faults: those of lines by key and cell with the summary's links to them; the rest
    stand beside the form's fields."""
    errors: dict[str, dict[str, str]] = {}
    summary = []
    others = []
    for problem in error.problems:
        place = place_of(problem.pointer)
        if place is None:
            others.append(problem)
            continue
        if place >= len(rows):
            continue
        key, cell = rows[place]["key"], cell_of(problem.pointer)
        errors.setdefault(key, {})[cell] = text = said(problem.detail)
        if len(rows) > 1:
            text = _("%(fault)s (line %(n)s)") % {"fault": text, "n": place + 1}
        summary.append(SimpleNamespace(anchor=f"lines-{key}-{cell}", text=text))
    if others or not error.problems:
        typed.refuse(form, type(error)(error.detail, problems=others), FIELDS)
    return errors, summary


def place_of(pointer: str) -> int | None:
    """The index of the line that a pointer is about."""
    steps = pointer.split("/")
    if len(steps) > 2 and steps[1] == "lines" and steps[2].isdigit():
        return int(steps[2])
    return None


def cell_of(pointer: str) -> str:
    """The cell that a pointer into a line is about; its name for what no cell shows."""
    steps = pointer.split("/")
    cell = steps[3] if len(steps) > 3 else ""
    return {"allowances": "discount"}.get(cell, cell) if cell in {*CELLS, "allowances"} else "name"
