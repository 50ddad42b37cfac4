"""Explaining lines: each share becomes a payment, an entry of the ledger, or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import queries as invoicing
from guilder.flows.banking import calc
from guilder.flows.banking.events import LineMatched
from guilder.flows.banking.models import BankAccount, Match, StatementLine
from guilder.flows.banking.operations import paying, posting
from guilder.flows.banking.operations.learning import learn
from guilder.flows.banking.operations.posting import Share
from guilder.flows.banking.queries.gathering import gather, line_fact
from guilder.flows.banking.queries.lines import NoSuchLine
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError, Invalid, Problem, Stale
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

KINDS = ("invoice", "payment", "card", "return", "transfer", "rule", "account", "credit", "bill",
         "disbursement", "refund", "disbursement_return", "refund_return")  # fmt: skip
POST = {
    **posting.POST,
    "disbursement": paying.spent,
    "refund": paying.given_back,
    "disbursement_return": paying.bills_returned,
    "refund_return": paying.refund_returned,
}


class NotWaiting(Conflict):
    """The line is matched or excluded already."""

    code = "banking.not_waiting"


class NothingProposed(Conflict):
    """Nothing is known that explains the line."""

    code = "banking.nothing_proposed"


class InvalidMatch(Invalid):
    """The shares do not explain the line; `problems` has every fault."""

    code = "banking.invalid_match"


@dataclass(slots=True)
class Choice:
    """What a line is to be matched with: shares, and what is left over and where it goes."""

    parts: list[calc.Part] = field(default_factory=list[calc.Part])
    partner_id: UUID | None = None
    difference: int = 0
    difference_kind: str = ""
    score: int = 0
    reasons: tuple[calc.Reason, ...] = ()
    is_exchange: bool = False


def match_line(
    line_id: UUID,
    *,
    by: Actor,
    at: datetime,
    parts: Sequence[Mapping[str, Any]] | None = None,
    difference: str = "",
    version: int | None = None,
    is_automatic: bool = False,
) -> StatementLine:
    """Match a line with what is proposed, or with `parts`.

    Each part is {"kind", "id", "amount"}: an invoice, a payment recorded before, a card payment, an
    account of the chart, another own bank account, a rule, or a client whose credit it becomes;
    for money that went out a bill, or a payment of bills or a refund that was recorded before; for
    money that comes back such a payment ("disbursement_return") or refund ("refund_return").
    The amounts are decimal text. `difference` says what the rest is: "fee" or "credit".
    Raises NoSuchLine, NotWaiting, NothingProposed, InvalidMatch, Stale, and what the books refuse.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = waiting(line_id, by=by, version=version)
        account = BankAccount.objects.of(by.organization_id).get(id=row.account_id)
        choice = proposed(row, account, by=by) if parts is None else chosen(row, parts, difference)
        return settle(row, account, choice, by=by, at=at, is_automatic=is_automatic)


def match_lines(line_ids: Sequence[UUID], *, by: Actor, at: datetime) -> tuple[int, int]:
    """Match each line with what is proposed: (matched, left). Each is a transaction of its own."""
    by.require("bank.edit")
    matched = 0
    for line_id in line_ids:
        try:
            match_line(line_id, by=by, at=at)
        except GuilderError:
            continue
        matched += 1
    return matched, len(line_ids) - matched


def waiting(line_id: UUID, *, by: Actor, version: int | None = None) -> StatementLine:
    """The line under lock; NoSuchLine, NotWaiting, Stale."""
    row = StatementLine.objects.of(by.organization_id).lock().filter(id=line_id).first()
    if row is None:
        raise NoSuchLine("There is no such bank line.")
    if row.state != StatementLine.State.OPEN:
        raise NotWaiting("This line is explained already. Undo that first.")
    if version is not None and version != row.version:
        raise Stale("This line was changed in the meantime. Read it again.")
    return row


def proposed(row: StatementLine, account: BankAccount, *, by: Actor) -> Choice:
    """What is proposed for the line now; NothingProposed."""
    fact = line_fact(row)
    known = gather([fact], account, organization_id=by.organization_id)
    found = calc.propose_all([fact], known).get(row.id)
    if found is None:
        raise NothingProposed("Nothing explains this line yet. Choose what it is.")
    return choice_of(found)


def choice_of(found: calc.Proposal) -> Choice:
    """A proposal as a choice."""
    return Choice(
        parts=list(found.parts),
        partner_id=found.partner_id,
        difference=found.difference,
        difference_kind=found.difference_kind,
        score=found.score,
        reasons=found.reasons,
        is_exchange=found.kind == "exchange",
    )


def chosen(row: StatementLine, parts: Sequence[Mapping[str, Any]], difference: str) -> Choice:
    """The parts that somebody chose, judged; InvalidMatch with every fault."""
    wire = Wire({"parts": list(parts), "difference": difference})
    kind = wire.choice("difference", ("", "fee", "credit"), default="")
    read: list[calc.Part] = []
    sign = 1 if row.amount > 0 else -1
    for part in wire.parts("parts", most=200, required=True):
        one = read_part(part, row)
        if one is not None:
            read.append(one)
    if wire.problems:
        raise InvalidMatch(problems=wire.problems)
    total = sum(one.amount for one in read)
    rest = row.amount - total
    if rest and not kind:
        left = Money(rest, row.currency)
        detail = f"{left} {row.currency} are left to explain. Say what they are."
        raise InvalidMatch(problems=[Problem("/parts", "banking.left_over", detail)])
    if kind == "fee" and rest * sign > 0:
        detail = "A fee makes the line smaller than what it pays, not larger."
        raise InvalidMatch(problems=[Problem("/difference", "banking.no_fee", detail)])
    return Choice(parts=read, difference=rest, difference_kind=kind if rest else "", score=100)


