"""Lines that our own payment orders explain: what was collected, and what came back of it."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from guilder.flows.banking.calc.facts import Known, Line, Ordered, Part, Proposal, Reason

MOST_FEE = 2_000  # minor units that banks ask for a returned debit


def tokens_of(line: Line) -> tuple[str, ...]:
    """Whatever may be an identifier of ours: what the bank handed back, and the words it wrote."""
    words = f"{line.end_to_end} {line.text} {line.reference}".split()
    return tuple(dict.fromkeys(one.strip(",;:()") for one in words if 8 <= len(one) <= 36))[:60]


def collected(line: Line, known: Known) -> Proposal | None:
    """Direct debits that the bank credits, each by itself or all of a group in one sum."""
    if not known.ordered:
        return None
    names = set(tokens_of(line))
    free = [
        one
        for one in known.ordered
        if one.payment_id and not one.is_matched and one.payment_id not in known.taken
    ]
    named = [one for one in free if one.tokens & names]
    if not named:
        return None
    groups = {token for one in named for token in one.tokens}
    for some in (named, [one for one in free if one.tokens & groups]):
        if sum(one.amount for one in some) == line.amount:
            return proposal_of(line, some)
    return None


def proposal_of(line: Line, some: Iterable[Ordered]) -> Proposal:
    """All of them, from money on its way to the bank."""
    parts = tuple(
        Part("card", one.payment_id, one.amount, one.number or one.partner_name)
        for one in some
        if one.payment_id is not None
    )
    return Proposal(
        line_id=line.id,
        kind="payout",
        score=99,
        parts=parts,
        reasons=(Reason("ordered", {"count": len(parts)}), Reason("amount")),
    )


def sent_out(line: Line, known: Known) -> Proposal | None:
    """Transfers that the bank debits, each by itself or all of an order in one sum."""
    names = set(tokens_of(line))
    free = [
        one
        for one in known.ordered
        if one.sent_id and not one.is_matched and one.sent_id not in known.taken
    ]
    named = [one for one in free if one.tokens & names]
    groups = {token for one in named for token in one.tokens}
    for some in (named, [one for one in free if one.tokens & groups]):
        if some and sum(one.amount for one in some) == -line.amount:
            parts = tuple(part_of(one) for one in some)
            kinds = {one.kind for one in parts}
            return Proposal(
                line_id=line.id,
                kind="disbursement" if len(kinds) > 1 else kinds.pop(),
                score=99,
                parts=parts,
                reasons=(Reason("sent_order", {"count": len(parts)}), Reason("amount")),
                partner_name=some[0].partner_name if len(parts) == 1 else "",
            )
    return None


def part_of(one: Ordered) -> Part:
    """The share of a transfer: a payment of bills, or a refund."""
    if one.refund_id is not None:
        return Part("refund", one.refund_id, -one.amount, one.number)
    return Part("disbursement", cast("UUID", one.disbursement_id), -one.amount, one.number)


def sent_back(line: Line, known: Known) -> Proposal | None:
    """A direct debit comes back; what the line takes above its amount is the bank's fee."""
    names = set(tokens_of(line))
    for one in known.ordered:
        if one.payment_id is None or one.payment_id in known.taken or not one.tokens & names:
            continue
        fee = -line.amount - one.amount
        stated = line.charges is not None and line.charges == fee
        if fee == 0 or (fee > 0 and (stated or fee <= MOST_FEE)):
            why = [Reason("returned_order", {"name": one.partner_name, "number": one.number})]
            if fee:
                why.append(Reason("fee", {"amount": fee}))
            return Proposal(
                line_id=line.id,
                kind="return",
                score=97 if not fee else 90,
                parts=(Part("return", one.payment_id, -one.amount, one.number),),
                reasons=tuple(why),
                partner_name=one.partner_name,
                difference=-fee,
                difference_kind="fee" if fee else "",
            )
    return None
