"""Proposals: each judge looks for one kind of explanation and says how sure it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from guilder.flows.banking.calc.early import several_early, too_late, with_discount
from guilder.flows.banking.calc.explained import one_invoice, several
from guilder.flows.banking.calc.facts import Debt, Known, Line, Part, Proposal, Reason
from guilder.flows.banking.calc.money import cards_paid_out, exchanged, returned_by, transferred
from guilder.flows.banking.calc.orders import collected, sent_back, sent_out
from guilder.flows.banking.calc.outgoing import (
    billed_by_number,
    billed_by_payee,
    left_of,
    spent_before,
)
from guilder.flows.banking.calc.returning import came_back
from guilder.flows.banking.calc.rules import ruled
from guilder.flows.banking.calc.subset import subsets_of
from guilder.flows.banking.calc.words import digit_keys, name_key, names_agree

# From here on a proposal is "exact": number or reference, amount and name agree.
EXACT = 95
# Above all else: recording a payment that is there already would post its money twice.
RECORDED = 100
MOST_FEE = 5_000  # minor units: what banks on the way may keep …
FEE_SHARE = 25  # … and at most one part in 25 of the invoice
# What only one line can be.
WHOLE = {
    *("payment", "card", "return", "disbursement", "refund"),
    *("disbursement_return", "refund_return"),
}
TAIL = 4  # digits of a number's end which count as a hint


def settled_by_name(lines: Iterable[Line], known: Known) -> dict[UUID, Proposal]:
    """The lines that a recorded payment or a number explains for sure, where no two want the same.

    Nothing else could be surer, so nothing else has to be known about them.
    """
    found: dict[UUID, Proposal] = {}
    wanted: dict[UUID, int] = {}
    for line in lines:
        made = next((one for judge in SURE if line.amount > 0 and (one := judge(line, known))
                     and one.score >= EXACT), None)  # fmt: skip
        if made is not None:
            found[line.id] = made
            for part in made.parts:
                wanted[part.id] = wanted.get(part.id, 0) + 1
    return {
        line_id: one
        for line_id, one in found.items()
        if all(wanted[part.id] == 1 for part in one.parts)
    }


def propose_all(
    lines: Iterable[Line], known: Known, *, sure: Mapping[UUID, Proposal] | None = None
) -> dict[UUID, Proposal]:
    """A proposal for each line that has one; no invoice is proposed for more than is open of it.

    The surest take first; what they take is gone for the others, which are judged again then.
    `sure` are the lines whose best proposal is known already (`settled_by_name`).
    """
    waiting = {one.id: one for one in lines}
    known_ones = sure or {}
    found = {
        line_id: made
        for line_id, line in waiting.items()
        if (made := known_ones.get(line_id) or propose(line, known))
    }
    order = sorted(found.values(), key=lambda one: (-one.score, waiting[one.line_id].booked_on))
    chosen: dict[UUID, Proposal] = {}
    for first in order:
        proposal: Proposal | None = first
        if not is_free(first, known):
            proposal = propose(waiting[first.line_id], known)
        if proposal is not None and is_free(proposal, known):
            take(proposal, known)
            chosen[proposal.line_id] = proposal
    return chosen


def is_free(proposal: Proposal, known: Known) -> bool:
    """Whether all that it takes is still there."""
    for part in proposal.parts:
        if part.kind == "invoice" and known.open_of(part.id) < min(
            part.amount, known.debts[part.id].left
        ):
            return False
        if part.kind == "bill" and left_of(known.bills[part.id], known) < -part.amount:
            return False
        if part.kind in WHOLE and part.id in known.taken:
            return False
    return True


def take(proposal: Proposal, known: Known) -> None:
    """Let nobody else have it."""
    for part in proposal.parts:
        if part.kind == "invoice":
            taken = part.amount + part.discount
            known.left[part.id] = max(0, known.open_of(part.id) - taken)
        elif part.kind == "bill":
            known.left[part.id] = max(0, left_of(known.bills[part.id], known) + part.amount)
        elif part.kind in WHOLE:
            known.taken.add(part.id)


def propose(line: Line, known: Known) -> Proposal | None:
    """The surest explanation of one line; None where nothing is known."""
    judges: Sequence[Judge] = INCOMING if line.amount > 0 else OUTGOING
    found: list[Proposal] = []
    for judge in judges:
        made = judge(line, known)
        if made is not None and made.score >= EXACT:
            return made  # nothing that comes later is surer, and looking for it costs the most
        found += [made] if made is not None else []
    return max(found, key=lambda one: one.score, default=None)


def partner_of(line: Line, known: Known) -> tuple[UUID | None, str]:
    """Who paid, by account or by name, and which of the two said so."""
    by_account = known.partner_by_account.get(line.account.replace(" ", "").upper())
    if by_account is not None:
        return by_account, "account"
    by_name = known.partner_by_name.get(name_key(line.name)) if line.name else None
    return (by_name, "name") if by_name is not None else (None, "")


def debts_named(line: Line, known: Known) -> list[tuple[Debt, bool]]:
    """Open invoices whose whole number the text has, and whether a check digit vouches for it."""
    found: dict[UUID, tuple[Debt, bool]] = {}
    for key, is_checked in digit_keys(line.said).items():
        for debt_id in known.by_key.get(key, ()):
            debt = known.debts[debt_id]
            if debt.currency == line.currency and known.open_of(debt_id):
                before = found.get(debt_id)
                found[debt_id] = (debt, is_checked or bool(before and before[1]))
    return list(found.values())


def agreement(line: Line, debt: Debt, known: Known) -> str:
    """ "account", "name" or "none"; "other" where the payer is known as somebody else."""
    partner_id, how = partner_of(line, known)
    if partner_id == debt.partner_id:
        return how
    if names_agree(line.name, debt.partner_name):
        return "name"
    if not line.name and not line.account:
        return "none"
    return "other"


AGREED = {"account": 99, "name": 98, "none": 90, "other": 82}


def by_number(line: Line, known: Known) -> Proposal | None:
    """The text names the invoice."""
    named = debts_named(line, known)
    if not named:
        return None
    if len(named) > 1:
        return by_numbers(line, [debt for debt, _ in named], known) or by_one_of(line, named, known)
    return judged_number(line, *named[0], known)


def judged_number(line: Line, debt: Debt, is_checked: bool, known: Known) -> Proposal:
    """One invoice is named: paid in full, in part, with a fee taken off, or too much."""
    left = known.open_of(debt.id)
    said = agreement(line, debt, known)
    reasons = [Reason("reference" if is_checked else "number", {"number": debt.number})]
    if said in {"account", "name"}:
        reasons.append(Reason(said, {"name": debt.partner_name}))
    rest = line.amount - left
    exact = 99 if is_checked and said != "other" else AGREED[said]
    if rest == 0:
        return one_invoice(line, debt, left, exact, [*reasons, Reason("amount")])
    sure = 6 if said in {"account", "name"} else 0
    early = with_discount(line, debt, known, score=exact, reasons=reasons)
    late = too_late(line, debt, known)
    if early is not None:
        return early
    if is_fee(-rest, left, line) and not late:
        reasons.append(Reason("fee", {"amount": -rest}))
        return one_invoice(line, debt, left, 80 + sure, reasons, difference=rest, kind="fee")
    if rest < 0:
        reasons += [*late, Reason("part", {"amount": -rest})]
        return one_invoice(line, debt, line.amount, 76 + sure, reasons, kind="part")
    reasons.append(Reason("over", {"amount": rest}))
    return one_invoice(line, debt, left, 68 + sure, reasons, difference=rest, kind="credit")


def is_fee(missing: int, left: int, line: Line) -> bool:
    """Whether what is missing is what banks keep, or what they say that they kept."""
    if missing <= 0:
        return False
    if line.charges is not None and line.charges == missing:
        return True
    return missing <= min(MOST_FEE, left // FEE_SHARE)


def by_numbers(line: Line, debts: Sequence[Debt], known: Known) -> Proposal | None:
    """The text names several invoices, and together they come to the amount."""
    if len({one.partner_id for one in debts}) > 1:
        return None
    said = agreement(line, debts[0], known)
    reasons = [Reason("numbers", {"count": len(debts)})]
    known_as = said in {"account", "name"}
    who = [Reason(said, {"name": debts[0].partner_name})] if known_as else []
    if sum(known.open_of(one.id) for one in debts) == line.amount:
        return several(line, debts, known, AGREED[said], [*reasons, Reason("amount"), *who])
    return several_early(line, debts, known, score=AGREED[said], reasons=[*reasons, *who])


def by_one_of(line: Line, named: Sequence[tuple[Debt, bool]], known: Known) -> Proposal | None:
    """Of several numbers the one whose amount it is, else the one whose client paid."""
    exact = [one for one in named if known.open_of(one[0].id) == line.amount]
    agreed = [one for one in exact if agreement(line, one[0], known) in {"account", "name"}]
    for some in (agreed, exact):
        if len(some) == 1:
            return judged_number(line, *some[0], known)
    theirs = [one for one in named if agreement(line, one[0], known) in {"account", "name"}]
    if len(theirs) == 1:
        return judged_number(line, *theirs[0], known)
    return None


def by_partner(line: Line, known: Known) -> Proposal | None:
    """The payer is known: the one open invoice of that amount, or a sum of several."""
    partner_id, how = partner_of(line, known)
    if partner_id is None:
        return None
    debts = theirs(partner_id, line, known)
    reason = Reason(how, {"name": known.partner_names.get(partner_id, "")})
    same = [one for one in debts if known.open_of(one.id) == line.amount]
    if len(same) == 1:
        score = 88 if how == "account" else 84
        if hinted(line, same[0]):
            return one_invoice(
                line, same[0], line.amount, score + 4, [Reason("tail"), reason, Reason("amount")]
            )
        return one_invoice(line, same[0], line.amount, score, [reason, Reason("amount")])
    if same:
        chosen = next((one for one in same if hinted(line, one)), same[0])
        reasons = [reason, Reason("oldest", {"count": len(same)})]
        return one_invoice(line, chosen, line.amount, 72, reasons)
    early = [
        made
        for one in debts
        if (made := with_discount(line, one, known, reasons=[reason],
                                  score=(86 if how == "account" else 82) + hinted(line, one) * 4))
        and made.reasons[1].code == "discount"
    ]  # fmt: skip
    if len(early) == 1:
        return early[0]
    sums = subsets_of([known.open_of(one.id) for one in debts], line.amount)
    if sums:
        chosen_debts = [debts[at] for at in sums[0]]
        reasons = [reason, Reason("sum", {"count": len(chosen_debts)})]
        return several(line, chosen_debts, known, 78 if len(sums) == 1 else 66, reasons)
    return near(line, debts, reason, known)


def near(line: Line, debts: Sequence[Debt], reason: Reason, known: Known) -> Proposal | None:
    """The one invoice that a fee explains; else the only one open, paid in part."""
    with_fee = [one for one in debts if is_fee(known.open_of(one.id) - line.amount,
                                               known.open_of(one.id), line)
                and not too_late(line, one, known)]  # fmt: skip
    if len(with_fee) == 1:
        left = known.open_of(with_fee[0].id)
        why = [reason, Reason("fee", {"amount": left - line.amount})]
        difference = line.amount - left
        return one_invoice(line, with_fee[0], left, 64, why, difference=difference, kind="fee")
    if len(debts) == 1 and known.open_of(debts[0].id) > line.amount:
        missing = known.open_of(debts[0].id) - line.amount
        late = too_late(line, debts[0], known)
        why = [reason, Reason("only"), *late, Reason("part", {"amount": missing})]
        return one_invoice(line, debts[0], line.amount, 58, why, kind="part")
    return None


def by_amount(line: Line, known: Known) -> Proposal | None:
    """Nobody is known for sure: an invoice of exactly this amount whose client's name is alike."""
    found = [
        known.debts[one]
        for one in known.by_amount.get((line.currency, line.amount), ())
        if known.open_of(one) == line.amount
    ]
    alike = [one for one in found if names_agree(line.name, one.partner_name)]
    if len(alike) == 1:
        hint = hinted(line, alike[0])
        reasons = [Reason("name", {"name": alike[0].partner_name}), Reason("amount")]
        score = 90 if hint else 80
        return one_invoice(line, alike[0], line.amount, score, reasons)
    if alike and len({one.partner_id for one in alike}) == 1:
        oldest = min(alike, key=urgency)
        return one_invoice(line, oldest, line.amount, 70, [Reason("oldest", {"count": len(alike)})])
    hinting = [one for one in found if hinted(line, one)]
    if len(hinting) == 1:
        return one_invoice(line, hinting[0], line.amount, 74, [Reason("tail"), Reason("amount")])
    return None


