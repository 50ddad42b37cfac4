"""Money that we sent and that comes back: a transfer that did not reach its account."""

import re
from collections.abc import Sequence
from datetime import timedelta

from guilder.flows.banking.calc.facts import Departed, Known, Line, Ordered, Part, Proposal, Reason
from guilder.flows.banking.calc.money import BACK, RETURN_WITHIN
from guilder.flows.banking.calc.orders import MOST_FEE, tokens_of
from guilder.flows.banking.calc.words import digit_keys, names_agree

# ISO 20022: returned transfers of either way, and the reasons that banks give behind the code.
RETURNING = re.compile(r"RRTN|\b(AC0[146]|AG0[12]|BE0[145]|CUST|FOCR|MD07|MS0[23]|RC01|RR0[1-4])$")


def is_told_back(line: Line) -> bool:
    """Whether the bank says, by code or in words, that a line is money coming back."""
    said = f"{line.name} {line.said}"
    return line.is_reversal or bool(RETURNING.search(line.code) or BACK.search(said))


def came_back(line: Line, known: Known) -> Proposal | None:
    """A payment of bills or a refund that was sent and comes back, whole or less the bank's fee."""
    return order_came_back(line, known) or line_came_back(line, known)


def order_came_back(line: Line, known: Known) -> Proposal | None:
    """The bank names a transfer of ours; what is missing is its fee."""
    if not known.ordered:
        return None
    names = set(tokens_of(line))
    fitting = [
        one
        for one in known.ordered
        if one.sent_id
        and one.sent_id not in known.taken
        and one.tokens & names
        and is_less(line, one.amount)
    ]
    whole = [one for one in fitting if one.amount == line.amount]
    for some in (whole, fitting):
        if len(some) == 1:
            return back(line, some[0])
    return None


def is_less(line: Line, sent: int) -> bool:
    """Whether the line brings what was sent, or that less a fee that a bank may take."""
    missing = sent - line.amount
    stated = line.charges is not None and line.charges == missing
    return missing == 0 or (missing > 0 and (stated or missing <= MOST_FEE))


def back(line: Line, order: Ordered) -> Proposal:
    """All that was sent; the fee is what is missing of it."""
    fee = order.amount - line.amount
    kind = "disbursement_return" if order.disbursement_id else "refund_return"
    named = {"name": order.partner_name, "number": order.number}
    why = [Reason("returned_transfer", named), *bank_says(line)]
    if fee:
        why.append(Reason("return_fee", {"amount": fee}))
    sent_id = order.disbursement_id or order.refund_id
    return Proposal(
        line_id=line.id,
        kind="return",
        score=97 if not fee else 90,
        parts=(Part(kind, sent_id, order.amount, order.number),) if sent_id else (),
        reasons=tuple(why),
        partner_name=order.partner_name,
        difference=-fee,
        difference_kind="fee" if fee else "",
    )


def line_came_back(line: Line, known: Known) -> Proposal | None:
    """The bank says that a transfer came back, and one line took out just that."""
    if not known.departed or not is_told_back(line):
        return None
    fitting = [
        one
        for one in known.departed
        if one.amount == line.amount
        and one.currency == line.currency
        and one.id not in known.taken
        and timedelta(0) <= line.booked_on - one.booked_on <= RETURN_WITHIN
    ]
    by_reference = [
        one
        for one in fitting
        if one.end_to_end and one.end_to_end in f"{line.end_to_end} {line.text}".split()
    ]
    keys = set(digit_keys(line.said))
    by_words = [
        one
        for one in fitting
        if names_agree(line.name, one.name)
        or names_agree(line.name, one.partner_name)
        or keys & set(digit_keys(one.said))
    ]
    found = by_reference or by_words
    return departed_back(line, found, is_named=bool(by_reference)) if found else None


def departed_back(line: Line, found: Sequence[Departed], *, is_named: bool) -> Proposal:
    """The latest of those that it may be."""
    latest = max(found, key=lambda one: (one.booked_on, one.id))
    named = {"on": latest.booked_on, "name": latest.partner_name}
    return Proposal(
        line_id=line.id,
        kind="return",
        score=96 if is_named and len(found) == 1 else 85 if len(found) == 1 else 70,
        parts=(Part(f"{latest.kind}_return", latest.id, line.amount, latest.partner_name),),
        reasons=(Reason("departed", named), *bank_says(line)),
        partner_name=latest.partner_name,
    )


def bank_says(line: Line) -> list[Reason]:
    """Why it came back, where the bank gives a reason."""
    code = line.code.rpartition(" ")[2]
    is_reason = len(code) == 4 and code.isalnum() and code.isupper() and code != line.code
    return [Reason("bank_reason", {"code": code})] if is_reason else []
