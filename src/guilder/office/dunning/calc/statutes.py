"""What the law of a country lets a creditor ask of a late payer, as dated data with its source.

Only what is certain stands here; a country, a kind of debtor or a half-year that is absent is asked
of the organization (a reference rate typed by hand, or a rate by contract), never guessed. Rates of
reference hold for the half-year that they begin; a later one needs a row of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from guilder.office.dunning.calc.interest import Rate

HALF = Decimal("0.5")
HALF_YEAR = 6  # months


@dataclass(frozen=True, slots=True)
class Reference:
    """A rate that statutes build upon, for half-years from 1 January and 1 July."""

    name: str
    source: str
    rows: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Statute:
    """Interest of `points` over a reference (none: `points` alone), lump sums by size of the debt:
    (currency, debt from in minor units, sum in minor units). `rounds_up_to` is of the rate."""

    country: str
    is_business: bool
    reference: str
    points: Decimal
    law: str
    valid_from: date
    lumps: tuple[tuple[str, int, int], ...] = ()
    rounds_up_to: Decimal | None = None
    year_days: int = 365


def halves(*rates: str, start: int) -> tuple[tuple[date, str], ...]:
    """Rates of consecutive half-years from 1 January of `start`."""
    return tuple(
        (date(start + index // 2, 1 if index % 2 == 0 else 7, 1), rate)
        for index, rate in enumerate(rates)
    )


REFERENCES: Mapping[str, Reference] = {
    "ecb": Reference(
        "ECB main refinancing operations",
        "European Central Bank, key interest rates: main refinancing operations, fixed rate in"
        " force on the first day of the half-year (Directive 2011/7/EU, art. 2 (7))",
        halves(
            "0", "0", "0", "0", "0", "0", "0", "0", "0", "0",  # 2018 to 2022
            "2.50", "4.00", "4.50", "4.25", "3.15", "2.15", "2.15",  # 2023 to the first of 2026
            start=2018,
        ),
    ),
    "de_base": Reference(
        "Basiszinssatz (§ 247 BGB)",
        "Deutsche Bundesbank, announcements of the base rate under § 247 BGB",
        halves(
            "-0.88", "-0.88", "-0.88", "-0.88", "-0.88", "-0.88", "-0.88", "-0.88", "-0.88",
            "-0.88", "1.62", "3.12", "3.62", "3.37", "2.27", "1.27", "1.27",
            start=2018,
        ),
    ),
    "at_base": Reference("Basiszinssatz (Austria)", "Oesterreichische Nationalbank", ()),
    "boe": Reference(
        "Bank of England Bank Rate",
        "Bank of England, Bank Rate on 31 December and 30 June (SI 2002/1675: it holds for the"
        " six months that follow)",
        halves("3.50", "5.00", "5.25", "5.25", "4.75", "4.25", "3.75", start=2023),
    ),
}  # fmt: skip

EUR_40 = (("EUR", 0, 40_00),)
TRANSPOSED = date(2013, 3, 16)  # the directive's last day for national law
EIGHT = Decimal(8)


def directive(country: str, law: str, *, points: str = "8", **other: object) -> Statute:
    """Between businesses, as Directive 2011/7/EU asks: points over the ECB's rate, 40 euro."""
    return Statute(
        country, True, "ecb", Decimal(points), law, TRANSPOSED, EUR_40, **other  # type: ignore[arg-type]
    )  # fmt: skip


STATUTES: tuple[Statute, ...] = (
    Statute("DE", True, "de_base", Decimal(9), "§ 288 (2), (5) BGB", date(2014, 7, 29), EUR_40),
    Statute("DE", False, "de_base", Decimal(5), "§ 288 (1) BGB", date(2002, 1, 1)),
    Statute("AT", True, "at_base", Decimal("9.2"), "§ 456, § 458 UGB", TRANSPOSED, EUR_40),
    Statute("AT", False, "", Decimal(4), "§ 1000 (1) ABGB", date(2002, 8, 1)),
    directive("FR", "Code de commerce, art. L441-10, D441-5", points="10"),
    directive("NL", "Burgerlijk Wetboek, art. 6:119a, 6:96 (4)"),
    directive("BE", "Wet/Loi 2.8.2002, art. 5, 6", rounds_up_to=HALF),
    directive("ES", "Ley 3/2004, art. 7, 8"),
    directive("IT", "D.Lgs. 231/2002, art. 5, 6"),
    directive("IE", "S.I. 580/2012"),
    directive("LU", "Loi du 18.4.2004"),
    directive("PT", "Decreto-Lei 62/2013"),
    Statute(
        "GB", True, "boe", EIGHT,
        "Late Payment of Commercial Debts (Interest) Act 1998, s. 5A, 6; SI 2002/1675",
        date(2002, 8, 7),
        (("GBP", 0, 40_00), ("GBP", 1_000_00, 70_00), ("GBP", 10_000_00, 100_00)),
    ),
    Statute("CH", True, "", Decimal(5), "Art. 104 (1) OR", date(1912, 1, 1)),
    Statute("CH", False, "", Decimal(5), "Art. 104 (1) OR", date(1912, 1, 1)),
)  # fmt: skip


def statute_of(country: str, *, is_business: bool, on: date) -> Statute | None:
    """The law of a creditor's country for a kind of debtor; None where we know none."""
    found = [
        one
        for one in STATUTES
        if (one.country, one.is_business) == (country, is_business) and one.valid_from <= on
    ]
    return max(found, key=lambda one: one.valid_from, default=None)


def rates_of(statute: Statute, typed: Iterable[tuple[date, Decimal]]) -> list[Rate]:
    """The rates of a statute in the order of their days; `typed` rows of its reference win.

    Each row holds for its half-year; where no row follows at once, the rate is unknown from there.
    """
    if not statute.reference:
        return [Rate(statute.valid_from, statute.points)]
    rows = {day: Decimal(rate) for day, rate in REFERENCES[statute.reference].rows} | dict(typed)
    found: list[Rate] = []
    for day in sorted(rows):
        if found and ends_of(found[-1].valid_from) < day:
            found.append(Rate(ends_of(found[-1].valid_from), None))
        found.append(Rate(day, raised(statute, rows[day])))
    if found:
        found.append(Rate(ends_of(found[-1].valid_from), None))
    return found


def ends_of(day: date) -> date:
    """The first day of the next half-year."""
    return date(day.year, 7, 1) if day.month < 7 else date(day.year + 1, 1, 1)


def raised(statute: Statute, reference: Decimal) -> Decimal:
    """The rate asked for, rounded up where the law says so; never below zero."""
    rate = max(reference + statute.points, Decimal(0))
    step = statute.rounds_up_to
    if step is None:
        return rate
    return (rate / step).to_integral_value(rounding=ROUND_CEILING) * step


def lump_sum(statute: Statute, debts: Sequence[int], *, currency: str) -> int:
    """The compensation for the cost of recovery, each debt by its own size, in minor units."""
    total = 0
    for debt in debts:
        fits = [sum_ for code, least, sum_ in statute.lumps if code == currency and debt >= least]
        total += max(fits, default=0)
    return total
