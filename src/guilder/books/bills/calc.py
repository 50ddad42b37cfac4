"""Pure rules of bills: what a paper's parts are, and what booking one moves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast
from uuid import UUID

from guilder.kernel.document import Allowance, Document, Kind, Totals
from guilder.kernel.money import WIDE, half_up

WHITE = re.compile(r"\s+")
# Categories whose tax the buyer owes, and reclaims: reverse charge and intra-Community supply.
OWN_TAX = frozenset(("AE", "K"))
LONGEST_NAME = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One amount of a bill in minor units: a line, an allowance (below zero) or a charge."""

    kind: str
    name: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: int
    category: str
    rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """One row of the taxes; `own_rate` and `own` are what the buyer owes under reverse charge."""

    category: str
    rate: Decimal | None
    taxable: int
    tax: int
    own_rate: Decimal | None = None
    own: int = 0


def number_key(number: str) -> str:
    """A supplier's number as it is compared: without case and white space."""
    return WHITE.sub("", number).casefold()[:120]


def sign_of(document: Document) -> int:
    """-1 where an invoice asks for less than nothing: it is kept as a credit note."""
    totals = cast("Totals", document.totals)
    return -1 if totals.due.minor < 0 else 1


def kind_of(document: Document) -> str:
    """What a paper is among bills; a negative invoice is a credit note, and the other way round."""
    is_credit = document.kind == Kind.CREDIT_NOTE
    return "credit_note" if is_credit != (sign_of(document) < 0) else "bill"


def parts_of(document: Document) -> list[Part]:
    """The lines, then the allowances and charges of the whole paper; amounts as `sign_of` says."""
    sign = sign_of(document)
    found = [
        Part(
            kind="line",
            name=short(line.item.name or line.item.description or line.note),
            description=line.item.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.price.amount,
            net=sign * (line.net.minor if line.net is not None else 0),
            category=line.tax.category,
            rate=line.tax.rate,
        )
        for line in document.lines
    ]
    found += [level("allowance", one, -sign) for one in document.allowances]
    found += [level("charge", one, sign) for one in document.charges]
    return found


def level(kind: str, one: Allowance, sign: int) -> Part:
    """An allowance or charge of the whole paper."""
    minor = sign * (one.amount.minor if one.amount is not None else 0)
    return Part(
        kind=kind,
        name=short(one.reason or kind),
        description="",
        quantity=Decimal(1),
        unit="C62",
        unit_price=one.amount.amount if one.amount is not None else Decimal(0),
        net=minor,
        category=one.tax.category if one.tax is not None else "",
        rate=one.tax.rate if one.tax is not None else None,
    )


def short(text: str) -> str:
    """One line of at most 400 characters; a line without words has a name all the same."""
    flat = " ".join(text.split())
    return (flat if len(flat) <= LONGEST_NAME else f"{flat[: LONGEST_NAME - 1]}…") or "–"


def taxes_of(document: Document, *, own_rate: Decimal | None) -> list[TaxRow]:
    """The breakdown; where the buyer owes the tax, at `own_rate` percent of what is taxable."""
    sign = sign_of(document)
    sums: dict[tuple[str, Decimal | None], tuple[int, int]] = {}
    for row in document.taxes:
        taxable, tax = sums.get((row.category, row.rate), (0, 0))
        sums[row.category, row.rate] = (
            taxable + sign * row.taxable.minor,
            tax + sign * row.tax.minor,
        )
    return [
        TaxRow(
            category=category,
            rate=rate,
            taxable=taxable,
            tax=tax,
            own_rate=own_rate if category in OWN_TAX else None,
            own=percent_of(taxable, own_rate) if category in OWN_TAX and own_rate else 0,
        )
        for (category, rate), (taxable, tax) in sums.items()
    ]


def percent_of(amount: int, percent: Decimal) -> int:
    """`percent` of an amount in minor units, half away from zero."""
    return half_up(WIDE.divide(WIDE.multiply(Decimal(amount), percent), Decimal(100)))


def step(base: int, *, total: int, before: int, after: int) -> int:
    """What going from `before` to `after` of `total` is of `base`; the steps add up exactly."""
    if not total:
        return 0
    first, last = (
        base
        if done == total
        else half_up(WIDE.divide(WIDE.multiply(Decimal(base), Decimal(done)), Decimal(total)))
        for done in (before, after)
    )
    return last - first


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a bill comes to, in minor units, with its total in the base currency."""

    payable: int
    prepaid: int
    rounding: int
    base_total: int  # of payable and prepaid together

    @property
    def total(self) -> int:
        """What is on either side of the entry."""
        return self.payable + self.prepaid

    def base_payable(self) -> int:
        """What is to be paid, in base units."""
        return self.base_total - step(
            self.base_total, total=self.total, before=0, after=self.prepaid
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One posting to be made: debit above zero; `account` overrides what `role` means."""

    role: str
    amount: int
    base: int = 0
    category: str = ""
    rate: Decimal | None = None
    account: UUID | None = None

    def mirrored(self) -> "Move":
        """The same the other way round."""
        return replace(self, amount=-self.amount, base=-self.base)


def moves(
    lines: Sequence[tuple[int, UUID | None]], taxes: Sequence[TaxRow], sums: Sums, *, credit: bool
) -> list[Move]:
    """What booking a bill moves: its costs and the tax to reclaim, against what is owed.

    `lines` are (net, account); no account is the usual one. The base amounts of the debit side
    follow its running total, so that both sides are the same to the cent. A credit note is the
    mirror of a bill.
    """
    found: list[Move] = []
    done = 0
    for move in debits(lines, taxes, sums):
        base = step(sums.base_total, total=sums.total, before=done, after=done + move.amount)
        done += move.amount
        found.append(replace(move, base=base))
    payable = sums.base_payable()
    found.append(Move("payables", -sums.payable, -payable))
    found.append(Move("advances", -sums.prepaid, payable - sums.base_total))
    for row in taxes:
        base = step(sums.base_total, total=sums.total, before=0, after=row.own)
        found.append(Move("input_tax", row.own, base, category=row.category, rate=row.own_rate))
        found.append(Move("own_tax", -row.own, -base, category=row.category, rate=row.own_rate))
    return [one.mirrored() for one in found] if credit else found


def debits(
    lines: Sequence[tuple[int, UUID | None]], taxes: Sequence[TaxRow], sums: Sums
) -> Iterator[Move]:
    """What stands on the debit side of a bill, without its base amounts."""
    for net, account in lines:
        yield Move("expense", net, account=account)
    for row in taxes:
        yield Move("input_tax", row.tax, category=row.category, rate=row.rate)
    yield Move("rounding", sums.rounding)
