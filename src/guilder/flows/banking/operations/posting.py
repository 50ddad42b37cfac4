"""Booking one share of a line through payments and the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from guilder.books.charging import queries as charging
from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.payments import operations as payments
from guilder.books.payments import queries as money
from guilder.books.sepa import operations as sepa
from guilder.flows.banking import calc
from guilder.flows.banking.models import BankAccount, Rule, StatementLine
from guilder.flows.banking.operations.accounts import difference_account
from guilder.flows.banking.queries.accounts import NoSuchBankAccount
from guilder.flows.banking.queries.rules import NoSuchRule
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import Money
from guilder.registers.currencies import queries as currencies

SOURCE, UNDO = "bank.line", "bank.undo"


class WrongMoney(Conflict):
    """That payment is not what the line brought."""

    code = "banking.wrong_money"


@dataclass(frozen=True, slots=True)
class Desk:
    """The line at hand, and who works on it."""

    row: StatementLine
    account: BankAccount
    by: Actor
    at: datetime


@dataclass(slots=True)
class Share:
    """A share of a line that is booked, or about to be (`legs`)."""

    id: UUID
    kind: str
    amount: int
    label: str = ""
    payment_id: UUID | None = None
    disbursement_id: UUID | None = None
    refund_id: UUID | None = None
    entry_id: UUID | None = None
    rule_id: UUID | None = None
    partner_id: UUID | None = None
    leg: tuple[str, UUID | None, int] | None = None  # role or account, and what it takes


def receipt(desk: Desk, partner_id: UUID, parts: Sequence[calc.Part], *, extra: int) -> Share:
    """A payment of a client, applied to the invoices; `extra` of it stays the client's credit."""
    total = sum(one.amount for one in parts) + extra
    record = record_payment(
        desk, partner_id, total, parts, account_id=desk.account.ledger_account_id
    )
    return Share(
        uuid7(),
        "invoice",
        total,
        label=", ".join(one.number or "" for one in record.allocations) or record.partner_name,
        payment_id=record.id,
        partner_id=partner_id,
    )


def record_payment(
    desk: Desk,
    partner_id: UUID,
    total: int,
    parts: Sequence[calc.Part],
    *,
    account_id: UUID | None,
    currency: str = "",
    method: str = "bank_transfer",
) -> money.PaymentRecord:
    """The payment that a line is."""
    row, code = desk.row, currency or desk.row.currency
    if total <= 0:
        detail = "What goes out pays no invoice of a client."
        raise Invalid(problems=[Problem("/parts", "banking.goes_out", detail)])
    data = {
        "client": partner_id,
        "amount": {"amount": str(Money(total, code)), "currency": code},
        "received_on": row.booked_on.isoformat(),
        "method": method,
        "account": account_id,
        "reference": (row.text or row.reference or row.name)[:140],
        "allocations": [
            {"invoice": one.id, "amount": str(Money(one.amount, code))} for one in parts
        ],
    }
    return payments.record_payment(by=desk.by, data=wire(data), at=desk.at)


def wire(data: dict[str, object]) -> dict[str, object]:
    """The raw values with ids as text, as they come from outside."""
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in data.items()
        if value is not None
    } | {
        "allocations": [
            {"invoice": str(one["invoice"]), "amount": one["amount"]}
            for one in data["allocations"]  # type: ignore[attr-defined]
        ]
    }


def credit(desk: Desk, part: calc.Part) -> Share:
    """Money of a client that pays nothing yet: it stays the client's credit."""
    record = record_payment(
        desk, part.id, part.amount, (), account_id=desk.account.ledger_account_id
    )
    return Share(
        uuid7(),
        "invoice",
        part.amount,
        label=record.partner_name,
        payment_id=record.id,
        partner_id=part.id,
    )


