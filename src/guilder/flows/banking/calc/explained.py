"""Proposals for one invoice, and for several of one client."""

from collections.abc import Sequence

from guilder.flows.banking.calc.facts import Debt, Known, Line, Part, Proposal, Reason


def one_invoice(
    line: Line,
    debt: Debt,
    amount: int,
    score: int,
    reasons: Sequence[Reason],
    *,
    difference: int = 0,
    kind: str = "",
    discount: int = 0,
) -> Proposal:
    """A proposal for one invoice; `discount` of it is kept back for paying early."""
    return Proposal(
        line_id=line.id,
        kind="invoice",
        score=score,
        parts=(Part("invoice", debt.id, amount, debt.number, discount),),
        reasons=tuple(reasons),
        partner_id=debt.partner_id,
        partner_name=debt.partner_name,
        difference=difference,
        difference_kind=kind,
    )


def several(
    line: Line, debts: Sequence[Debt], known: Known, score: int, reasons: Sequence[Reason]
) -> Proposal:
    """A proposal for several invoices of one client."""
    return Proposal(
        line_id=line.id,
        kind="invoice",
        score=score,
        parts=tuple(Part("invoice", one.id, known.open_of(one.id), one.number) for one in debts),
        reasons=tuple(reasons),
        partner_id=debts[0].partner_id,
        partner_name=debts[0].partner_name,
    )
