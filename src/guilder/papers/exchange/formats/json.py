"""JSON: one document or a list of them, in the simple shape of the API or in our canonical one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from guilder.kernel import canonical
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money
from guilder.papers.exchange.formats import plain
from guilder.papers.exchange.formats.record import Reading, StatedTax, StatedTotals, Unreadable
from guilder.papers.exchange.formats.targets import Target

MOST_DOCUMENTS = 10_000
FORM = "json"


class JsonMalformed(Invalid):
    """The text is not JSON, or says one thing twice."""

    code = "exchange.json_malformed"


def read(data: bytes) -> tuple[Reading, ...]:
    """Every document in the file: an object, a list of objects, or `{"data": [objects]}`.

    An object with "guilder" is a canonical document, any other of the simple shape. Numbers may
    be written as JSON numbers: their digits are kept, they never become binary floats.
    Raises JsonMalformed, Unreadable and, for a canonical document, NotADocument.
    """
    found = _loaded(data)
    if isinstance(found, dict):
        found = cast("dict[str, Any]", found)
        found = found["data"] if isinstance(found.get("data"), list) else found
    if isinstance(found, list):
        entries = cast("list[Any]", found)
        if not 0 < len(entries) <= MOST_DOCUMENTS:
            raise Unreadable(f"Give 1 to {MOST_DOCUMENTS:,} documents in one file.")
        return tuple(_one(entry, f"/{index}") for index, entry in enumerate(entries))
    return (_one(found, ""),)


def write(document: Document, target: Target) -> bytes:
    """`document`, which is complete, in our canonical shape: nothing of it is lost."""
    del target
    return json.dumps(canonical.to_dict(document), ensure_ascii=False, indent=2).encode()


def of_document(document: Document, form: str = FORM) -> Reading:
    """A complete paper as a reading: its nets, taxes and totals become what is stated."""
    totals = document.totals
    stated = StatedTotals()
    if totals is not None:
        names = plain.TOTALS
        stated = StatedTotals(**{name: getattr(totals, name).amount for name in names})
        stated = replace(stated, tax_in_tax_currency=_amount(totals.tax_in_tax_currency))
    taxes = tuple(
        StatedTax(
            category=row.category,
            rate=row.rate,
            taxable=row.taxable.amount,
            tax=row.tax.amount,
            exemption_reason=row.exemption_reason,
            exemption_code=row.exemption_code,
        )
        for row in document.taxes
    )
    return Reading(
        document=replace(
            document,
            lines=tuple(replace(line, net=None) for line in document.lines),
            taxes=(),
            totals=None,
        ),
        format=form,
        profile=document.specification,
        stated=stated,
        stated_taxes=taxes,
        stated_nets=tuple(_amount(line.net) for line in document.lines),
    )


def _one(data: Any, at: str) -> Reading:
    if not isinstance(data, Mapping):
        problem = Problem(at, "exchange.not_a_document", "Give an object with a document's fields.")
        raise Unreadable(problems=[problem])
    given = cast("Mapping[str, Any]", data)
    if "guilder" in given:
        return of_document(canonical.from_dict(given))
    return plain.read(given, form=FORM, at=at)


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


def _loaded(data: bytes) -> Any:
    try:
        text = data.decode(json.detect_encoding(data))
        return json.loads(
            text.removeprefix("\ufeff"),
            parse_float=str,
            parse_int=_digits,
            parse_constant=_refused,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        detail = f"This is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise JsonMalformed(detail) from None
    except UnicodeDecodeError:
        raise JsonMalformed("This JSON is not UTF-8. Save it again as UTF-8.") from None
    except RecursionError:
        raise JsonMalformed("This JSON is nested more deeply than any document.") from None


def _digits(text: str) -> str | int:
    # Small ones stay numbers, which is what days and versions are; the rest is read as it stands.
    return int(text) if len(text) <= 15 else text


def _refused(name: str) -> Any:
    raise JsonMalformed(f"{name} is no number that a document can hold.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise JsonMalformed(f"“{key[:60]}” is given twice in one object. Remove one of them.")
        found[key] = value
    return found
