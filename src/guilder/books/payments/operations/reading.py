"""Judging the raw values of a payment and of what it is applied to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.kernel.errors import Problem
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

METHODS = ("bank_transfer", "cash", "card", "direct_debit", "cheque", "online", "other")
FIELDS = (
    "client",
    "amount",
    "received_on",
    "method",
    "reference",
    "notes",
    "allocations",
    "auto",
    "account",
)
# Which account takes the money, where none is named.
ROLES = {"cash": "cash", "bank_transfer": "bank", "direct_debit": "bank"}


@dataclass(slots=True)
class PaymentInput:
    """A payment as it was sent, its own values judged."""

    client_id: UUID | None = None
    amount: Money | None = None
    received_on: date | None = None
    method: str = "bank_transfer"
    reference: str = ""
    notes: str = ""
    account_id: UUID | None = None
    shares: dict[UUID, Money] = field(default_factory=dict)
    places: dict[UUID, int] = field(default_factory=dict)
    auto: bool = False
    problems: list[Problem] = field(default_factory=list)


def read_payment(data: Mapping[str, Any], *, today: date) -> PaymentInput:
    """Judge what was sent; faults are in `problems`. `received_on` is `today` when missing."""
    wire = Wire(data)
    wire.known(FIELDS)
    read = PaymentInput(problems=wire.problems)
    read.client_id = wire.identity("client", required=True)
    read.amount = money(wire, "amount")
    read.received_on = wire.day("received_on", default=today)
    read.method = wire.choice("method", METHODS, default="bank_transfer")
    read.reference = wire.text("reference", most=140)
    read.notes = wire.text("notes", most=4_000, lines=True)
    read.account_id = wire.identity("account")
    read.auto = wire.flag("auto")
    currency = read.amount.currency if read.amount else ""
    read_shares(wire.parts("allocations", most=500), currency, read)
    return read


def money(wire: Wire, name: str) -> Money | None:
    """{"amount", "currency"}, both needed."""
    part = wire.part(name, required=True)
    if part is None:
        return None
    part.known(("amount", "currency"))
    currency = part.currency("currency", required=True)
    value = part.decimal("amount", required=True, places=4)
    if not currency or value is None:
        return None
    if value <= 0:
        part.fault("amount", "too_small", "Enter an amount above 0.")
        return None
    try:
        return Money.of(value, currency)
    except ValueError as error:
        part.fault("amount", "payment.amount", str(error))
        return None


def read_shares(parts: Sequence[Wire], currency: str, read: PaymentInput) -> None:
    """[{"invoice", "amount"}]: each invoice once, each amount above zero, together not too much."""
    for index, part in enumerate(parts):
        part.known(("invoice", "amount"))
        invoice_id = part.identity("invoice", required=True)
        value = part.decimal("amount", required=True, places=4)
        if invoice_id is None or value is None or not currency:
            continue
        try:
            share = Money.of(value, currency)
        except ValueError as error:
            part.fault("amount", "payment.amount", str(error))
            continue
        if value <= Decimal(0):
            part.fault("amount", "too_small", "Enter an amount above 0.")
        if invoice_id in read.shares:
            part.fault("invoice", "payment.invoice_twice", "Name each invoice once.")
        read.shares[invoice_id] = share
        read.places[invoice_id] = index
