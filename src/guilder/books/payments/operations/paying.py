"""Paying suppliers: money out, all of it on bills; and taking that back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.bills import operations as bills
from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts
from guilder.books.payments.events import DisbursementRecorded, DisbursementReversed
from guilder.books.payments.models import Allocation, Disbursement
from guilder.books.payments.operations.reading import METHODS, ROLES
from guilder.books.payments.operations.reverse import AlreadyReversed
from guilder.books.payments.queries.disbursements import NoSuchDisbursement, get_disbursement
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.registers.currencies import queries as currencies

FIELDS = ("bills", "paid_on", "method", "account", "reference", "notes")


class InvalidDisbursement(Invalid):
    """What was sent cannot be recorded; `problems` has every fault."""

    code = "disbursement.invalid"


@dataclass(slots=True)
class PayInput:
    """What was sent, its own values judged."""

    shares: dict[UUID, Decimal | None] = field(default_factory=dict[UUID, Decimal | None])
    paid_on: date | None = None
    method: str = "bank_transfer"
    account_id: UUID | None = None
    reference: str = ""
    notes: str = ""
    problems: list[Problem] = field(default_factory=list[Problem])


def pay_bills(*, by: Actor, data: Mapping[str, Any], at: datetime) -> Disbursement:
    """Record money that a supplier was paid. Raw values: bills [{"bill", "amount"}] of one supplier
    and currency (no amount: all that is open), paid_on, method, account, reference, notes.

    Raises InvalidDisbursement with every fault, NoRate, ledger's PeriodIsLocked.
    """
    by.require("payment.record")
    zone = ZoneInfo(identity.get_organization(by.organization_id).time_zone)
    today = at.astimezone(zone).date()
    with transaction(by.organization_id):
        read = read_pay(data, today=today)
        held = bills.lock_payables(read.shares, by=by)
        amounts = judged(read, held)
        chart = accounts.account_map(by.organization_id)
        account_id = account_of(read, chart, by=by)
        if read.problems:
            raise InvalidDisbursement(problems=read.problems)
        return store(read, held, amounts, cast("UUID", account_id), by=by, at=at)


def read_pay(data: Mapping[str, Any], *, today: date) -> PayInput:
    """Judge the values; faults are in `problems`. `paid_on` is `today` when missing."""
    wire = Wire(data)
    wire.known(FIELDS)
    read = PayInput(problems=wire.problems)
    for part in wire.parts("bills", most=500, required=True):
        part.known(("bill", "amount"))
        bill_id = part.identity("bill", required=True)
        amount = part.decimal("amount", places=4)
        if bill_id in read.shares:
            part.fault("bill", "disbursement.bill_twice", "Name each bill once.")
        if amount is not None and amount <= 0:
            part.fault("amount", "too_small", "Enter an amount above 0.")
        if bill_id is not None:
            read.shares[bill_id] = amount
    read.paid_on = wire.day("paid_on", default=today)
    if read.paid_on is not None and read.paid_on > today:
        wire.fault("paid_on", "payment.in_future", "Enter today or a day before.")
    read.method = wire.choice("method", METHODS, default="bank_transfer")
    read.account_id = wire.identity("account")
    read.reference = wire.text("reference", most=140)
    read.notes = wire.text("notes", most=4_000, lines=True)
    return read


def judged(read: PayInput, held: Mapping[UUID, bills.Payable]) -> dict[UUID, int]:
    """Bill → what it gets, in minor units; what forbids it is noted in `read.problems`."""
    amounts: dict[UUID, int] = {}
    first = next((held[one].row for one in read.shares if one in held), None)
    for place, (bill_id, wanted) in enumerate(read.shares.items()):
        at, payable = f"/bills/{place}", held.get(bill_id)
        if payable is None or not payable.is_payable or first is None:
            told = "Book this bill first; only booked bills are paid."
            read.problems.append(Problem(f"{at}/bill", "disbursement.no_bill", told))
            continue
        row = payable.row
        if (row.partner_id, row.currency) != (first.partner_id, first.currency):
            told = "Pay bills of one supplier and in one currency together."
            read.problems.append(Problem(f"{at}/bill", "disbursement.unlike", told))
            continue
        try:
            share = payable.left if wanted is None else Money.of(wanted, row.currency).minor
        except ValueError as error:
            read.problems.append(Problem(f"{at}/amount", "payment.amount", str(error)))
            continue
        if not 0 < share <= payable.left:
            left = Money(payable.left, row.currency)
            told = f"Only {left} {left.currency} are open on {row.number}. Pay that or less."
            read.problems.append(Problem(f"{at}/amount", "disbursement.over_open", told))
        amounts[bill_id] = share
    return amounts


def account_of(read: PayInput, chart: Mapping[str, UUID], *, by: Actor) -> UUID | None:
    """Where the money comes from: the named account, else that of the method."""
    if read.account_id is None:
        return chart[ROLES.get(read.method, "transit")]
    known = {one.id for one in accounts.list_accounts(by.organization_id) if one.is_active}
    if read.account_id not in known:
        told = "There is no such money account."
        read.problems.append(Problem("/account", "payment.no_account", told))
    return read.account_id


def store(
    read: PayInput, held: Mapping[UUID, bills.Payable], amounts: Mapping[UUID, int],
    account_id: UUID, *, by: Actor, at: datetime,
) -> Disbursement:  # fmt: skip
    """Write the money, its shares and the entry."""
    first = held[next(iter(amounts))].row
    on, total = cast("date", read.paid_on), sum(amounts.values())
    rate, source = Decimal(1), ""
    if first.currency != first.base_currency:
        found = currencies.rate_on(
            by.organization_id, base=first.currency, quote=first.base_currency, on=on
        )
        rate, source = found.rate, f"{found.source} {found.on}"[:80]
    base = invoicing.in_base(
        total, currency=first.currency, base_currency=first.base_currency, rate=rate
    )
    row = Disbursement.objects.create(
        organization_id=by.organization_id,
        partner_id=first.partner_id,
        amount=total,
        currency=first.currency,
        base_amount=base,
        base_currency=first.base_currency,
        base_rate=rate,
        rate_source=source,
        paid_on=on,
        method=read.method,
        account_id=account_id,
        reference=read.reference,
        notes=read.notes,
        created_by_id=by.user_id,
        created_at=at,
        updated_at=at,
    )
    cleared = share_out(row, held, amounts, by=by, at=at)
    legs = (
        ledger.Leg("", -total, -base, account_id=account_id),
        ledger.Leg("payables", total, cleared),
        ledger.Leg("exchange", 0, base - cleared),
    )
    book(row, legs, source="disbursement.record", by=by, on=on, at=at)
    note(row, "disbursement.record", by=by)
    tell(DisbursementRecorded, row, by=by, paid_on=on)
    return get_disbursement(row.id, by=by)


def share_out(
    row: Disbursement, held: Mapping[UUID, bills.Payable], amounts: Mapping[UUID, int], *,
    by: Actor, at: datetime,
) -> int:  # fmt: skip
    """Allocate the money to its bills; gives what leaves payables in base units."""
    cleared = done = 0
    for bill_id, share in amounts.items():
        payable = held[bill_id]
        base = payable.base_of(share)
        Allocation.objects.create(
            id=uuid7(),
            organization_id=by.organization_id,
            disbursement_id=row.id,
            bill_id=bill_id,
            amount=share,
            base_amount=base,
            payment_base_amount=invoicing.base_step(
                row.base_amount, payable=row.amount, before=done, after=done + share
            ),
            allocated_on=row.paid_on,
            created_by_id=by.user_id,
            created_at=at,
        )
        bills.settle(payable.row, share, column="allocated_amount", by=by, on=row.paid_on, at=at)
        cleared, done = cleared + base, done + share
    return cleared


def reverse_disbursement(
    disbursement_id: UUID, *, by: Actor, on: date, at: datetime, reason: str
) -> Disbursement:
    """The money came back, or was never paid: its bills are open again, the ledger is mirrored.

    Raises NoSuchDisbursement, AlreadyReversed, Invalid without a reason, PeriodIsLocked.
    """
    by.require("payment.reverse")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it is reversed.")])
    with transaction(by.organization_id):
        rows = Disbursement.objects.of(by.organization_id)
        row = rows.lock().filter(id=disbursement_id).first()
        if row is None:
            raise NoSuchDisbursement("There is no such payment to a supplier.")
        if row.reversed_on is not None:
            raise AlreadyReversed("This payment was reversed already.")
        back = reopened(row, by=by, on=on, at=at)
        legs = (
            ledger.Leg("", row.amount, row.base_amount, account_id=row.account_id),
            ledger.Leg("payables", -row.amount, -back),
            ledger.Leg("exchange", 0, back - row.base_amount),
        )
        row.reversed_on, row.reversed_reason = on, reason.strip()[:200]
        row.updated_at, row.version = at, row.version + 1
        row.save()
        book(row, legs, source="disbursement.reverse", by=by, on=on, at=at)
        note(row, "disbursement.reverse", by=by)
        tell(DisbursementReversed, row, by=by, reason=row.reversed_reason)
    return get_disbursement(disbursement_id, by=by)


class NotTakenBack(Conflict):
    """Only what came back can be paid again."""

    code = "disbursement.not_reversed"


def repay_disbursement(disbursement_id: UUID, *, by: Actor, at: datetime) -> Disbursement:
    """A reversal was none: the bills are paid again, on the day and from the account of before.

    Raises NoSuchDisbursement, NotTakenBack, InvalidDisbursement where a bill was paid meanwhile,
    PeriodIsLocked.
    """
    by.require("payment.reverse")
    with transaction(by.organization_id):
        rows = Disbursement.objects.of(by.organization_id)
        row = rows.lock().filter(id=disbursement_id).first()
        if row is None:
            raise NoSuchDisbursement("There is no such payment to a supplier.")
        if row.reversed_on is None:
            raise NotTakenBack("This payment was not reversed.")
        shares = row.allocations.filter(organization_id=by.organization_id).order_by("id")
        data = {
            "bills": [
                {"bill": str(one.bill_id), "amount": str(Money(one.amount, row.currency))}
                for one in shares
            ],
            "paid_on": row.paid_on.isoformat(),
            "method": row.method,
            "account": str(row.account_id),
            "reference": row.reference,
            "notes": row.notes,
        }
        return pay_bills(by=by, data=data, at=at)


def reopened(row: Disbursement, *, by: Actor, on: date, at: datetime) -> int:
    """Switch the shares off and put them back on their bills; gives that in base units."""
    shares = list(row.allocations.filter(organization_id=by.organization_id, is_active=True))
    held = bills.lock_payables([one.bill_id for one in shares if one.bill_id], by=by)
    back = 0
    for share in shares:
        payable = held[cast("UUID", share.bill_id)]
        back -= payable.base_of(-share.amount)
        bills.settle(payable.row, -share.amount, column="allocated_amount", by=by, on=on, at=at)
        share.is_active, share.reversed_on = False, on
        share.save(update_fields=["is_active", "reversed_on"])
    return back


def book(
    row: Disbursement, legs: tuple[ledger.Leg, ...], *, source: str, by: Actor, on: date,
    at: datetime,
) -> None:  # fmt: skip
    """The entry of a payment to a supplier."""
    booking = ledger.Booking(
        legs=legs,
        on=on,
        source=source,
        source_id=row.id,
        currency=row.currency,
        base_currency=row.base_currency,
        rate=row.base_rate,
        rate_source=row.rate_source,
        partner_id=row.partner_id,
        memo=(row.reference or "Payment to a supplier")[:200],
    )
    ledger.post(booking, by=by, at=at)


def note(row: Disbursement, action: str, *, by: Actor) -> None:
    """Write a step down."""
    audit.record(
        by=by,
        action=action,
        table="payments_disbursement",
        row_id=row.id,
        before=None,
        after={
            "amount": f"{Money(row.amount, row.currency)} {row.currency}",
            "paid_on": row.paid_on.isoformat(),
            "method": row.method,
            "reason": row.reversed_reason,
        },
    )


def tell(event: Any, row: Disbursement, *, by: Actor, **more: Any) -> None:
    """Tell of a step."""
    bus.publish(
        event(
            disbursement_id=row.id,
            partner_id=row.partner_id,
            amount=str(Money(row.amount, row.currency)),
            currency=row.currency,
            **more,
        ),
        by=by,
    )
