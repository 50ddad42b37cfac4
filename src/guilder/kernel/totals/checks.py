"""Judging the figures of a paper: EN 16931's rules on prices, rates, exemptions and sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from guilder.kernel.document import Allowance, Document, Line, Tax, Totals
from guilder.kernel.errors import Problem
from guilder.kernel.money import Money

UNTAXED = frozenset(("Z", "E", "AE", "K", "G"))  # the rate is 0: BR-Z-5, BR-E-5, BR-AE-5, …
RATED = frozenset(("S", "L", "M"))  # a rate is needed: BR-S-5, BR-AF-5, BR-AG-5
REASONED = frozenset(("E", "AE", "K", "G", "O"))  # BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10
CATEGORIES = UNTAXED | RATED | {"O"}  # UNTDID 5305 as EN 16931 uses it
COMPARED = (
    *("line_net", "allowances", "charges", "net", "tax", "gross"),
    *("prepaid", "rounding", "due"),
)


def check(document: Document) -> tuple[Problem, ...]:
    """Every breach of the standard's rules on figures and tax categories in `document`."""
    return (
        *_line_problems(document),
        *_level_problems(document, ""),
        *_mixture_problems(document),
        *_tax_currency_problems(document),
        *instalment_problems(document),
    )


def differences(
    computed: Totals, stated: Totals | Mapping[str, Money | None]
) -> tuple[Problem, ...]:
    """Where `stated` says something else than `computed`; what is not stated is passed over."""
    found: list[Problem] = []
    for name in COMPARED:
        said: Money | None = (
            getattr(stated, name) if isinstance(stated, Totals) else stated.get(name)
        )
        ours: Money = getattr(computed, name)
        if said is not None and said != ours:
            detail = (
                f"The {name.replace('_', ' ')} is stated as {said} {said.currency},"
                f" but the lines give {ours} {ours.currency}."
            )
            found.append(Problem(f"/totals/{name}", "totals.differs", detail))
    return tuple(found)


def instalment_problems(document: Document) -> tuple[Problem, ...]:
    """Instalments add up to what is to be paid, in its currency, in the order of their dates.

    A paper without totals is judged by its dates alone.
    """
    parts, found = document.instalments, list[Problem]()
    dates = [part.due_on for part in parts]
    if dates != sorted(dates):
        detail = "Put the instalments in the order of their dates."
        found.append(Problem("/instalments", "instalments.order", detail))
    for index, part in enumerate(parts):
        if part.amount.currency != document.currency:
            detail = f"Give this instalment in {document.currency}, as the rest."
            found.append(Problem(f"/instalments/{index}/amount", "totals.currency", detail))
    if not parts or document.totals is None:
        return tuple(found)
    whole = document.totals.receivable
    whole = document.totals.due if whole is None else whole
    paid = Money(sum(part.amount.minor for part in parts), document.currency)
    if paid != whole:
        detail = f"The instalments add up to {paid}, but {whole} is due. Change one of them."
        found.append(Problem("/instalments", "instalments.sum", detail))
    return tuple(found)


def _line_problems(document: Document) -> Iterator[Problem]:
    for index, line in enumerate(document.lines):
        at = f"/lines/{index}"
        price = line.price
        if price.amount < 0:  # BR-27
            detail = "A price cannot be below 0. Make the quantity negative instead."
            yield Problem(f"{at}/price/amount", "price.negative", detail)
        if price.gross is not None and price.gross < 0:  # BR-28
            detail = "A price before discount cannot be below 0."
            yield Problem(f"{at}/price/gross", "price.negative", detail)
        if price.base_quantity is not None and price.base_quantity <= 0:
            detail = "Give the quantity that the price is for; it is more than 0."
            yield Problem(f"{at}/price/base_quantity", "price.base_quantity", detail)
        yield from _tax_problems(line.tax, f"{at}/tax")
        yield from _level_problems(line, at)


def _level_problems(holder: Document | Line, at: str) -> Iterator[Problem]:
    for name, levels in (("allowances", holder.allowances), ("charges", holder.charges)):
        for index, level in enumerate(levels):
            yield from _one_level_problems(level, f"{at}/{name}/{index}")


def _one_level_problems(level: Allowance, at: str) -> Iterator[Problem]:
    if level.amount is None and level.percent is None:
        yield Problem(at, "allowance.amount", "Give an amount or a percentage.")
    if level.percent is not None and level.percent < 0:
        yield Problem(f"{at}/percent", "allowance.percent", "Give a percentage of 0 or more.")
    if level.tax is not None:
        yield from _tax_problems(level.tax, f"{at}/tax")


def _tax_problems(tax: Tax, at: str) -> Iterator[Problem]:
    if tax.category not in CATEGORIES:
        detail = f"“{tax.category[:12]}” is no VAT category. Use S, Z, E, AE, K, G, O, L or M."
        yield Problem(f"{at}/category", "tax.category", detail)
        return
    yield from _rate_problems(tax.category, tax.rate, at)
    reasoned = bool(tax.exemption_code or tax.exemption_reason)
    if tax.category in REASONED and not reasoned:
        detail = "Say why no VAT is charged: give an exemption reason or a VATEX code."
        yield Problem(f"{at}/exemption_reason", "tax.exemption_missing", detail)
    if tax.category not in REASONED and reasoned:  # BR-S-10, BR-Z-10, BR-AF-10, BR-AG-10
        detail = "An exemption reason goes with the categories E, AE, K, G and O only. Remove it."
        yield Problem(f"{at}/exemption_reason", "tax.exemption_unwanted", detail)


def _rate_problems(category: str, rate: Decimal | None, at: str) -> Iterator[Problem]:
    at = f"{at}/rate"
    if category in UNTAXED and rate:
        yield Problem(at, "tax.rate_not_zero", f"The rate of category {category} is 0.")
    elif category == "O" and rate is not None:
        yield Problem(at, "tax.rate_unwanted", "Category O has no rate. Leave it empty.")
    elif category == "S" and (rate is None or rate <= 0):
        yield Problem(at, "tax.rate_missing", "Category S needs a rate above 0.")
    elif category in RATED and (rate is None or rate < 0):
        yield Problem(at, "tax.rate_missing", f"Category {category} needs a rate of 0 or more.")


def _mixture_problems(document: Document) -> Iterator[Problem]:
    categories = {line.tax.category for line in document.lines}
    levels = (*document.allowances, *document.charges)
    categories |= {level.tax.category for level in levels if level.tax is not None}
    if "O" in categories and len(categories) > 1:  # BR-O-11 to BR-O-14
        detail = (
            "What is outside the scope of VAT stands on an invoice of its own."
            " Write two invoices, or choose another category."
        )
        yield Problem("/lines", "tax.outside_scope_mixed", detail)


def _tax_currency_problems(document: Document) -> Iterator[Problem]:
    foreign = document.tax_currency not in ("", document.currency)
    rate = document.tax_rate_to_tax_currency
    if foreign and (rate is None or rate <= 0):  # BR-53
        detail = (
            f"Give the rate from {document.currency} to {document.tax_currency},"
            " so that the tax is stated in both."
        )
        yield Problem("/tax_rate_to_tax_currency", "tax.currency_rate_missing", detail)
