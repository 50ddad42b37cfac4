"""Rules about lines, allowances and charges."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guilder.kernel.document import Allowance, Document, Line
from guilder.papers.exchange.rules import lists
from guilder.papers.exchange.rules.checks.table import Check, Places, where

Wrong = Callable[[Line], bool]
Levels = Iterator[tuple[str, Allowance]]


def on_lines(field: str, wrong: Wrong) -> Check:
    """A check that looks at each line by itself."""

    def check(document: Document) -> Places:
        for index, line in enumerate(document.lines):
            yield from where(wrong(line), f"/lines/{index}/{field}")

    return check


def _backwards(line: Line) -> bool:
    period = line.period
    if period is None or not period.start_on or not period.end_on:
        return False
    return period.end_on < period.start_on


def _unschemed(line: Line) -> bool:
    return line.item.standard_id is not None and not line.item.standard_id.scheme


def _foreign_scheme(line: Line) -> bool:
    found = line.item.standard_id
    return bool(found and found.scheme and not lists.knows("BR-CL-21", found.scheme))


def _unclassed(line: Line) -> bool:
    return any(not one.scheme for one in line.item.classifications)


def _foreign_class(line: Line) -> bool:
    schemes = (one.scheme for one in line.item.classifications)
    return any(scheme and not lists.knows("BR-CL-13", scheme) for scheme in schemes)


def _half_attribute(line: Line) -> bool:
    return any(not name or not value for name, value in line.item.attributes)


def _foreign_origin(line: Line) -> bool:
    country = line.item.origin_country
    return bool(country) and not lists.knows("BR-CL-15", country)


def _foreign_unit(line: Line) -> bool:
    return bool(line.unit) and not lists.knows("BR-CL-23", line.unit)


def _object_scheme(line: Line) -> bool:
    return bool(line.object and line.object.scheme) and not lists.knows(
        "BR-CL-07", line.object.scheme if line.object else ""
    )


def _gross_negative(line: Line) -> bool:
    return line.price.gross is not None and line.price.gross < 0


def document_allowances(document: Document) -> Levels:
    """Each with its place."""
    return ((f"/allowances/{i}", one) for i, one in enumerate(document.allowances))


def document_charges(document: Document) -> Levels:
    """Each with its place."""
    return ((f"/charges/{i}", one) for i, one in enumerate(document.charges))


def line_allowances(document: Document) -> Levels:
    """Each with its place."""
    for index, line in enumerate(document.lines):
        for place, one in enumerate(line.allowances):
            yield f"/lines/{index}/allowances/{place}", one


def line_charges(document: Document) -> Levels:
    """Each with its place."""
    for index, line in enumerate(document.lines):
        for place, one in enumerate(line.charges):
            yield f"/lines/{index}/charges/{place}", one


def unreasoned(levels: Callable[[Document], Levels]) -> Check:
    """A check that each has a reason or its code."""

    def check(document: Document) -> Places:
        for pointer, one in levels(document):
            yield from where(not one.reason and not one.reason_code, f"{pointer}/reason")

    return check


def untaxed(levels: Callable[[Document], Levels]) -> Check:
    """A check that each has a tax category."""

    def check(document: Document) -> Places:
        for pointer, one in levels(document):
            yield from where(one.tax is None or not one.tax.category, f"{pointer}/tax")

    return check


def uncounted(levels: Callable[[Document], Levels]) -> Check:
    """A check that each has an amount, or a percentage that gives one."""

    def check(document: Document) -> Places:
        for pointer, one in levels(document):
            yield from where(one.amount is None and one.percent is None, f"{pointer}/amount")

    return check


def coded(rule: str, *sources: Callable[[Document], Levels]) -> Check:
    """A check that reason codes are of the list of `rule`."""

    def check(document: Document) -> Places:
        for levels in sources:
            for pointer, one in levels(document):
                wrong = bool(one.reason_code) and not lists.knows(rule, one.reason_code)
                yield from where(wrong, f"{pointer}/reason_code")

    return check


CHECKS: tuple[tuple[str, Check], ...] = (
    ("BR-21", on_lines("id", lambda line: not line.id)),
    ("BR-23", on_lines("unit", lambda line: not line.unit)),
    ("BR-25", on_lines("item/name", lambda line: not line.item.name)),
    ("BR-27", on_lines("price/amount", lambda line: line.price.amount < 0)),
    ("BR-28", on_lines("price/gross", _gross_negative)),
    ("BR-30", on_lines("period/end_on", _backwards)),
    ("BR-CO-04", on_lines("tax", lambda line: not line.tax.category)),
    ("BR-64", on_lines("item/standard_id", _unschemed)),
    ("BR-CL-21", on_lines("item/standard_id", _foreign_scheme)),
    ("BR-65", on_lines("item/classifications", _unclassed)),
    ("BR-CL-13", on_lines("item/classifications", _foreign_class)),
    ("BR-54", on_lines("item/attributes", _half_attribute)),
    ("BR-CL-15", on_lines("item/origin_country", _foreign_origin)),
    ("BR-CL-23", on_lines("unit", _foreign_unit)),
    ("BR-CL-07", on_lines("object", _object_scheme)),
    ("BR-31", uncounted(document_allowances)),
    ("BR-36", uncounted(document_charges)),
    ("BR-41", uncounted(line_allowances)),
    ("BR-43", uncounted(line_charges)),
    ("BR-32", untaxed(document_allowances)),
    ("BR-37", untaxed(document_charges)),
    ("BR-33", unreasoned(document_allowances)),
    ("BR-38", unreasoned(document_charges)),
    ("BR-42", unreasoned(line_allowances)),
    ("BR-44", unreasoned(line_charges)),
    ("BR-CL-19", coded("BR-CL-19", document_allowances, line_allowances)),
    ("BR-CL-20", coded("BR-CL-20", document_charges, line_charges)),
)
