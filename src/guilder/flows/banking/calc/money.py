"""Explanations that are no client's invoice in the account's currency: exchange, payouts, returns
and transfers between own accounts."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from guilder.flows.banking.calc.facts import Card, Known, Line, Part, Proposal, Reason
from guilder.flows.banking.calc.words import digit_keys, names_agree

PAYOUT = re.compile(
    r"\b(PAYOUT|SETTLEMENT|STRIPE|MOLLIE|ADYEN|PAYPAL|SUMUP|KLARNA|WORLDPAY|CARD PAYMENTS?|TWINT"
    r"|AUSZAHLUNG|KARTENZAHLUNG(EN)?)\b",
    re.IGNORECASE,
)
BACK = re.compile(
    r"\b(RETURN(ED)?|RETOURE?|RUECKLASTSCHRIFT|RÜCKLASTSCHRIFT|RUECKGABE|RÜCKGABE|REVERSAL|BOUNCED"
    r"|REJECT(ED)?|STORNO|RUECKBUCHUNG|IMPAYE|RINVIO|DEVOLU\w+|AC0\d|AM04|MD0\d|MS0[23])\b",
    re.IGNORECASE,
)
COUNT = re.compile(r"\b(\d{1,3})\s+(?:CARD\s+)?(?:PAYMENTS|ZAHLUNGEN|TRANSACTIONS|PAIEMENTS)\b",
                   re.IGNORECASE)  # fmt: skip
MOST_CARD_FEE = Decimal("0.06")
RETURN_WITHIN = timedelta(days=400)  # a debit that nobody mandated comes back up to 13 months on
LOOSE = 40  # part in a thousand by which an exchanged amount may differ from the books


def exchanged(line: Line, known: Known) -> Proposal | None:
    """The bank tells the original amount in another currency, and an invoice names it."""
    if line.original_amount is None or not line.original_currency:
        return None
    keys = digit_keys(line.said)
    amount = abs(line.original_amount)
    named = [known.debts[one] for key in keys for one in known.by_key.get(key, ())]
    same = known.by_amount.get((line.original_currency, amount), ())
    alike = [
        known.debts[one]
        for one in same
        if names_agree(line.name, known.debts[one].partner_name)
        or known.partner_by_account.get(line.account) == known.debts[one].partner_id
    ]
    found = [one for one in named if one.currency == line.original_currency] or alike
    if len({one.id for one in found}) != 1 or known.open_of(found[0].id) != amount:
        return None
    debt = found[0]
    how = (
        Reason("number", {"number": debt.number})
        if debt in named
        else Reason("name", {"name": debt.partner_name})
    )
    return Proposal(
        line_id=line.id,
        kind="exchange",
        score=86 if debt in named else 80,
        parts=(Part("invoice", debt.id, amount, debt.number),),
        reasons=(how, Reason("original", {"amount": amount, "currency": line.original_currency})),
        partner_id=debt.partner_id,
        partner_name=debt.partner_name,
        difference_kind="exchange",
    )


def cards_paid_out(line: Line, known: Known) -> Proposal | None:
    """A provider pays out what came in by card, less its fees: a run of days that fits."""
    if not PAYOUT.search(f"{line.name} {line.said}"):
        return None
    cards = sorted(
        (one for one in known.cards
         if one.currency == line.currency and one.id not in known.taken
         and timedelta(0) <= line.booked_on - one.received_on <= timedelta(days=14)),
        key=lambda one: (one.received_on, one.id),
    )  # fmt: skip
    stated = COUNT.search(line.said)
    chosen = run_of(cards, line.amount, count=int(stated[1]) if stated else None)
    if not chosen:
        return None
    gross = sum(one.amount for one in chosen)
    fee = gross - line.amount
    reasons = [
        Reason("cards", {"count": len(chosen), "from": chosen[0].received_on,
                         "to": chosen[-1].received_on}),
    ]  # fmt: skip
    if fee:
        reasons.append(Reason("card_fee", {"share": str(round(Decimal(fee) * 100 / gross, 2))}))
    reasons.append(Reason("unmatched"))
    return Proposal(
        line_id=line.id,
        kind="payout",
        score=(90 if stated else 84) if fee else 92,
        parts=tuple(
            Part("card", one.id, one.amount, one.numbers or one.partner_name) for one in chosen
        ),
        reasons=tuple(reasons),
        difference=-fee,
        difference_kind="fee" if fee else "",
    )


def run_of(cards: Sequence[Card], net: int, *, count: int | None) -> Sequence[Card]:
    """Neighbouring payments of whole days whose sum, less a fee of at most 6 %, is `net`."""
    best: Sequence[Card] = ()
    best_fee = None
    for start in range(min(len(cards), 60)):
        gross = 0
        for end in range(start, len(cards)):
            gross += cards[end].amount
            fee = gross - net
            if fee < 0:
                continue
            if Decimal(fee) > MOST_CARD_FEE * gross:
                break
            if count is not None and end - start + 1 != count:
                continue
            if count is None and not is_whole_days(cards, start, end):
                continue
            if best_fee is None or fee < best_fee:
                best, best_fee = cards[start : end + 1], fee
    return best


def is_whole_days(cards: Sequence[Card], start: int, end: int) -> bool:
    """Whether no payment of the first or the last day is left out."""
    before = start == 0 or cards[start - 1].received_on != cards[start].received_on
    after = end == len(cards) - 1 or cards[end + 1].received_on != cards[end].received_on
    return before and after


def returned_by(line: Line, known: Known) -> Proposal | None:
    """Money that came in goes back: a returned debit, a bounced cheque, a reversal."""
    fitting = [
        one
        for one in known.returned
        if one.amount == -line.amount
        and one.currency == line.currency
        and one.payment_id not in known.taken
        and timedelta(0) <= line.booked_on - one.booked_on <= RETURN_WITHIN
    ]
    by_reference = [
        one
        for one in fitting
        if one.end_to_end and one.end_to_end in f"{line.end_to_end} {line.text}"
    ]
    keys = set(digit_keys(line.said))
    told = line.is_reversal or bool(BACK.search(f"{line.name} {line.said}"))
    by_words = [
        one
        for one in fitting
        if told and (names_agree(line.name, one.name) or keys & set(digit_keys(one.said)))
    ]
    found = by_reference or by_words
    if not found:
        return None
    latest = max(found, key=lambda one: one.booked_on)
    return Proposal(
        line_id=line.id,
        kind="return",
        score=90 if by_reference else 85 if len(found) == 1 else 70,
        parts=(Part("return", latest.payment_id, line.amount, latest.partner_name),),
        reasons=(Reason("returned", {"on": latest.booked_on, "name": latest.partner_name}),),
        partner_name=latest.partner_name,
    )


def transferred(line: Line, known: Known) -> Proposal | None:
    """The other side is an account of one's own."""
    other = known.own_accounts.get(line.account.replace(" ", "").upper())
    if other is None:
        return None
    return Proposal(
        line_id=line.id,
        kind="transfer",
        score=93,
        parts=(Part("transfer", other, line.amount, known.own_names.get(other, "")),),
        reasons=(Reason("own", {"name": known.own_names.get(other, "")}),),
    )
