"""Pure rules of invoices: their word, their postings, what a credit note may take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import (
    Allowance,
    Document,
    Kind,
    Line,
    Party,
    Totals,
    Withholding,
)
from guilder.kernel.errors import Problem
from guilder.kernel.money import WIDE, Money, half_up
from guilder.kernel.totals import calculate

# What a posting is made of, before the ledger's own record: role, amount, category, rate.
Part = tuple[str, int, str, Decimal | None]
RECEIVABLE = frozenset({"invoice", "debit_note", "deposit"})
POSTED = RECEIVABLE | {"credit_note"}
WORDS = (
    "draft",
    "pending_approval",
    "scheduled",
    "issued",
    "sent",
    "viewed",
    "partially_paid",
    "paid",
    "overdue",
    "disputed",
    "credited",
    "written_off",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the word of an invoice depends on; amounts in minor units."""

    status: str
    kind: str
    due_on: date | None
    payable: int
    allocated: int
    credited: int
    written_off: int
    left: int
    sent_at: datetime | None
    viewed_at: datetime | None
    disputed_at: datetime | None
    is_pending: bool = False


def status_word(standing: Standing, *, on: date) -> str:
    """The last word of DESIGN 4 that is true on the day `on`; `left` is the open amount."""
    if standing.status == "draft":
        return "pending_approval" if standing.is_pending else "draft"
    found = "issued"
    if standing.sent_at is not None:
        found = "sent"
    if standing.viewed_at is not None:
        found = "viewed"
    if standing.kind == "pro_forma":
        return found
    if standing.allocated and standing.left:
        found = "partially_paid"
    if not standing.left:
        found = "paid"
    if standing.kind == "credit_note":
        return "credited" if not standing.left else found
    if standing.left and standing.due_on is not None and standing.due_on < on:
        found = "overdue"
    if standing.left and standing.disputed_at is not None:
        found = "disputed"
    if not standing.left and standing.credited and not standing.allocated:
        found = "credited"
    if not standing.left and standing.written_off:
        found = "written_off"
    return found


# Money in the base currency


def in_base(minor: int, *, currency: str, base_currency: str, rate: Decimal) -> int:
    """`minor` units of `currency` in minor units of the base currency, half away from zero."""
    if currency == base_currency:
        return minor
    shift = minor_digits(base_currency) - minor_digits(currency)
    return half_up(WIDE.multiply(Decimal(minor), rate).scaleb(shift, WIDE))


def share(whole: int, *, part: int, of: int) -> int:
    """The `part` of `of` of `whole`, half away from zero; all of it where part is all."""
    if part == of:
        return whole
    return half_up(WIDE.divide(WIDE.multiply(Decimal(whole), Decimal(part)), Decimal(of)))


# Postings


@dataclass(frozen=True, slots=True)
class DepositShare:
    """What a final invoice takes back of one deposit invoice: its net and its taxes.

    `base_net` is what the net stands at in the books, in base units, by the deposit's own rate.
    """

    net: int
    taxes: tuple[tuple[str, Decimal | None, int], ...]
    base_net: int | None = None


def parts_of(
    document: Document, *, deposits: Sequence[DepositShare] = (), applied: int = 0
) -> list[Part]:
    """What issuing `document` moves, debit above zero: adds up to nothing.

    `applied` is how much of a credit note goes to the invoice that it corrects at once.
    """
    totals = cast("Totals", document.totals)
    income = "deposits" if document.kind is Kind.DEPOSIT else "revenue"
    deducted = sum(one.net + sum(tax for _, _, tax in one.taxes) for one in deposits)
    payable = payable_of(totals)
    parts: list[Part] = [
        ("withheld", totals.due.minor - payable, "", None),
        ("prepaid", totals.prepaid.minor - deducted, "", None),
        ("rounding", -totals.rounding.minor, "", None),
    ]
    if document.kind is Kind.CREDIT_NOTE:
        parts += [
            ("receivables", applied, "", None),
            ("customer_credit", payable - applied, "", None),
        ]
    else:
        parts.append(("receivables", payable, "", None))
    loose = totals.net.minor - sum(row.taxable.minor for row in document.taxes)
    parts.append(("rounding", -loose, "", None))
    for row in document.taxes:
        parts.append((income, -row.taxable.minor, row.category, row.rate))
        parts.append(("tax", -row.tax.minor, row.category, row.rate))
    for one in deposits:
        parts.append(("deposits", one.net, "", None))
        parts += [("tax", tax, category, rate) for category, rate, tax in one.taxes]
    sign = -1 if document.kind is Kind.CREDIT_NOTE else 1
    return merged((role, sign * amount, category, rate) for role, amount, category, rate in parts)


