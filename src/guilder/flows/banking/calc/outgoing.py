"""What money that went out was: a bill, a payment or a refund that was recorded before."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from guilder.flows.banking.calc.facts import Known, Line, Part, Payable, Proposal, Reason
from guilder.flows.banking.calc.subset import subsets_of
from guilder.flows.banking.calc.words import digit_keys, name_key, names_agree

RECORDED = 100  # as for money that came in: paying it again would post it twice
RECORDED_WITHIN = 10  # days between what was recorded and the bank's line
AGREED = {"payee_account": 99, "payee": 98, "none": 90, "other": 82}


def spent_before(line: Line, known: Known) -> Proposal | None:
    """Somebody recorded this payment of a bill, or this refund, already; the line stands for it."""
    keys = set(digit_keys(line.said))
    sure = [
        one
        for one in known.spent
        if one.amount == -line.amount
        and one.currency == line.currency
        and one.id not in known.taken
        and abs((one.paid_on - line.booked_on).days) <= RECORDED_WITHIN
        and (names_agree(line.name, one.partner_name) or keys & set(digit_keys(one.said)))
    ]
    if not sure:
        return None
    best = min(sure, key=lambda one: (abs((one.paid_on - line.booked_on).days), one.id))
    return Proposal(
        line_id=line.id,
        kind=best.kind,
        score=RECORDED,
        parts=(Part(best.kind, best.id, line.amount, best.label or best.partner_name),),
        reasons=(Reason(best.kind, {"on": best.paid_on}), Reason("amount")),
        partner_id=best.partner_id,
        partner_name=best.partner_name,
    )


def billed_by_number(line: Line, known: Known) -> Proposal | None:
    """The text names bills of one supplier: one whole, several in one sum, or one in part."""
    keys = digit_keys(line.said)
    named = [one for one in open_bills(line, known) if one.key in keys]
    if not named:
        return None
    if len(named) > 1:
        together = len({one.partner_id for one in named}) == 1
        if together and sum(left_of(one, known) for one in named) == -line.amount:
            said = payee(line, named[0], known)
            why = [Reason("bills", {"count": len(named)}), Reason("amount")]
            return paying(line, named, known, AGREED[said], [*why, *payee_reason(said, named[0])])
        named = [one for one in named if left_of(one, known) == -line.amount]
        if len(named) != 1:
            return None
    return judged_bill(line, named[0], known)


def judged_bill(line: Line, bill: Payable, known: Known) -> Proposal | None:
    """One bill is named: paid whole, or in part; more than it asks for explains nothing."""
    left, said = left_of(bill, known), payee(line, bill, known)
    why = [Reason("number", {"number": bill.number}), *payee_reason(said, bill)]
    if left == -line.amount:
        return paying(line, [bill], known, AGREED[said], [*why, Reason("amount")])
    if left < -line.amount:
        return None
    sure = 6 if said in {"payee_account", "payee"} else 0
    missing = left + line.amount
    return Proposal(
        line_id=line.id,
        kind="bill",
        score=76 + sure,
        parts=(Part("bill", bill.id, line.amount, bill.number),),
        reasons=(*why, Reason("part", {"amount": missing})),
        partner_id=bill.partner_id,
        partner_name=bill.partner_name,
        difference_kind="part",
    )


def billed_by_payee(line: Line, known: Known) -> Proposal | None:
    """The supplier is known: the one open bill of that amount, the oldest of some, or a sum."""
    theirs = [
        (one, said)
        for one in open_bills(line, known)
        if (said := payee(line, one, known)) in {"payee_account", "payee"}
    ]
    if len({one.partner_id for one, _ in theirs}) != 1:
        return None
    bills, said = [one for one, _ in theirs], theirs[0][1]
    why = payee_reason(said, bills[0])
    same = [one for one in bills if left_of(one, known) == -line.amount]
    if len(same) == 1:
        score = 88 if said == "payee_account" else 84
        return paying(line, same, known, score, [*why, Reason("amount")])
    if same:
        return paying(
            line, same[:1], known, 72, [*why, Reason("oldest_bill", {"count": len(same)})]
        )
    sums = subsets_of([left_of(one, known) for one in bills], -line.amount)
    if not sums:
        return None
    chosen = [bills[at] for at in sums[0]]
    why = [*why, Reason("bill_sum", {"count": len(chosen)})]
    return paying(line, chosen, known, 78 if len(sums) == 1 else 66, why)


def open_bills(line: Line, known: Known) -> list[Payable]:
    """Bills in the line's currency of which something is left, the longest due first."""
    found = [
        one
        for one in known.bills.values()
        if one.currency == line.currency and left_of(one, known) > 0
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.number, one.id))


def left_of(bill: Payable, known: Known) -> int:
    """What is still open of a bill after the proposals so far."""
    return known.left.get(bill.id, bill.left)


def payee(line: Line, bill: Payable, known: Known) -> str:
    """How the line's other side is the bill's supplier: by account, by name, not told, or not."""
    account = line.account.replace(" ", "").upper()
    if account and (account == bill.account or whose(account, known) == bill.partner_id):
        return "payee_account"
    known_name = known.partner_by_name.get(name_key(line.name)) if line.name else None
    if known_name == bill.partner_id or names_agree(line.name, bill.partner_name):
        return "payee"
    return "other" if line.name or account else "none"


def whose(account: str, known: Known) -> UUID | None:
    """The partner whose account it is."""
    return known.partner_by_account.get(account)


def payee_reason(said: str, bill: Payable) -> list[Reason]:
    """The reason that the other side gives, if it gives one."""
    return [Reason(said, {"name": bill.partner_name})] if said in {"payee_account", "payee"} else []


def paying(
    line: Line, bills: Sequence[Payable], known: Known, score: int, reasons: Sequence[Reason]
) -> Proposal:
    """A proposal for all that is open of some bills of one supplier."""
    return Proposal(
        line_id=line.id,
        kind="bill",
        score=score,
        parts=tuple(Part("bill", one.id, -left_of(one, known), one.number) for one in bills),
        reasons=tuple(reasons),
        partner_id=bills[0].partner_id,
        partner_name=bills[0].partner_name,
    )
