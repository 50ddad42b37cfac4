"""Checking a file: do its lines give what it states? `guilder import --check` prints the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from guilder.kernel import totals
from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import Document, Rounding
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import WIDE
from guilder.papers.exchange import leeway
from guilder.papers.exchange.formats.record import (
    TOTALS,
    Reading,
    StatedTotals,
    amount_text,
    tax_key,
)
from guilder.papers.exchange.reading import read_all

NOTHING: dict[str, str | None] = dict.fromkeys(TOTALS)
Row = tuple[Decimal | None, Decimal | None]  # taxable, tax
TAXED = ("tax", "gross", "due")
TAX_UNKNOWN = (
    "A tax is named by a code whose rate only your organization knows, so tax, gross and due are"
    " not summed up here. Give tax_category and tax_rate to have them checked."
)
ROUNDED_BY_LINE = (
    "All figures agree when tax is rounded on each line; EN 16931 rounds it once for each rate."
)
NO_ROW: Row = (Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The verdict on one paper. Amounts are strings in the paper's currency, None where unknown.

    `ok` is true where it can be read, has lines, and every total, line net and tax row that it
    states is what its lines give. `problems` say what is wrong; `remarks` say what was read but
    not kept, or understood with a liberty, and leave `ok` alone.
    """

    file: str
    kind: str
    ok: bool
    totals: dict[str, str | None]
    stated: dict[str, str | None]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    number: str = ""
    currency: str = ""
    profile: str = ""

    def as_json(self) -> dict[str, object]:
        """A plain object, ready for a JSON writer."""
        return asdict(self)


def check(data: bytes, filename: str = "") -> Check:
    """The verdict on the file's one paper, or on the first of several; never raises Invalid."""
    return check_all(data, filename)[0]


def check_all(data: bytes, filename: str = "") -> tuple[Check, ...]:
    """A verdict for each paper in the file; one with `kind` "" where it cannot be read."""
    try:
        readings = read_all(data, filename)
    except Invalid as error:
        problems = error.problems or (Problem("", error.code, error.detail),)
        failed = Check(
            file=filename, kind="", ok=False, totals=NOTHING, stated=NOTHING, problems=problems
        )
        return (failed,)
    return tuple(verdict(reading, filename) for reading in readings)


def verdict(reading: Reading, filename: str = "") -> Check:
    """What the lines of `reading` give, against what it states."""
    reading = leeway.settled(reading)
    document = reading.document
    problems, remarks = [*reading.problems], [*reading.remarks]
    computed, faults = completed(reading)
    problems.extend(faults)
    if computed is not None:
        computed, taken = leeway.as_stated(computed, reading)
        remarks.extend(taken)
        found = tuple(differences(reading, computed))
        problems.extend(found)
        if found and is_rounded_by_line(reading):
            remarks.append(Problem("/taxes", "check.rounded_by_line", ROUNDED_BY_LINE))
    unknown = tax_is_unknown(document)
    if unknown:
        remarks.append(Problem("/lines", "check.tax_unknown", TAX_UNKNOWN))
    return Check(
        file=filename,
        kind=reading.format,
        number=document.number,
        currency=document.currency,
        profile=reading.profile,
        ok=not problems,
        totals=_computed_texts(computed, () if not unknown else TAXED),
        stated=_stated_texts(reading.stated, document.currency),
        problems=tuple(problems),
        remarks=tuple(remarks),
    )