def booked_deposits(deposits: Sequence[DepositShare]) -> dict[str, int]:
    """What taking these deposits back moves in base units, for `with_base`: exactly what was booked
    of them, so that nothing stays on their account; what the rates differ is gain or loss."""
    known = [one.base_net for one in deposits if one.base_net is not None]
    return {"deposits": sum(known)} if known and len(known) == len(deposits) else {}


def merged(parts: Iterable[Part]) -> list[Part]:
    """One part for each role, category and rate; those that move nothing are left out."""
    sums: dict[tuple[str, str, Decimal | None], int] = {}
    for role, amount, category, rate in parts:
        key = (role, category, rate)
        sums[key] = sums.get(key, 0) + amount
    return [
        (role, amount, category, rate) for (role, category, rate), amount in sums.items() if amount
    ]


def with_base(
    parts: Sequence[Part],
    *,
    currency: str,
    base_currency: str,
    rate: Decimal,
    fixed: Mapping[str, int] | None = None,
) -> list[tuple[Part, int]]:
    """Each part with its base amount; `fixed` gives that of a role (receivables at another rate).

    The units that rounding leaves go to the largest income part; what `fixed` leaves goes to a part
    of the role `exchange` that moves base money only.
    """
    if currency == base_currency:
        return [(part, part[1]) for part in parts]
    bases = [
        in_base(part[1], currency=currency, base_currency=base_currency, rate=rate)
        for part in parts
    ]
    income = [
        i
        for i, part in enumerate(parts)
        if part[0] in {"revenue", "deposits"} and part[0] not in (fixed or {})
    ]
    rest = sum(bases)
    if rest and income:
        largest = max(income, key=lambda i: abs(bases[i]))
        bases[largest] -= rest
    for i, part in enumerate(parts):
        if fixed and part[0] in fixed:
            bases[i] = fixed[part[0]]
    found = list(zip(parts, bases, strict=True))
    gap = sum(bases)
    if gap:
        found.append((("exchange", 0, "", None), -gap))
    return found


def payable_of(totals: Totals) -> int:
    """What is to be paid: due less what is withheld."""
    return totals.due.minor if totals.receivable is None else totals.receivable.minor


# What a final invoice owes to the law and to common sense before it is issued


def issue_problems(document: Document) -> list[Problem]:
    """What keeps `document` (calculated, with both parties and dates) from being issued."""
    problems: list[Problem] = []

    def fault(pointer: str, code: str, detail: str) -> None:
        problems.append(Problem(pointer, f"invoicing.{code}", detail))

    if not document.lines:
        fault("/lines", "no_lines", "Add at least one line.")
    if not document.seller.name:
        fault("/seller/name", "seller_unnamed", "Enter your legal name in the settings.")
    if not document.seller.address.country:
        fault("/seller/address", "seller_homeless", "Enter your address in the settings.")
    if not document.buyer.name:
        fault("/client", "buyer_unnamed", "Enter the client's name.")
    if document.due_on and document.issued_on and document.due_on < document.issued_on:
        fault("/due_on", "due_before_issue", "Choose a due date on or after the issue date.")
    taxed = any(row.category in {"S", "AE", "K", "G", "E", "Z", "L", "M"} for row in document.taxes)
    if taxed and not (document.seller.vat_id or document.seller.tax_registration):
        fault(
            "/seller/vat_id",
            "seller_without_tax_id",
            "Enter your VAT id or tax number in the settings: the tax categories of this document "
            "need it.",
        )
    if any(row.category in {"AE", "K"} for row in document.taxes) and not document.buyer.vat_id:
        fault("/client", "buyer_without_vat_id", "Reverse charge needs the client's VAT id.")
    totals = cast("Totals", document.totals)
    if payable_of(totals) < 0:
        fault(
            "/totals/due",
            "negative_payable",
            "The amount to pay is below zero. Make it a credit note, or take less off.",
        )
    return problems


