"""Booking what went out: bills are paid, or the line stands for what was recorded before."""

from collections.abc import Sequence
from uuid import UUID

from guilder.books.bills import queries as bills
from guilder.books.payments import operations as payments
from guilder.books.payments.models import Disbursement
from guilder.books.payments.queries.disbursements import get_disbursement
from guilder.books.payments.queries.refunds import RefundRecord, get_refund
from guilder.books.sepa import operations as sepa
from guilder.flows.banking import calc
from guilder.flows.banking.models import Match
from guilder.flows.banking.operations import posting
from guilder.flows.banking.operations.posting import Desk, Share, WrongMoney, code_of
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money

UNDONE = "The match of a bank line was undone"


def paid_bills(desk: Desk, parts: Sequence[calc.Part]) -> list[Share]:
    """Payments of bills for what a line took, one for each supplier; amounts are below zero."""
    if desk.row.amount > 0 and parts:
        detail = "What comes in pays no bill of a supplier."
        raise Invalid(problems=[Problem("/parts", "banking.comes_in", detail)])
    groups: dict[UUID, list[calc.Part]] = {}
    for part in parts:
        groups.setdefault(supplier_of(part.id, by=desk.by), []).append(part)
    return [paid(desk, supplier_id, theirs) for supplier_id, theirs in groups.items()]


def supplier_of(bill_id: UUID, *, by: Actor) -> UUID:
    """Whose bill it is. Raises NoSuchBill."""
    return bills.get_bill(bill_id, by=by).partner_id


def paid(desk: Desk, supplier_id: UUID, parts: Sequence[calc.Part]) -> Share:
    """One payment of a supplier's bills, of the line's day and from its account."""
    row = desk.row
    data = {
        "bills": [
            {"bill": str(one.id), "amount": str(Money(-one.amount, row.currency))} for one in parts
        ],
        "paid_on": row.booked_on.isoformat(),
        "method": "bank_transfer",
        "account": str(desk.account.ledger_account_id),
        "reference": (row.text or row.reference or row.name)[:140],
    }
    made = payments.pay_bills(by=desk.by, data=data, at=desk.at)
    if made.currency != row.currency:
        raise WrongMoney("These bills are in another currency than the line.")
    return Share(
        uuid7(),
        "bill",
        -made.amount,
        label=", ".join(one.bill.number for one in made.allocations.all() if one.bill),
        disbursement_id=made.id,
        partner_id=supplier_id,
    )


def spent(desk: Desk, part: calc.Part) -> Share:
    """A payment of bills that was recorded before: nothing more is booked."""
    found = get_disbursement(part.id, by=desk.by)
    if found.reversed_on or not is_it(found, -part.amount, desk=desk):
        raise WrongMoney("That payment is not of this amount or account, or was taken back.")
    return Share(
        uuid7(),
        "spent",
        part.amount,
        label=found.partner.name,
        disbursement_id=found.id,
        partner_id=found.partner_id,
        leg=end_of_the_way(found, part, by=desk.by),
    )


def given_back(desk: Desk, part: calc.Part) -> Share:
    """A refund that was paid before: nothing more is booked."""
    found = get_refund(part.id, by=desk.by)
    if found.status != "paid" or not is_it(found, -part.amount, desk=desk):
        raise WrongMoney("That refund is not of this amount or account, or was not paid.")
    return Share(
        uuid7(),
        "refund",
        part.amount,
        label=found.partner_name,
        refund_id=found.id,
        leg=end_of_the_way(found, part, by=desk.by),
    )


def is_it(found: Disbursement | RefundRecord, amount: int, *, desk: Desk) -> bool:
    """Whether a line that tells of `amount` minor units can be about what was paid before."""
    accounts = {desk.account.ledger_account_id, posting.transit(desk.by)}
    is_here = found.account_id in accounts
    return is_here and (found.amount, found.currency) == (amount, desk.row.currency)


def end_of_the_way(
    found: Disbursement | RefundRecord, part: calc.Part, *, by: Actor
) -> tuple[str, None, int] | None:
    """The leg that a line adds: what a payment order transfers was booked as money on its way, and
    the line says that it left the bank, or came back. What was booked at the bank needs none."""
    is_on_its_way = found.account_id == posting.transit(by)
    return ("transit", None, -part.amount) if is_on_its_way else None


def bills_returned(desk: Desk, part: calc.Part) -> Share:
    """A payment of bills came back: it is reversed, its bills are open again."""
    found = get_disbursement(part.id, by=desk.by)
    if not is_it(found, part.amount, desk=desk):
        raise WrongMoney("That payment is not of this amount or account.")
    told = {"by": desk.by, "on": desk.row.booked_on, "at": desk.at}
    if not sepa.return_transfer(part.id, code=code_of(desk.row), **told):
        payments.reverse_disbursement(part.id, reason=why_back(desk), **told)
    return Share(
        uuid7(),
        "return",
        part.amount,
        label=found.partner.name,
        disbursement_id=found.id,
        leg=end_of_the_way(found, part, by=desk.by),
    )


def refund_returned(desk: Desk, part: calc.Part) -> Share:
    """A refund came back: it is reversed, the amount is the client's credit again."""
    found = get_refund(part.id, by=desk.by)
    if not is_it(found, part.amount, desk=desk):
        raise WrongMoney("That refund is not of this amount or account.")
    told = {"by": desk.by, "on": desk.row.booked_on, "at": desk.at}
    if not sepa.return_transfer(part.id, code=code_of(desk.row), **told):
        payments.reverse_refund(part.id, reason=why_back(desk), **told)
    return Share(
        uuid7(),
        "return",
        part.amount,
        label=found.partner_name,
        refund_id=found.id,
        leg=end_of_the_way(found, part, by=desk.by),
    )


def why_back(desk: Desk) -> str:
    """What the books keep of why it came back."""
    return f"Returned: {desk.row.text or desk.row.name}"[:200]


def send_again(desk: Desk, match: Match) -> None:
    """The return was none: what was paid stands again, and the line that took it points to it."""
    matches = Match.objects.of(desk.by.organization_id).filter(is_active=True)
    if match.disbursement_id is not None:
        paid_again = payments.repay_disbursement(match.disbursement_id, by=desk.by, at=desk.at)
        sepa.note_again(match.disbursement_id, stands_as=paid_again.id, by=desk.by)
        matches.filter(disbursement_id=match.disbursement_id).update(disbursement_id=paid_again.id)
    elif match.refund_id is not None:
        found = get_refund(match.refund_id, by=desk.by)
        on = found.refunded_on or desk.row.booked_on
        again = payments.repay_refund(found.id, by=desk.by, on=on, at=desk.at)
        sepa.note_again(found.id, stands_as=again.id, by=desk.by)
        matches.filter(refund_id=found.id).update(refund_id=again.id)


def take_back_paid(desk: Desk, disbursement_id: UUID) -> UUID:
    """Reverse what was paid for the line; gives whom it was paid to."""
    found = get_disbursement(disbursement_id, by=desk.by)
    if found.reversed_on is None:
        payments.reverse_disbursement(
            disbursement_id, by=desk.by, on=desk.row.booked_on, at=desk.at, reason=UNDONE
        )
    return found.partner_id
