"""Recording a payment and applying it: one statement after the locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.payments import calc
from guilder.books.payments.events import PaymentRecorded
from guilder.books.payments.operations.payers import Payer, payer_and_debts
from guilder.books.payments.operations.reading import ROLES, PaymentInput, read_payment
from guilder.books.payments.queries import AllocationRecord, PaymentRecord, get_payment
from guilder.foundation.edges.late import Late
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money
from guilder.registers.currencies import queries as currencies

OPEN = """
SELECT id FROM invoicing_invoice
WHERE organization_id = %(organization)s::uuid AND partner_id = %(partner)s::uuid
  AND currency = %(currency)s::text AND open_amount > 0
  AND kind IN ('invoice', 'debit_note', 'deposit')
ORDER BY due_on NULLS LAST, issued_on, id LIMIT 500
"""
APPLIED = """
put AS (
  INSERT INTO payments_allocation (organization_id, id, payment_id, invoice_id, amount, base_amount,
    payment_base_amount, allocated_on, is_active, created_by_id, created_at)
  SELECT %(organization)s::uuid, s.id, made.id, s.invoice_id, s.amount, s.base, s.payment_base,
    %(on)s::date, true, %(created_by)s::uuid, %(at)s::timestamptz
  FROM made, unnest(%(share_ids)s::uuid[], %(share_invoices)s::uuid[], %(share_amounts)s::bigint[],
    %(share_bases)s::bigint[], %(share_payment_bases)s::bigint[])
    AS s(id, invoice_id, amount, base, payment_base)
)"""
TAIL = ", ".join((APPLIED, invoicing.settled_sql("made"), ledger.entry_sql("made")))
WRITTEN = """made AS (
  INSERT INTO payments_payment (organization_id, id, partner_id, amount, currency, base_amount,
    base_currency, base_rate, rate_source, received_on, method, account_id, reference, notes,
    unallocated_amount, reversed_reason, created_by_id, created_at, updated_at, version)
  VALUES (%(organization)s::uuid, %(id)s::uuid, %(payer)s::uuid, %(amount)s::bigint,
    %(currency)s::text, %(base_amount)s::bigint, %(base_currency)s::text, %(rate)s::numeric,
    %(rate_source)s::text, %(on)s::date, %(method)s::text, %(account)s::uuid,
    %(reference)s::text, %(notes)s::text, %(unallocated)s::bigint, '', %(created_by)s::uuid,
    %(at)s::timestamptz, %(at)s::timestamptz, 1)
  RETURNING id
), {tail}, {trail}""".replace("{tail}", TAIL)
RECORD = f"WITH {WRITTEN} SELECT id FROM made"  # noqa: S608  (constants of our own)

RATE = Decimal("1E-10")  # as exact as the column keeps it


@lru_cache(maxsize=64)
def told(statement: str, events: int) -> str:
    """A statement with the trail of that many events."""
    return statement.replace("{trail}", ledger.trail_sql("made", events=events))


class InvalidPayment(Invalid):
    """What was sent cannot be recorded; `problems` has every fault."""

    code = "payment.invalid"


@dataclass(slots=True)
class Shares:
    """How a payment falls on invoices, with what that moves in base units."""

    amounts: dict[UUID, int]
    bases: list[int]
    payment_bases: list[int]
    debts: dict[UUID, invoicing.Debt]

    @property
    def total(self) -> int:
        """What is applied, in minor units."""
        return sum(self.amounts.values())


def record_payment(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    asked_on: date | None = None,
    late: Late | None = None,
) -> PaymentRecord:
    """Record money from a client and apply it.

    Raw values: client, amount {"amount", "currency"}, received_on, method, reference, notes,
    account, allocations [{"invoice", "amount"}], and `auto` to apply the rest to what is open, the
    longest due first. What is not applied is the client's credit; what a payment in time may keep
    back for being early is settled with it (`asked_on` is judged where money takes its days). With
    `late` the last statement is left there where nothing can follow it.
    Raises InvalidPayment with every fault, NoRate, ledger's PeriodIsLocked.
    """
    by.require("payment.record")
    with transaction(by.organization_id):
        payer, locked = payer_and_debts(data, by=by)
        today = at.astimezone(ZoneInfo(payer.time_zone)).date()
        read = read_payment(data, today=today)
        if read.client_id is not None and payer.name is None:
            fault(read, "/client", "partner.not_found", "There is no such client.")
        if read.account_id is not None and payer.account_id is None:
            fault(read, "/account", "payment.no_account", "There is no such money account.")
        if read.received_on is not None and read.received_on > today:
            fault(read, "/received_on", "payment.in_future", "Enter today or a day before.")
        if read.amount is None or read.client_id is None:
            raise InvalidPayment(problems=read.problems)
        shares = shared(read, read.amount.minor, by=by, locked=locked)
        if read.problems:
            raise InvalidPayment(problems=read.problems)
        return store(read, payer, shares, by=by, at=at, asked_on=asked_on, late=late)


def fault(read: PaymentInput, pointer: str, code: str, detail: str) -> None:
    """Note one more problem."""
    read.problems.append(Problem(pointer, code, detail))


def shared(
    read: PaymentInput,
    available: int,
    *,
    by: Actor,
    locked: Mapping[UUID, invoicing.Debt] | None = None,
) -> Shares:
    """Lock the invoices, but those that are `locked`, and judge what is applied to each; faults go
    to `read.problems`."""
    money = cast("Money", read.amount)
    ids = list(read.shares)
    if read.auto:
        rows = cursor().execute(
            OPEN,
            {
                "organization": by.organization_id,
                "partner": read.client_id,
                "currency": money.currency,
            },
            prepare=True,
        )
        ids += [row[0] for row in rows.fetchall() if row[0] not in read.shares]
    debts = dict(locked or {})
    if not debts and ids:
        debts = invoicing.lock_debts(ids, by=by)
    for invoice_id, share in read.shares.items():
        judge_share(debts.get(invoice_id), share, read, read.places[invoice_id])
    amounts = {invoice_id: share.minor for invoice_id, share in read.shares.items()}
    rest = available - sum(amounts.values())
    if rest < 0:
        left = Money(available, money.currency)
        detail = f"These add up to more than the {left} {money.currency} there are."
        fault(read, "/allocations", "payment.over_allocated", detail)
    elif read.auto:
        others = [
            calc.Owed(debt.id, debt.left, debt.due_on, debt.issued_on)
            for debt in debts.values()
            if debt.id not in amounts and debt.is_receivable and debt.left
        ]
        amounts |= calc.split(rest, others)
    return Shares(amounts, [], [], debts)


def judge_share(debt: invoicing.Debt | None, share: Money, read: PaymentInput, place: int) -> None:
    """Note why a payment cannot be applied to an invoice in this amount."""
    at = f"/allocations/{place}"
    if debt is None or not debt.is_receivable or debt.partner_id != read.client_id:
        detail = "This client has no such issued invoice."
        fault(read, f"{at}/invoice", "payment.no_invoice", detail)
    elif debt.currency != share.currency:
        detail = f"This invoice is in {debt.currency}. Apply a payment in that currency."
        fault(read, f"{at}/invoice", "payment.other_currency", detail)
    elif share.minor > debt.left:
        left = Money(debt.left, debt.currency)
        detail = f"Only {left} {debt.currency} are open on it. Apply less; the rest stays credit."
        fault(read, f"{at}/amount", "payment.over_open", detail)


def reckon(shares: Shares, *, amount: int, base_amount: int, allocated: int) -> None:
    """Fill in what each share is in base units: by the invoice's rate, and by the payment's."""
    done = allocated
    for invoice_id, share in shares.amounts.items():
        shares.bases.append(shares.debts[invoice_id].base_of(share))
        shares.payment_bases.append(
            invoicing.base_step(base_amount, payable=amount, before=done, after=done + share)
        )
        done += share


def share_values(shares: Shares) -> dict[str, Any]:
    """What APPLIED binds."""
    return {
        "share_ids": [uuid7() for _ in shares.amounts],
        "share_invoices": list(shares.amounts),
        "share_amounts": list(shares.amounts.values()),
        "share_bases": shares.bases,
        "share_payment_bases": shares.payment_bases,
    }


def legs_of(
    read: PaymentInput, payer: Payer, shares: Shares, *, base: int
) -> tuple[ledger.Leg, ...]:
    """What a payment moves; the account that takes the money comes first."""
    money = cast("Money", read.amount)
    role = ROLES.get(read.method, "transit")
    rest, rest_base = money.minor - shares.total, base - sum(shares.payment_bases)
    return (
        ledger.Leg(role, money.minor, base, account_id=payer.account_id),
        ledger.Leg("receivables", -shares.total, -sum(shares.bases)),
        ledger.Leg("customer_credit", -rest, -rest_base),
        ledger.Leg("exchange", 0, sum(shares.bases) - sum(shares.payment_bases)),
    )


def booking_of(
    read: PaymentInput, payer: Payer, legs: tuple[ledger.Leg, ...], *, payment_id: UUID, **rate: Any
) -> ledger.Booking:
    """The ledger's entry of a payment; `rate` is what one unit is in the books' currency, with the
    source of that."""
    return ledger.Booking(
        legs=legs,
        on=cast("date", read.received_on),
        source="payment.record",
        source_id=payment_id,
        currency=cast("Money", read.amount).currency,
        base_currency=payer.base_currency,
        partner_id=read.client_id,
        memo=(read.reference or f"Payment from {payer.name}")[:200],
        **rate,
    )


def trail_of(
    read: PaymentInput, shares: Shares, payment_id: UUID
) -> tuple[list[Any], dict[str, Any]]:
    """The events of a payment, and what the audit trail keeps of it."""
    money, on = cast("Money", read.amount), cast("date", read.received_on)
    left = str(Money(money.minor - shares.total, money.currency))
    event = PaymentRecorded(
        payment_id=payment_id,
        partner_id=cast("UUID", read.client_id),
        amount=str(money),
        currency=money.currency,
        received_on=on,
        unallocated=left,
    )
    after = {
        "amount": money,
        "received_on": on.isoformat(),
        "method": read.method,
        "allocations": {str(one): share for one, share in shares.amounts.items()},
        "unallocated": left,
    }
    return [event, *invoicing.settlement_events(shares.debts, shares.amounts, on=on)], after


def rate_of(currency: str, base: str, *, on: date, by: Actor) -> tuple[Decimal, str]:
    """(what one unit is in the books' currency on that day, where that is from)."""
    if currency == base:
        return Decimal(1), ""
    found = currencies.rate_on(by.organization_id, base=currency, quote=base, on=on)
    return found.rate, f"{found.source} {found.on}"[:80]


def store(
    read: PaymentInput,
    payer: Payer,
    shares: Shares,
    *,
    by: Actor,
    at: datetime,
    asked_on: date | None = None,
    late: Late | None = None,
) -> PaymentRecord:
    """Write the payment, its shares, the entry and the trail: one statement."""
    money, on = cast("Money", read.amount), cast("date", read.received_on)
    rate, source = rate_of(money.currency, payer.base_currency, on=on, by=by)
    base = invoicing.in_base(
        money.minor, currency=money.currency, base_currency=payer.base_currency, rate=rate
    )
    reckon(shares, amount=money.minor, base_amount=base, allocated=0)
    legs = legs_of(read, payer, shares, base=base)
    payment_id = uuid7()
    booking = booking_of(read, payer, legs, payment_id=payment_id, rate=rate, rate_source=source)
    events, after = trail_of(read, shares, payment_id)
    values = {
        "organization": by.organization_id,
        "id": payment_id,
        "payer": read.client_id,
        "amount": money.minor,
        "base_amount": base,
        "on": on,
        "method": read.method,
        "account": ledger.account_ids(legs[:1], payer.accounts)[0],
        "reference": read.reference,
        "notes": read.notes,
        "unallocated": money.minor - shares.total,
        "created_by": by.user_id,
        **ledger.entry_parameters(booking, accounts=payer.accounts, by_id=by.user_id, at=at),
        **share_values(shares),
        **invoicing.settled_parameters(shares.amounts, on=on, at=at),
        **ledger.trail_parameters(
            by=by,
            events=events,
            audited=("payment.record", "payments_payment", payment_id, None, after),
        ),
    }
    is_last = by.row_rule == "all" and not invoicing.short_by(shares.amounts, shares.debts)
    if late is not None and is_last:
        leave(late, told(WRITTEN, len(events)), values)
        return answer(payer, shares, values, by=by)
    with ledger.refusals():
        cursor().execute(told(RECORD, len(events)), values, prepare=True)
        invoicing.take_discounts(
            payment_id, shares.amounts, debts=shares.debts, by=by, paid_on=asked_on or on, on=on,
            at=at,
        )  # fmt: skip
    return answer(payer, shares, values, by=by)


def leave(late: Late, ctes: str, values: dict[str, Any]) -> None:
    """Leave the statement for the door: it goes with the answer that is kept."""
    late.leave(
        ctes=ctes, columns="made.id", source="made", values=values, words={},
        around=ledger.refusals, refusal=lambda: RuntimeError("No payment was written."),
    )  # fmt: skip


def answer(payer: Payer, shares: Shares, values: dict[str, Any], *, by: Actor) -> PaymentRecord:
    """What get_payment would read now. Whoever sees all rows is told from what was just written."""
    by.require("payment.view")
    if by.row_rule != "all":
        return get_payment(values["id"], by=by)
    moment = values["at"].astimezone(UTC)
    parts = sorted(zip(values["share_ids"], shares.amounts.items(), strict=True))
    return PaymentRecord(
        id=values["id"],
        partner_id=values["payer"],
        partner_name=cast("str", payer.name),
        amount=values["amount"],
        currency=values["currency"],
        base_amount=values["base_amount"],
        base_currency=values["base_currency"],
        base_rate=values["rate"].quantize(RATE, ROUND_HALF_UP),
        received_on=values["on"],
        method=values["method"],
        account_id=values["account"],
        reference=values["reference"],
        notes=values["notes"],
        unallocated_amount=values["unallocated"],
        reversed_on=None,
        reversed_reason="",
        created_by_id=values["created_by"],
        created_at=moment,
        updated_at=moment,
        version=1,
        allocations=tuple(
            AllocationRecord(
                one, invoice_id, shares.debts[invoice_id].number, amount, values["on"], True, None
            )
            for one, (invoice_id, amount) in parts
        ),
    )