# Credit notes


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What is left to be credited of one line of an issued invoice."""

    quantity: Decimal
    net: int


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """How much of a line to credit: a quantity, or a net amount, or (neither) all that is left."""

    index: int
    quantity: Decimal | None = None
    net: int | None = None


def credit_line(line: Line, *, request: CreditRequest, left: LineLeft) -> Line:
    """The line of a credit note: the same price, less of it, its allowances in proportion."""
    net = cast("Money", line.net)
    if request.net is not None:
        return lump(line, net=request.net)
    quantity = left.quantity if request.quantity is None else request.quantity
    if quantity == line.quantity and left.net == net.minor:
        return line
    ratio = WIDE.divide(quantity, line.quantity)
    part = replace(
        line,
        quantity=quantity,
        net=None,
        allowances=tuple(scaled(one, ratio) for one in line.allowances),
        charges=tuple(scaled(one, ratio) for one in line.charges),
    )
    if quantity == left.quantity and net_of(part, net.currency) != left.net:
        return lump(line, net=left.net)  # the last part ends at the line's own amount
    return part


def net_of(line: Line, currency: str) -> int | None:
    """The net of a line by itself; None where its price includes tax, for that is shared out."""
    if line.price.tax_inclusive:
        return None
    alone = Document(
        kind=Kind.CREDIT_NOTE, currency=currency, seller=Party(), buyer=Party(), lines=(line,)
    )
    return cast("Money", calculate(alone).lines[0].net).minor


def lump(line: Line, *, net: int) -> Line:
    """The line as one amount: quantity 1 at the price `net` (minor units), no allowances."""
    currency = cast("Money", line.net).currency
    sign = -1 if net < 0 else 1
    price = Money(abs(net), currency).amount
    return replace(
        line,
        quantity=Decimal(sign),
        price=replace(
            line.price,
            amount=price,
            discount=None,
            gross=None,
            base_quantity=None,
            base_unit="",
            tax_inclusive=False,
        ),
        net=None,
        allowances=(),
        charges=(),
    )


def scaled(one: Allowance, ratio: Decimal) -> Allowance:
    """An allowance or charge on a part of what it stood on."""
    if one.amount is None:
        return one
    amount = one.amount * ratio
    base = None if one.base is None else one.base * ratio
    return replace(one, amount=amount, base=base)


def scaled_withholding(one: Withholding) -> Withholding:
    """A withholding to be reckoned anew on the smaller net."""
    return replace(one, amount=None)


def without_amounts(levels: tuple[Allowance, ...], ratio: Decimal) -> tuple[Allowance, ...]:
    """Allowances of the document for a part of its lines."""
    return levels if ratio == 1 else tuple(scaled(one, ratio) for one in levels)


def tax_day(document: Document, *, issued_on: date) -> date:
    """The day whose tax rates count: of the tax point or the supply, else the issue date."""
    if document.tax_point_on is not None:
        return document.tax_point_on
    if document.delivery is not None and document.delivery.delivered_on is not None:
        return document.delivery.delivered_on
    if document.period is not None and document.period.end_on is not None:
        return min(document.period.end_on, issued_on)
    return issued_on


def base_step(base_payable: int, *, payable: int, before: int, after: int) -> int:
    """What clearing goes from `before` to `after` (of `payable`) is in base units.

    The base cleared so far is always `base_payable` in the proportion of what is cleared, so the
    steps add up exactly whatever their order, and the last one leaves nothing.
    """
    if not payable:
        return 0
    return share(base_payable, part=after, of=payable) - share(
        base_payable, part=before, of=payable
    )