def read_part(part: Wire, row: StatementLine) -> calc.Part | None:
    """One chosen part; faults go to the wire. Amounts have the line's sign."""
    part.known(("kind", "id", "amount"))
    kind = part.choice("kind", KINDS, required=True)
    thing = part.identity("id", required=True)
    value = part.decimal("amount", required=True, places=4)
    if thing is None or value is None or not kind:
        return None
    try:
        amount = Money.of(value, row.currency).minor
    except ValueError as error:
        part.fault("amount", "banking.amount", str(error))
        return None
    if amount <= 0:
        part.fault("amount", "too_small", "Enter an amount above 0.")
    return calc.Part(kind, thing, amount if row.amount > 0 else -amount)


def settle(
    row: StatementLine,
    account: BankAccount,
    choice: Choice,
    *,
    by: Actor,
    at: datetime,
    is_automatic: bool,
) -> StatementLine:
    """Post each share, write the matches, tell, and learn."""
    shares = posted(row, account, choice, by=by, at=at)
    if sum(one.amount for one in shares) != row.amount:
        detail = "The shares do not come to the amount of the line."
        raise InvalidMatch(problems=[Problem("/parts", "banking.left_over", detail)])
    reasons = [{"code": one.code, **wired(one.values)} for one in choice.reasons]
    for share in shares:
        Match.objects.create(
            organization_id=by.organization_id,
            id=share.id,
            line_id=row.id,
            kind=share.kind,
            amount=share.amount,
            payment_id=share.payment_id,
            disbursement_id=share.disbursement_id,
            refund_id=share.refund_id,
            entry_id=share.entry_id,
            rule_id=share.rule_id,
            label=share.label[:200],
            score=choice.score,
            reasons=reasons,
            is_automatic=is_automatic,
            created_by_id=by.user_id,
            created_at=at,
        )
    row.state = StatementLine.State.MATCHED
    moved(row, at=at)
    partners = {one.partner_id for one in shares if one.partner_id}
    if len(partners) == 1:
        learn(row, partners.pop(), by=by, at=at)
    tell(row, shares, by=by, is_automatic=is_automatic)
    return row


def moved(row: StatementLine, *, at: datetime) -> None:
    """Store the state of a line."""
    row.version += 1
    row.changed_at = at
    row.save(update_fields=["state", "note", "version", "changed_at"])


def posted(
    row: StatementLine, account: BankAccount, choice: Choice, *, by: Actor, at: datetime
) -> list[Share]:
    """The shares of a line with what was booked for each."""
    desk = posting.Desk(row=row, account=account, by=by, at=at)
    invoices = [one for one in choice.parts if one.kind == "invoice"]
    if choice.is_exchange:
        return [posting.exchange(desk, invoices[0], partner_id=partner_of(invoices[0].id, by=by))]
    shares: list[Share] = []
    groups = by_partner(invoices, by=by)
    if len(groups) > 1 and choice.difference:
        detail = "A difference belongs to one client. Match each client's share by itself."
        raise InvalidMatch(problems=[Problem("/parts", "banking.several_clients", detail)])
    for partner_id, parts in groups.items():
        extra = choice.difference if choice.difference_kind == "credit" else 0
        shares.append(posting.receipt(desk, partner_id, parts, extra=extra))
    shares += paying.paid_bills(desk, [one for one in choice.parts if one.kind == "bill"])
    for part in choice.parts:
        if part.kind not in {"invoice", "bill"}:
            shares.append(POST[part.kind](desk, part))
    if choice.difference_kind == "fee" and choice.difference:
        shares.append(posting.fee(desk, choice.difference))
    return posting.together(desk, shares)


def by_partner(parts: Sequence[calc.Part], *, by: Actor) -> dict[UUID, list[calc.Part]]:
    """The invoices of a line by client; InvalidMatch where one is not there."""
    groups: dict[UUID, list[calc.Part]] = {}
    for part in parts:
        groups.setdefault(partner_of(part.id, by=by), []).append(part)
    return groups


def partner_of(invoice_id: UUID, *, by: Actor) -> UUID:
    """Whose invoice it is. Raises NoSuchInvoice."""
    return invoicing.get_invoice(invoice_id, by=by).partner_id


def wired(values: Mapping[str, Any]) -> dict[str, Any]:
    """Reasons' values as JSON."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def tell(row: StatementLine, shares: Sequence[Share], *, by: Actor, is_automatic: bool) -> None:
    """Audit and event of a match."""
    kinds = sorted({one.kind for one in shares})
    audit.record(
        by=by,
        action="bank_line.match",
        table="banking_statementline",
        row_id=row.id,
        before={"state": "open"},
        after={
            "state": "matched",
            "shares": [[one.kind, one.amount, one.label] for one in shares],
            "is_automatic": is_automatic,
        },
    )
    event = LineMatched(
        line_id=row.id,
        account_id=row.account_id,
        kind=kinds[0] if len(kinds) == 1 else "several",
        amount=str(Money(row.amount, row.currency)),
        currency=row.currency,
        is_automatic=is_automatic,
    )
    bus.publish(event, by=by)


__all__ = (
    "Choice",
    "InvalidMatch",
    "NotWaiting",
    "NothingProposed",
    "match_line",
    "match_lines",
    "moved",
    "settle",
    "uuid7",
    "waiting",
)
