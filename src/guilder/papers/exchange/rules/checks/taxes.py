"""Rules about VAT categories: who is identified, which rate, which reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from guilder.kernel.document import Document
from guilder.papers.exchange.rules import lists
from guilder.papers.exchange.rules.checks.table import Check, Places, taxed, where

# The letters of a category's rules, by its code in UNTDID 5305.
LETTERS = {
    "S": "S",
    "Z": "Z",
    "E": "E",
    "AE": "AE",
    "K": "IC",
    "G": "G",
    "O": "O",
    "L": "AF",
    "M": "AG",
}
IDENTITY = {"line": 2, "allowance": 3, "charge": 4}
RATE = {"line": 5, "allowance": 6, "charge": 7}
REASONED = frozenset({"E", "AE", "K", "G", "O"})
ZERO = frozenset({"Z", "E", "AE", "K", "G"})
Wrong = Callable[[Document], bool]


def _seller_taxed(document: Document) -> bool:
    return bool(document.seller.tax_registration) or _seller_vat(document)


def _seller_vat(document: Document) -> bool:
    representative = document.tax_representative
    return bool(document.seller.vat_id or (representative and representative.vat_id))


def _buyer_known(document: Document) -> bool:
    return bool(document.buyer.vat_id or document.buyer.legal_registration)


def _unidentified(document: Document) -> bool:
    return not _seller_taxed(document)


def _unidentified_reverse(document: Document) -> bool:
    return not (_seller_taxed(document) and _buyer_known(document))


def _unidentified_inside(document: Document) -> bool:
    return not (_seller_vat(document) and document.buyer.vat_id)


def _unidentified_export(document: Document) -> bool:
    return not _seller_vat(document)


def _identified(document: Document) -> bool:
    return _seller_vat(document) or bool(document.buyer.vat_id)


UNIDENTIFIED: dict[str, Wrong] = {
    **dict.fromkeys(("S", "Z", "E", "L", "M"), _unidentified),
    "AE": _unidentified_reverse,
    "K": _unidentified_inside,
    "G": _unidentified_export,
    "O": _identified,
}


def identity(category: str, level: str) -> Check:
    """BR-…-02, 03, 04."""

    def check(document: Document) -> Places:
        places = (
            one.pointer
            for one in taxed(document)
            if one.tax.category == category and one.level == level
        )
        first = next(places, None)
        if first is not None and UNIDENTIFIED[category](document):
            yield first

    return check


def is_wrong_rate(category: str, rate: Decimal | None) -> bool:
    """Whether a category may not have this rate."""
    if category == "O":
        return rate is not None
    if category in ZERO:
        return bool(rate)
    return rate is None or rate < 0 or (category == "S" and rate == 0)


def rates(category: str, level: str) -> Check:
    """BR-…-05, 06, 07."""

    def check(document: Document) -> Places:
        for one in taxed(document):
            if one.tax.category == category and one.level == level:
                yield from where(is_wrong_rate(category, one.tax.rate), f"{one.pointer}/rate")

    return check


def reasons(category: str) -> Check:
    """BR-…-10."""

    def check(document: Document) -> Places:
        for index, row in enumerate(document.taxes):
            if row.category == category:
                given = bool(row.exemption_code or row.exemption_reason)
                wrong = given is not (category in REASONED)
                yield from where(wrong, f"/taxes/{index}/exemption_reason")

    return check


def delivered(document: Document) -> Places:
    """BR-IC-11."""
    period = document.period
    dated = document.delivery is not None and document.delivery.delivered_on is not None
    dated = dated or (period is not None and bool(period.start_on or period.end_on))
    return where(_has(document, "K") and not dated, "/delivery/delivered_on")


def destination(document: Document) -> Places:
    """BR-IC-12."""
    address = document.delivery.address if document.delivery else None
    known = address is not None and bool(address.country)
    return where(_has(document, "K") and not known, "/delivery/address/country")


def alone(document: Document) -> Places:
    """BR-O-11."""
    categories = {row.category for row in document.taxes}
    return where("O" in categories and len(categories) > 1, "/taxes")


def alone_at(level: str) -> Check:
    """BR-O-12, 13, 14."""

    def check(document: Document) -> Places:
        if _has(document, "O"):
            for one in taxed(document):
                if one.level == level and one.tax.category != "O":
                    yield one.pointer

    return check


def split_payment(document: Document) -> Places:
    """BR-B-01."""
    countries = {document.seller.address.country, document.buyer.address.country}
    for one in taxed(document):
        yield from where(one.tax.category == "B" and countries != {"IT"}, one.pointer)


def split_beside_standard(document: Document) -> Places:
    """BR-B-02."""
    categories = {one.tax.category for one in taxed(document)}
    return where({"B", "S"} <= categories, "/lines")


def line_categories(document: Document) -> Places:
    """BR-CL-18."""
    for one in taxed(document):
        wrong = bool(one.tax.category) and not lists.knows("BR-CL-18", one.tax.category)
        yield from where(wrong and one.level == "line", one.pointer)


def level_categories(document: Document) -> Places:
    """BR-CL-17."""
    for one in taxed(document):
        wrong = bool(one.tax.category) and not lists.knows("BR-CL-17", one.tax.category)
        yield from where(wrong and one.level != "line", one.pointer)


def exemption_codes(document: Document) -> Places:
    """BR-CL-22."""
    for index, row in enumerate(document.taxes):
        code = row.exemption_code.upper()
        wrong = bool(code) and not lists.knows("BR-CL-22", code)
        yield from where(wrong, f"/taxes/{index}/exemption_code")


def _has(document: Document, category: str) -> bool:
    return any(row.category == category for row in document.taxes)


def _of_category(category: str) -> tuple[tuple[str, Check], ...]:
    letters = LETTERS[category]
    return (
        *((f"BR-{letters}-{n:02}", identity(category, level)) for level, n in IDENTITY.items()),
        *((f"BR-{letters}-{n:02}", rates(category, level)) for level, n in RATE.items()),
        (f"BR-{letters}-10", reasons(category)),
    )


CHECKS: tuple[tuple[str, Check], ...] = (
    *(pair for category in LETTERS for pair in _of_category(category)),
    ("BR-IC-11", delivered),
    ("BR-IC-12", destination),
    ("BR-O-11", alone),
    ("BR-O-12", alone_at("line")),
    ("BR-O-13", alone_at("allowance")),
    ("BR-O-14", alone_at("charge")),
    ("BR-B-01", split_payment),
    ("BR-B-02", split_beside_standard),
    ("BR-CL-17", level_categories),
    ("BR-CL-18", line_categories),
    ("BR-CL-22", exemption_codes),
)
