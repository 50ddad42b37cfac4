"""What reading a file gives: the paper without its sums, and apart from it what the file states."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Problem

TOTALS = (
    *("line_net", "allowances", "charges", "net", "tax"),
    *("gross", "prepaid", "rounding", "due"),
)


class Unreadable(Invalid):
    """The file is of a known format, but what it lacks or holds makes a paper impossible."""

    code = "exchange.unreadable"


class Foreign(Invalid):
    """The file is of a format that is not read."""

    code = "exchange.foreign"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotals:
    """BG-22 as the file says, in major units; None where it says nothing."""

    line_net: Decimal | None = None  # BT-106
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    net: Decimal | None = None  # BT-109
    tax: Decimal | None = None  # BT-110
    gross: Decimal | None = None  # BT-112
    prepaid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    due: Decimal | None = None  # BT-115
    tax_in_tax_currency: Decimal | None = None  # BT-111


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTax:
    """BG-23 as the file says: one row of the tax breakdown, amounts in major units."""

    category: str  # BT-118
    rate: Decimal | None  # BT-119
    taxable: Decimal | None  # BT-116
    tax: Decimal | None  # BT-117
    exemption_reason: str = ""  # BT-120
    exemption_code: str = ""  # BT-121

    @property
    def key(self) -> tuple[str, Decimal | None]:
        """Category and rate, as the rows of a breakdown are told apart."""
        return tax_key(self.category, self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One paper as read.

    `document` has no nets, taxes or totals. `stated_nets` goes with its lines, one by one.
    `problems` are faults of the file, their pointers go into the document; `remarks` name what
    was read but has no place in a document, or was understood with a liberty.
    """

    document: Document
    format: str  # ubl-invoice, ubl-creditnote, cii, json, csv, or pdf- and one of these
    profile: str = ""  # BT-24 where the file names one
    stated: StatedTotals = StatedTotals()
    stated_taxes: tuple[StatedTax, ...] = ()
    stated_nets: tuple[Decimal | None, ...] = ()
    collected: Decimal = Decimal(0)  # for third parties: due, but on no line (BG-DEX-09)
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


def tax_key(category: str, rate: Decimal | None) -> tuple[str, Decimal | None]:
    """Category and rate; category O has none, and elsewhere no rate means 0."""
    if category == "O":
        return category, rate or None
    return category, rate or Decimal(0)


def amount_text(value: Decimal | None, currency: str) -> str | None:
    """An amount in major units as text with the currency's decimals; with more where it has more.

    Raises UnknownCurrency.
    """
    if value is None:
        return None
    digits = minor_digits(currency)
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > digits:
        return f"{value.normalize():f}"
    return f"{value:.{digits}f}"