def completed(reading: Reading) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document with its nets, taxes and totals, or None and the problems that forbid it.

    Nothing that the file states comes in: a wrong total cannot make the computed one wrong.
    """
    if not reading.document.lines:
        detail = (
            "There are no lines, so nothing can be summed up (profiles MINIMUM and BASIC WL have"
            " none). Ask for an EN 16931 invoice, or enter the lines by hand."
        )
        return None, (Problem("/lines", "exchange.no_lines", detail),)
    try:
        return totals.calculate(reading.document), ()
    except Invalid as error:
        return None, error.problems or (Problem("", error.code, error.detail),)


def is_rounded_by_line(reading: Reading) -> bool:
    """Whether rounding tax on each line, as some laws want, gives all that the file states."""
    by_line = replace(reading.document, rounding=Rounding.LINE)
    return not any(differences(reading, totals.calculate(by_line)))


def differences(reading: Reading, computed: Document) -> Iterator[Problem]:
    """Each stated line net, tax row and total that is not what the lines give."""
    yield from _net_differences(reading, computed)
    yield from _tax_differences(reading, computed)
    yield from _total_differences(reading.stated, computed)


def _net_differences(reading: Reading, computed: Document) -> Iterator[Problem]:
    for index, (line, stated) in enumerate(zip(computed.lines, reading.stated_nets, strict=True)):
        ours = line.net.amount if line.net is not None else None
        if stated is not None and _rounded(stated, computed.currency) != ours:
            detail = f"Line {line.id} states {stated}, but gives {ours}."
            yield Problem(f"/lines/{index}/net", "check.line_net", detail)


def _tax_differences(reading: Reading, computed: Document) -> Iterator[Problem]:
    """Rows of one category and rate count together: some files have one for each reason."""
    if not reading.stated_taxes or tax_is_unknown(computed):
        return
    ours = {tax_key(r.category, r.rate): (r.taxable.amount, r.tax.amount) for r in computed.taxes}
    stated: dict[tuple[str, Decimal | None], Row] = {}
    for row in reading.stated_taxes:
        taxable, tax = stated.get(row.key, (Decimal(0), Decimal(0)))
        stated[row.key] = (_plus(taxable, row.taxable), _plus(tax, row.tax))
    for category, rate in dict.fromkeys([*ours, *stated]):
        said, found = stated.get((category, rate)), ours.get((category, rate))
        if said is None and rate == 0 and category not in leeway.UNTAXED:
            continue  # what the breakdown has no row for
        # A row of zeros says as much as no row.
        if _unlike(said or NO_ROW, found or NO_ROW, computed.currency):
            detail = (
                f"For VAT {category} {_told(rate)} the file states {_row(said)},"
                f" but the lines give {_row(found)}."
            )
            yield Problem("/taxes", "check.tax_row", detail)


def _total_differences(stated: StatedTotals, computed: Document) -> Iterator[Problem]:
    if computed.totals is None:
        return
    unknown = TAXED if tax_is_unknown(computed) else ()
    for name in (*TOTALS, "tax_in_tax_currency"):
        said: Decimal | None = getattr(stated, name)
        ours = getattr(computed.totals, name)
        if said is not None and name in unknown:
            detail = f"{name.capitalize()} is stated as {said}, which cannot be checked here."
            yield Problem(f"/totals/{name}", "check.tax_unknown", detail)
            continue
        if said is not None and ours is not None and _rounded(said, ours.currency) != ours.amount:
            detail = (
                f"{name.replace('_', ' ').capitalize()} is stated as {said},"
                f" but the lines give {ours}."
            )
            yield Problem(f"/totals/{name}", "check.total", detail)


def tax_is_unknown(document: Document) -> bool:
    """Whether some tax is named by the organization's own code alone, without its rate."""
    levels = (*document.allowances, *document.charges)
    taxes = [line.tax for line in document.lines]
    taxes += [level.tax for level in levels if level.tax is not None]
    return any(tax.code and not tax.category for tax in taxes)


def _computed_texts(computed: Document | None, unknown: Iterable[str]) -> dict[str, str | None]:
    if computed is None or computed.totals is None:
        return NOTHING
    known = {name: str(getattr(computed.totals, name)) for name in TOTALS}
    return {**known, **dict.fromkeys(unknown)}


def _stated_texts(stated: StatedTotals, currency: str) -> dict[str, str | None]:
    return {name: amount_text(getattr(stated, name), currency) for name in TOTALS}


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _unlike(said: Row, found: Row, currency: str) -> bool:
    return any(_rounded(s, currency) not in {None, f} for s, f in zip(said, found, strict=True))


def _rounded(value: Decimal | None, currency: str) -> Decimal | None:
    """As an amount of `currency`: some files state more decimals than it has."""
    if value is None:
        return None
    unit = Decimal(1).scaleb(-minor_digits(currency))
    return value.quantize(unit, rounding=ROUND_HALF_UP, context=WIDE)


def _told(rate: Decimal | None) -> str:
    return "without a rate" if rate is None else f"{rate.normalize():f} %"


def _row(row: Row | None) -> str:
    return "no row" if row is None else f"{row[1]} on {row[0]}"


def in_child(job: dict[str, Any]) -> list[dict[str, Any]]:
    """What a limited child does with {"data", "name"}: the checks as plain objects."""
    return [asdict(one) for one in check_all(job["data"], job["name"])]