def recorded(desk: Desk, part: calc.Part) -> Share:
    """A payment that was recorded before: nothing more is booked."""
    found = money.get_payment(part.id, by=desk.by)
    if found.amount != part.amount or found.currency != desk.row.currency or found.reversed_on:
        raise WrongMoney("That payment is not of this amount, or was taken back.")
    return Share(
        uuid7(),
        "recorded",
        part.amount,
        label=found.partner_name,
        payment_id=found.id,
        partner_id=found.partner_id,
    )


def card(desk: Desk, part: calc.Part) -> Share:
    """A card payment that a payout brought: from money on its way to the bank."""
    found = money.get_payment(part.id, by=desk.by)
    charge = charging.of_payment(part.id, by=desk.by)
    fee = charge.fee or 0 if charge is not None and charge.is_fee_booked else 0
    is_it = found.amount - fee == part.amount and found.currency == desk.row.currency
    if not is_it or found.reversed_on:
        raise WrongMoney("That payment is not of this amount, or was taken back.")
    return Share(
        uuid7(),
        "card",
        part.amount,
        label=found.partner_name,
        payment_id=found.id,
        leg=("transit", None, -part.amount),
    )


def returned(desk: Desk, part: calc.Part) -> Share:
    """A payment that came back: it is reversed, what it paid is open again."""
    found = money.get_payment(part.id, by=desk.by)
    if found.amount != -part.amount or found.currency != desk.row.currency:
        raise WrongMoney("That payment is not of this amount.")
    reason = f"Returned: {desk.row.text or desk.row.name}"[:200]
    share = Share(uuid7(), "return", part.amount, label=found.partner_name, payment_id=part.id)
    told = {"by": desk.by, "on": desk.row.booked_on, "at": desk.at}
    if sepa.return_payment(part.id, code=code_of(desk.row), **told):
        # It was booked as money on its way, and goes back there; the bank paid it out.
        share.leg = ("transit", None, -part.amount)
        return share
    payments.reverse_payment(part.id, reason=reason, **told)
    return share


def transit(by: Actor) -> UUID:
    """The account for money on its way."""
    from guilder.books.ledger import queries

    return queries.account_map(by.organization_id)["transit"]


def code_of(row: StatementLine) -> str:
    """Why the bank says that money came back: behind its transaction code; "" for no reason."""
    last = row.code.rpartition(" ")[2]
    return last if len(last) == 4 and last.isalnum() and last.isupper() else ""


def transferred(desk: Desk, part: calc.Part) -> Share:
    """From or to an own account: money on its way until the other bank tells of it."""
    found = BankAccount.objects.of(desk.by.organization_id).filter(id=part.id).first()
    if found is None or found.id == desk.account.id:
        raise NoSuchBankAccount("There is no such bank account.")
    leg = ("transit", None, -part.amount)
    return Share(uuid7(), "transfer", part.amount, label=found.name, leg=leg)


def ruled(desk: Desk, part: calc.Part) -> Share:
    """What a rule says that it is."""
    rules = Rule.objects.of(desk.by.organization_id).select_related("account")
    rule = rules.filter(id=part.id, is_active=True).first()
    if rule is None:
        raise NoSuchRule("There is no such rule.")
    rules.filter(id=rule.id).update(used_count=rule.used_count + 1)
    return Share(
        uuid7(),
        "account",
        part.amount,
        label=f"{rule.account.code} {rule.account.name}",
        rule_id=rule.id,
        leg=("", rule.account_id, -part.amount),
    )


def posted_to(desk: Desk, part: calc.Part) -> Share:
    """An account of the chart that somebody chose; never one that mirrors open items."""
    accounts = {one.id: one for one in chart(desk.by)}
    found = accounts.get(part.id)
    if found is None or found.role in {"receivables", "customer_credit"}:
        detail = "Choose an account of the chart that does not mirror clients' balances."
        raise Invalid(problems=[Problem("/parts", "banking.no_ledger_account", detail)])
    return Share(
        uuid7(),
        "account",
        part.amount,
        label=f"{found.code} {found.name}",
        leg=("", part.id, -part.amount),
    )


