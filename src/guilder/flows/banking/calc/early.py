"""Lines that fall short of an invoice by what it offers for paying early."""

from collections.abc import Sequence
from datetime import timedelta

from guilder.flows.banking.calc.explained import one_invoice
from guilder.flows.banking.calc.facts import Debt, Early, Known, Line, Part, Proposal, Reason

LESS = 88  # in time and less kept back than offered: what is short is settled by the discount


def offer_for(line: Line, debt: Debt, missing: int, known: Known, *, late: bool) -> Early | None:
    """The smallest offer that `missing` is within, in time or, with `late`, after its day; none of
    an invoice of which another line takes a part."""
    if missing <= 0 or known.open_of(debt.id) != debt.left:
        return None
    grace = timedelta(days=known.grace_days)
    good = [
        one
        for one in known.early.get(debt.id, ())
        if missing <= one.saved + known.tolerance and (line.booked_on > one.until + grace) is late
    ]
    return min(good, key=lambda one: one.saved, default=None)


def with_discount(
    line: Line, debt: Debt, known: Known, *, score: int, reasons: Sequence[Reason]
) -> Proposal | None:
    """An invoice less its discount, in time: exactly that, or no more than that."""
    missing = debt.left - line.amount
    offer = offer_for(line, debt, missing, known, late=False)
    if offer is None:
        return None
    why = [*reasons, *said_of(offer, line, missing)]
    sure = score if missing == offer.saved else min(score, LESS)
    return one_invoice(line, debt, line.amount, sure, why, discount=missing)


def said_of(offer: Early, line: Line, missing: int) -> list[Reason]:
    """Which discount was taken, and whether it was taken late but within the days of grace."""
    named = {"percent": offer.percent, "days": offer.days, "until": offer.until}
    exact = missing == offer.saved
    why = [Reason("discount" if exact else "discount_within", {**named, "amount": missing})]
    late = (line.booked_on - offer.until).days
    return [*why, Reason("grace", {"days": late})] if late > 0 else why


def too_late(line: Line, debt: Debt, known: Known) -> list[Reason]:
    """That what is missing is a discount whose day was over: it stays open."""
    offer = offer_for(line, debt, debt.left - line.amount, known, late=True)
    if offer is None or offer_for(line, debt, debt.left - line.amount, known, late=False):
        return []
    named = {"percent": offer.percent, "until": offer.until}
    return [Reason("discount_late", named)]


def reduced(line: Line, debt: Debt, known: Known) -> int:
    """What an invoice takes today: less the most that it offers for this day, if it offers."""
    grace = timedelta(days=known.grace_days)
    whole = known.open_of(debt.id)
    good = [
        one.saved
        for one in known.early.get(debt.id, ())
        if line.booked_on <= one.until + grace and whole == debt.left
    ]
    return whole - max(good, default=0)


def several_early(
    line: Line, debts: Sequence[Debt], known: Known, *, score: int, reasons: Sequence[Reason]
) -> Proposal | None:
    """Invoices of one client that come to the amount, each less what it offers today."""
    amounts = {one.id: reduced(line, one, known) for one in debts}
    if sum(amounts.values()) != line.amount:
        return None
    parts = tuple(
        Part("invoice", one.id, amounts[one.id], one.number,
             discount=known.open_of(one.id) - amounts[one.id])
        for one in debts
    )  # fmt: skip
    kept = [one.discount for one in parts if one.discount]
    told = Reason("discounts", {"count": len(kept), "amount": sum(kept)})
    return Proposal(
        line_id=line.id,
        kind="invoice",
        score=score,
        parts=parts,
        reasons=(*reasons, told),
        partner_id=debts[0].partner_id,
        partner_name=debts[0].partner_name,
    )
