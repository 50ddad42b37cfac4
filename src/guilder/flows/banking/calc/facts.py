"""The values that matching works on, and what it answers with. Amounts are minor units.

What there is of for each line is a struct: making a frozen dataclass costs twenty times as much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec


class Line(msgspec.Struct, frozen=True):
    """A movement on the account: above zero in, below out."""

    id: UUID
    amount: int
    currency: str
    booked_on: date
    name: str = ""
    account: str = ""
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    bank_reference: str = ""
    original_amount: int | None = None
    original_currency: str = ""
    charges: int | None = None
    is_reversal: bool = False
    details: int = 1
    code: str = ""  # the bank's transaction code, and behind it why money came back

    @property
    def said(self) -> str:
        """All that was written, for finding numbers in."""
        return " ".join(filter(None, (self.reference, self.text, self.end_to_end)))


class Debt(msgspec.Struct, frozen=True):
    """An open invoice: `left` of it in `currency`; `key` is the digits of its number."""

    id: UUID
    number: str
    key: str
    partner_id: UUID
    partner_name: str
    left: int
    currency: str
    due_on: date | None
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class Early:
    """Paying an invoice on or before `until` saves `saved`: `percent` off within `days`."""

    until: date
    saved: int
    percent: str
    days: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """A payment that somebody recorded by hand and no line stands for yet."""

    id: UUID
    partner_id: UUID
    partner_name: str
    amount: int
    currency: str
    received_on: date
    reference: str
    numbers: str  # of the invoices that it pays, in one text


@dataclass(frozen=True, slots=True)
class Card:
    """A card or online payment whose money the provider has not paid out yet."""

    id: UUID
    partner_name: str
    amount: int
    currency: str
    received_on: date
    numbers: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order that the bank carried out: money on its way, known by the identifiers we gave.

    One of `payment_id` (a client's), `disbursement_id` (of bills) and `refund_id` is there.
    """

    order_id: UUID
    payment_id: UUID | None
    partner_name: str
    amount: int
    number: str
    tokens: frozenset[str]
    disbursement_id: UUID | None = None
    is_matched: bool = False  # another line brought it
    refund_id: UUID | None = None

    @property
    def sent_id(self) -> UUID | None:
        """What was sent: a payment of bills or a refund."""
        return self.disbursement_id or self.refund_id


@dataclass(frozen=True, slots=True)
class Returned:
    """A matched line whose money may come back; its payment is undone then."""

    line_id: UUID
    payment_id: UUID
    partner_name: str
    amount: int
    currency: str
    booked_on: date
    end_to_end: str
    said: str
    name: str


@dataclass(frozen=True, slots=True)
class Departed:
    """Money that a line took out, which may come back: a payment of bills or a refund."""

    line_id: UUID
    kind: str  # disbursement, refund
    id: UUID
    partner_name: str
    amount: int
    currency: str
    booked_on: date
    end_to_end: str
    said: str
    name: str


@dataclass(frozen=True, slots=True)
class Payable:
    """An open bill of a supplier: `left` of it; `key` is the digits of its number."""

    id: UUID
    number: str
    key: str
    partner_id: UUID
    partner_name: str
    left: int
    currency: str
    due_on: date | None
    account: str


@dataclass(frozen=True, slots=True)
class Spent:
    """Money out that was recorded before and no line stands for yet."""

    id: UUID
    kind: str  # disbursement, refund
    partner_id: UUID
    partner_name: str
    amount: int
    currency: str
    paid_on: date
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class RuleFact:
    """A rule of the organization's own: all conditions hold → post to the account."""

    id: UUID
    name: str
    account_id: UUID
    account_name: str
    conditions: tuple[Mapping[str, Any], ...]
    direction: str  # "in", "out" or "any"
    used_count: int
    is_automatic: bool


@dataclass(slots=True, kw_only=True)
class Known:
    """What was gathered for a set of lines; `left` shrinks as proposals take from it."""

    debts: dict[UUID, Debt] = field(default_factory=dict[UUID, Debt])
    by_key: dict[str, list[UUID]] = field(default_factory=dict[str, list[UUID]])
    by_amount: dict[tuple[str, int], list[UUID]] = field(
        default_factory=dict[tuple[str, int], list[UUID]]
    )
    by_partner: dict[UUID, list[UUID]] = field(default_factory=dict[UUID, list[UUID]])
    partner_by_account: dict[str, UUID] = field(default_factory=dict[str, UUID])
    partner_by_name: dict[str, UUID] = field(default_factory=dict[str, UUID])
    partner_names: dict[UUID, str] = field(default_factory=dict[UUID, str])
    own_accounts: dict[str, UUID] = field(default_factory=dict[str, UUID])
    own_names: dict[UUID, str] = field(default_factory=dict[UUID, str])
    recorded: list[Recorded] = field(default_factory=list[Recorded])
    cards: list[Card] = field(default_factory=list[Card])
    returned: list[Returned] = field(default_factory=list[Returned])
    ordered: list[Ordered] = field(default_factory=list[Ordered])
    departed: list[Departed] = field(default_factory=list[Departed])
    bills: dict[UUID, Payable] = field(default_factory=dict[UUID, Payable])
    spent: list[Spent] = field(default_factory=list[Spent])
    early: dict[UUID, tuple[Early, ...]] = field(default_factory=dict[UUID, tuple[Early, ...]])
    grace_days: int = 0  # how late, and by how much more, an early payment may fall short
    tolerance: int = 0
    rules: Sequence[RuleFact] = ()
    left: dict[UUID, int] = field(default_factory=dict[UUID, int])
    taken: set[UUID] = field(default_factory=set[UUID])

    def open_of(self, debt_id: UUID) -> int:
        """What is still open of an invoice after the proposals so far."""
        return self.left.get(debt_id, self.debts[debt_id].left)


class Reason(msgspec.Struct, frozen=True):
    """Why: a stable code and the values that its sentence needs."""

    code: str
    values: Mapping[str, Any] = msgspec.field(default_factory=dict[str, Any])


class Part(msgspec.Struct, frozen=True):
    """A share of a line: `amount` of it (signed) for the thing `id`."""

    kind: str  # what the operation `match_line` lists, or fee
    id: UUID
    amount: int
    label: str = ""
    discount: int = 0  # what is settled besides, kept back for paying early


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What a line probably is; `score` says how sure, in percent."""

    line_id: UUID
    kind: str  # invoice, bill, recorded, disbursement, refund, payout, return, transfer, rule
    score: int
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    partner_id: UUID | None = None
    partner_name: str = ""
    difference: int = 0  # line amount − what the parts settle: a fee, or what stays credit
    difference_kind: str = ""  # fee, credit, part, exchange