def chart(by: Actor) -> list:  # type: ignore[type-arg]
    """The chart of accounts."""
    from guilder.books.ledger import queries

    return queries.list_accounts(by.organization_id)


def fee(desk: Desk, difference: int) -> Share:
    """What somebody on the way kept; `difference` is below zero where money came in."""
    place = difference_account(desk.account, by=desk.by)
    return Share(uuid7(), "fee", difference, label="", leg=("", place, -difference))


def together(desk: Desk, shares: list[Share]) -> list[Share]:
    """One entry for all shares that are no payment of their own: the bank against the rest."""
    legs = [one for one in shares if one.leg is not None]
    if not legs:
        return shares
    moved = sum(one.amount for one in legs)
    booking = [("", desk.account.ledger_account_id, moved)]
    booking += [one.leg for one in legs if one.leg is not None]
    entry_id = book(desk, booking, source=SOURCE, source_id=legs[0].id)
    for one in legs:
        one.entry_id = entry_id
    return shares


def book(
    desk: Desk,
    legs: Sequence[tuple[str, UUID | None, int]],
    *,
    source: str,
    source_id: UUID,
) -> UUID | None:
    """One entry in the account's currency, of the line's day."""
    row = desk.row
    base_currency = identities.get_organization(desk.by.organization_id).base_currency
    rate, told = Decimal(1), ""
    if row.currency != base_currency:
        found = currencies.rate_on(
            desk.by.organization_id, base=row.currency, quote=base_currency, on=row.booked_on
        )
        rate, told = found.rate, f"{found.source} {found.on}"[:80]
    bases = [
        invoicing.in_base(amount, currency=row.currency, base_currency=base_currency, rate=rate)
        for _, _, amount in legs
    ]
    made = [
        ledger.Leg(role, amount, base, account_id=account_id)
        for (role, account_id, amount), base in zip(legs, bases, strict=True)
    ]
    made.append(ledger.Leg("rounding", 0, -sum(bases)))
    return ledger.post(
        ledger.Booking(
            legs=tuple(made),
            on=row.booked_on,
            source=source,
            source_id=source_id,
            currency=row.currency,
            base_currency=base_currency,
            rate=rate,
            rate_source=told,
            memo=f"{row.name} {row.text}".strip()[:200],
        ),
        by=desk.by,
        at=desk.at,
    )


def exchange(desk: Desk, part: calc.Part, *, partner_id: UUID) -> Share:
    """An invoice in another currency, paid in the account's: the difference is an exchange one.

    The payment is recorded in the invoice's currency as money on its way, which the bank then
    turns into its own; what both are worth differs by the exchange gain or loss.
    """
    row = desk.row
    base_currency = identities.get_organization(desk.by.organization_id).base_currency
    if row.currency != base_currency:
        detail = f"This works on accounts in {base_currency} only."
        raise Invalid(problems=[Problem("/parts", "banking.exchange", detail)])
    record = record_payment(
        desk,
        partner_id,
        part.amount,
        [part],
        account_id=None,
        currency=row.original_currency,
        method="other",
    )
    worth = worth_of(record.id, desk.by)
    share = Share(
        uuid7(),
        "invoice",
        row.amount,
        label=part.label,
        payment_id=record.id,
        partner_id=partner_id,
    )
    legs = [
        ("", desk.account.ledger_account_id, row.amount),
        ("transit", None, -worth),
        ("exchange", None, worth - row.amount),
    ]
    share.entry_id = book(desk, legs, source=SOURCE, source_id=share.id)
    return share


def worth_of(payment_id: UUID, by: Actor) -> int:
    """What a payment was worth in the base currency."""
    from guilder.books.payments.models import Payment

    return Payment.objects.of(by.organization_id).get(id=payment_id).base_amount


POST: dict[str, Callable[[Desk, calc.Part], Share]] = {
    "payment": recorded,
    "card": card,
    "return": returned,
    "transfer": transferred,
    "rule": ruled,
    "account": posted_to,
    "credit": credit,
}
