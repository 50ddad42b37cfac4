"""Judging the raw values of a refund."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from guilder.books.payments.operations.reading import METHODS, money
from guilder.kernel.errors import Problem
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

FIELDS = (
    "payment", "credit_note", "amount", "reason", "refunded_on", "method", "account", "reference",
    "takes_off", "by_order",
)  # fmt: skip


@dataclass(slots=True)
class RefundInput:
    """A refund as it was sent, its own values judged; no amount is all that is left."""

    payment_id: UUID | None
    credit_note_id: UUID | None
    amount: Money | None
    reason: str
    refunded_on: date
    method: str
    account_id: UUID | None
    reference: str
    takes_off: bool
    by_order: bool = False
    problems: list[Problem] = field(default_factory=list)


def read_refund(data: Mapping[str, Any], *, today: date) -> RefundInput:
    """Judge what was sent; faults are in `problems`. `refunded_on` is `today` when missing."""
    wire = Wire(data)
    wire.known(FIELDS)
    read = RefundInput(
        payment_id=wire.identity("payment"),
        credit_note_id=wire.identity("credit_note"),
        amount=money(wire, "amount") if wire.has("amount") else None,
        reason=wire.text("reason", most=200, required=True),
        refunded_on=wire.day("refunded_on", default=today) or today,
        method=wire.choice("method", METHODS) if wire.has("method") else "",
        account_id=wire.identity("account"),
        reference=wire.text("reference", most=140),
        takes_off=wire.flag("takes_off"),
        by_order=wire.flag("by_order"),
    )
    if not wire.has("payment") and not wire.has("credit_note"):
        wire.fault("payment", "required", "Name the payment or the credit note it draws on.")
    elif wire.has("payment") and wire.has("credit_note"):
        wire.fault("credit_note", "refund.two_sources", "Name one: a payment or a credit note.")
    if read.by_order:
        read_order(wire, read)
    if read.refunded_on > today:
        wire.fault("refunded_on", "refund.in_future", "Enter today or a day before.")
    read.problems = wire.problems
    return read


def read_order(wire: Wire, read: RefundInput) -> None:
    """A payment order transfers it: the money is on its way until the bank's line takes it."""
    if read.method not in {"", "bank_transfer"}:
        wire.fault("method", "refund.by_order", "A payment order transfers money. Choose that.")
    if wire.has("account"):
        wire.fault("account", "refund.by_order", "The payment order says from which account.")
    read.method = "bank_transfer"