def hinted(line: Line, debt: Debt) -> bool:
    """Whether the text has the end of the invoice's number, or the number with one digit wrong."""
    tail = debt.key[-TAIL:]
    return any(
        (len(key) >= TAIL - 1 and debt.key.endswith(key))
        or key.endswith(tail)
        or (len(key) == len(debt.key) > TAIL and one_digit_off(key, debt.key))
        for key in digit_keys(line.said)
    )


def one_digit_off(key: str, other: str) -> bool:
    """Whether one digit is wrong, or two neighbours are swapped."""
    wrong = [at for at, (a, b) in enumerate(zip(key, other, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(key) == sorted(other)


def recorded(line: Line, known: Known) -> Proposal | None:
    """Somebody recorded this payment by hand already; the line stands for it."""
    found = [
        one
        for one in known.recorded
        if one.amount == line.amount
        and one.currency == line.currency
        and one.id not in known.taken
        and abs((one.received_on - line.booked_on).days) <= 10
    ]
    if not found:
        return None
    partner_id, _ = partner_of(line, known)
    keys = set(digit_keys(line.said))
    sure = [
        one
        for one in found
        if one.partner_id == partner_id
        or names_agree(line.name, one.partner_name)
        or keys & set(digit_keys(one.numbers))
    ]
    if not sure:
        return None
    best = min(sure, key=lambda one: abs((one.received_on - line.booked_on).days))
    label = best.numbers or best.partner_name
    return Proposal(
        line_id=line.id,
        kind="recorded",
        score=RECORDED,
        parts=(Part("payment", best.id, line.amount, label),),
        reasons=(Reason("recorded", {"on": best.received_on}), Reason("amount")),
        partner_id=best.partner_id,
        partner_name=best.partner_name,
    )


def theirs(partner_id: UUID, line: Line, known: Known) -> list[Debt]:
    """A client's open invoices in the line's currency, the longest due first."""
    debts = [known.debts[one] for one in known.by_partner.get(partner_id, ())]
    fitting = [one for one in debts if one.currency == line.currency and known.open_of(one.id)]
    return sorted(fitting, key=urgency)


def urgency(debt: Debt) -> tuple[date, date, UUID]:
    """What is due first comes first."""
    return debt.due_on or date.max, debt.issued_on or date.max, debt.id


Judge = Callable[[Line, Known], Proposal | None]
SURE: tuple[Judge, ...] = (collected, came_back, recorded, by_number)
INCOMING: tuple[Judge, ...] = (
    collected,
    came_back,
    recorded,
    by_number,
    by_partner,
    by_amount,
    exchanged,
    cards_paid_out,
    transferred,
    ruled,
)
OUTGOING: tuple[Judge, ...] = (
    sent_out,
    spent_before,
    sent_back,
    billed_by_number,
    returned_by,
    billed_by_payee,
    transferred,
    ruled,
)
