"""The public shapes of bank accounts, statements, lines and rules."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.flows.banking import calc
from guilder.flows.banking.models import BankAccount, Match, Rule, Statement, StatementLine
from guilder.kernel.money import Money


class BankMoneyOut(msgspec.Struct):
    """An amount with its currency; below zero for what went out."""

    amount: str
    currency: str


class HouseAccountOut(msgspec.Struct, kw_only=True):
    """An account at a bank; `automatic_from` is the percent from which matches post themselves."""

    id: UUID
    name: str
    iban: str
    number: str
    currency: str
    ledger_account: UUID
    difference_account: UUID | None
    automatic_from: int | None
    bank_balance: BankMoneyOut | None
    bank_balance_on: date | None
    is_active: bool
    etag: str


class BankStatementOut(msgspec.Struct, kw_only=True):
    """One statement as read; `new` of its entries were not known before."""

    id: UUID
    account: UUID
    format: str
    number: str
    filename: str
    starts_on: date | None
    ends_on: date | None
    opening: BankMoneyOut | None
    closing: BankMoneyOut | None
    is_balanced: bool | None
    is_interim: bool
    entries: int
    new: int
    created_at: datetime


class BankImportOut(msgspec.Struct, kw_only=True):
    """What became of a file."""

    format: str
    account: UUID
    entries: int
    new: int
    matched: int
    problems: list[str]
    statements: list[BankStatementOut]


class ReasonOut(msgspec.Struct):
    """Why something is proposed: a stable code and its values."""

    code: str
    values: dict[str, Any]


class PartOut(msgspec.Struct):
    """A share: an invoice, a payment, an account of the chart …; `amount` is decimal text."""

    kind: str
    id: UUID | None
    amount: str
    label: str


class ProposalOut(msgspec.Struct, kw_only=True):
    """What a line probably is; `score` in percent, from 95 on all that matters agrees."""

    kind: str
    score: int
    is_exact: bool
    parts: list[PartOut]
    reasons: list[ReasonOut]
    client: UUID | None
    client_name: str
    difference: str
    difference_kind: str


class BankLineOut(msgspec.Struct, kw_only=True):
    """A movement on the account, with what it was matched with."""

    id: UUID
    account: UUID
    statement: UUID
    booked_on: date
    valued_on: date | None
    amount: BankMoneyOut
    name: str
    counter_account: str
    text: str
    reference: str
    end_to_end: str
    bank_reference: str
    state: str
    note: str
    matches: list[PartOut]
    proposal: ProposalOut | None
    etag: str


class BankRuleOut(msgspec.Struct, kw_only=True):
    """What lines without a document are posted to; all conditions must hold."""

    id: UUID
    name: str
    direction: str
    conditions: list[dict[str, str]]
    account: UUID
    is_automatic: bool
    is_active: bool
    used: int
    etag: str


class BankGapOut(msgspec.Struct, kw_only=True):
    """A statement does not open with what the one before it closed with."""

    after: UUID
    before: UUID
    closed: BankMoneyOut
    opened: BankMoneyOut
    closed_on: date | None
    opened_on: date | None


def money_of(amount: int | None, currency: str) -> BankMoneyOut | None:
    """An amount where there is one."""
    return None if amount is None else BankMoneyOut(str(Money(amount, currency)), currency)


def money_in(amount: int, currency: str) -> BankMoneyOut:
    """An amount with its currency."""
    return BankMoneyOut(str(Money(amount, currency)), currency)


def account_out(row: BankAccount) -> HouseAccountOut:
    """The shape of an account."""
    return HouseAccountOut(
        id=row.id,
        name=row.name,
        iban=row.iban,
        number=row.number,
        currency=row.currency,
        ledger_account=row.ledger_account_id,
        difference_account=row.difference_account_id,
        automatic_from=row.automatic_from,
        bank_balance=money_of(row.bank_amount, row.currency),
        bank_balance_on=row.bank_on,
        is_active=row.is_active,
        etag=f'"{row.version}"',
    )


def statement_out(row: Statement) -> BankStatementOut:
    """The shape of a statement."""
    currency = row.account.currency
    opening, closing = row.opening_amount, row.closing_amount
    balanced = None
    if opening is not None and closing is not None:
        balanced = opening + row.moved_amount == closing
    return BankStatementOut(
        id=row.id,
        account=row.account_id,
        format=row.format,
        number=row.number,
        filename=row.filename,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        opening=money_of(row.opening_amount, currency),
        closing=money_of(row.closing_amount, currency),
        is_balanced=balanced,
        is_interim=row.is_interim,
        entries=row.entry_count,
        new=row.new_count,
        created_at=row.created_at,
    )


def line_out(row: StatementLine, proposal: calc.Proposal | None = None) -> BankLineOut:
    """The shape of a line."""
    active = [one for one in row.matches.all() if one.is_active]
    return BankLineOut(
        id=row.id,
        account=row.account_id,
        statement=row.statement_id,
        booked_on=row.booked_on,
        valued_on=row.valued_on,
        amount=money_in(row.amount, row.currency),
        name=row.name,
        counter_account=row.counter_account,
        text=row.text,
        reference=row.reference,
        end_to_end=row.end_to_end,
        bank_reference=row.bank_reference,
        state=row.state,
        note=row.note,
        matches=[match_out(one, row.currency) for one in active],
        proposal=proposal_out(proposal, row.currency) if proposal else None,
        etag=f'"{row.version}"',
    )


def match_out(row: Match, currency: str) -> PartOut:
    """The shape of a share that is booked."""
    booked = row.payment_id or row.disbursement_id or row.refund_id or row.entry_id
    return PartOut(row.kind, booked, str(Money(row.amount, currency)), row.label)


def proposal_out(found: calc.Proposal, currency: str) -> ProposalOut:
    """The shape of a proposal."""
    return ProposalOut(
        kind=found.kind,
        score=found.score,
        is_exact=found.score >= calc.EXACT,
        parts=[
            PartOut(one.kind, one.id, str(Money(one.amount, currency)), one.label)
            for one in found.parts
        ],
        reasons=[ReasonOut(one.code, plain(one.values)) for one in found.reasons],
        client=found.partner_id,
        client_name=found.partner_name,
        difference=str(Money(found.difference, currency)),
        difference_kind=found.difference_kind,
    )


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Reasons' values for JSON."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def rule_out(row: Rule) -> BankRuleOut:
    """The shape of a rule."""
    return BankRuleOut(
        id=row.id,
        name=row.name,
        direction=row.direction,
        conditions=row.conditions,
        account=row.account_id,
        is_automatic=row.is_automatic,
        is_active=row.is_active,
        used=row.used_count,
        etag=f'"{row.version}"',
    )


def gap_out(gap: Any) -> BankGapOut:
    """The shape of a gap."""
    return BankGapOut(
        after=gap.after_id,
        before=gap.before_id,
        closed=money_in(gap.closed, gap.currency),
        opened=money_in(gap.opened, gap.currency),
        closed_on=gap.closed_on,
        opened_on=gap.opened_on,
    )
