"""Booking what is certain of a charge: payment, fee, money given back, lost chargebacks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.charging.events import GivingBackFailed
from guilder.books.charging.models import Charge, Chargeback, ChargeShare, GivenBack, State
from guilder.books.charging.operations.services import facts_of
from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts
from guilder.books.payments import operations as payments
from guilder.books.payments.queries.refunds import get_refund
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.currencies import queries as currencies

FEES = "Bank and card charges"


def book(row: Charge, state: str, *, by: Actor, at: datetime) -> None:
    """Save the row in that state with everything that is certain and not booked yet."""
    zone = identities.get_organization(by.organization_id).time_zone
    on = at.astimezone(ZoneInfo(zone)).date()
    if state == State.SUCCEEDED and row.payment_id is None:
        row.payment_id = payment_of(row, by=by, on=on, at=at)
    if state in {State.SUCCEEDED, State.FAILED}:
        row.decided_at = row.decided_at or at
    row.state = state
    if row.payment_id is not None and row.fee and row.fee_entry_id is None:
        row.fee_entry_id = post_fee(row, by=by, on=on, at=at)
    row.save()
    if row.payment_id is not None:
        book_backs(row, by=by, on=on, at=at)
        book_lost(row, by=by, on=on, at=at)


def payment_of(row: Charge, *, by: Actor, on: date, at: datetime) -> UUID:
    """The payment: applied to what the charge was for as far as that is open still; the rest is the
    client's credit."""
    shares = ChargeShare.objects.of(by.organization_id).filter(charge_id=row.id).order_by("id")
    wanted = {one.invoice_id: one.amount for one in shares}
    debts = invoicing.lock_debts(list(wanted), by=by) if wanted else {}
    parts = [
        {"invoice": str(one.id), "amount": str(Money(min(wanted[one.id], one.left), row.currency))}
        for one in debts.values()
        if one.is_receivable and one.left > 0 and one.currency == row.currency
    ]
    data: dict[str, Any] = {
        "client": str(row.partner_id),
        "amount": {"amount": str(Money(row.amount, row.currency)), "currency": row.currency},
        "received_on": on.isoformat(),
        "method": row.method or "online",
        "account": str(accounts.account_map(by.organization_id)["transit"]),
        "reference": (row.provider_payment or row.provider_id)[:140],
        "allocations": parts,
    }
    zone = ZoneInfo(identities.get_organization(by.organization_id).time_zone)
    asked_on = row.created_at.astimezone(zone).date()
    return payments.record_payment(by=by, data=data, at=at, asked_on=asked_on).id


def post_fee(row: Charge, *, by: Actor, on: date, at: datetime) -> UUID:
    """What the service keeps: from money on its way to the account for such charges."""
    base_currency = identities.get_organization(by.organization_id).base_currency
    fee = row.fee or 0
    found = currencies.rate_on(by.organization_id, base=row.currency, quote=base_currency, on=on)
    base = invoicing.in_base(
        fee, currency=row.currency, base_currency=base_currency, rate=found.rate
    )
    ledger.post(
        ledger.Booking(
            legs=(
                ledger.Leg("", fee, base, account_id=fee_account(by=by)),
                ledger.Leg("transit", -fee, -base),
            ),
            on=on,
            source="charge.fee",
            source_id=row.id,
            currency=row.currency,
            base_currency=base_currency,
            rate=found.rate,
            rate_source=f"{found.source} {found.on}"[:80] if found.source else "",
            partner_id=row.partner_id,
            memo=(row.provider_payment or row.provider_id)[:200],
        ),
        by=by,
        at=at,
    )
    return accounts.entries_of(by.organization_id, row.id)[-1].id


def fee_account(*, by: Actor) -> UUID:
    """The account for bank and card charges; made when it is first needed."""
    chart = accounts.list_accounts(by.organization_id)
    found = next((one for one in chart if one.name == FEES and one.kind == "expense"), None)
    if found is not None:
        return found.id
    taken = {one.code for one in chart}
    code = 4971
    while str(code) in taken:
        code += 1
    data = {"code": str(code), "name": FEES, "kind": "expense"}
    return ledger.save_account(by=by, data=data).id


def book_backs(row: Charge, *, by: Actor, on: date, at: datetime) -> None:
    """Refunds made at the service are booked; those that failed are taken back."""
    for one in GivenBack.objects.of(by.organization_id).lock().filter(charge_id=row.id):
        if one.state == State.SUCCEEDED and one.refund_id is None:
            reason = "Given back at the payment service"
            one.refund_id = give(row, one.amount, reason, one.provider_id, by=by, on=on, at=at)
            one.save(update_fields=["refund"])
        elif one.state == State.FAILED and one.refund_id is not None:
            take_back(row, one, by=by, on=on, at=at)


def book_lost(row: Charge, *, by: Actor, on: date, at: datetime) -> None:
    """The money of lost chargebacks is gone: what it paid is open again."""
    lost = Chargeback.objects.of(by.organization_id).lock().filter(charge_id=row.id, stage="lost")
    for one in lost.filter(refund__isnull=True):
        reason = f"Lost chargeback: {one.reason or one.provider_id}"[:200]
        one.refund_id = give(row, one.amount, reason, one.provider_id, by=by, on=on, at=at)
        one.save(update_fields=["refund"])


def give(
    row: Charge, amount: int, reason: str, reference: str, *, by: Actor, on: date, at: datetime
) -> UUID | None:
    """Money that went back already, as a refund of the payment; None where all of it had gone."""
    made = payments.record_refund(
        row.payment_id,  # type: ignore[arg-type]  (the caller has looked)
        by=by,
        amount=amount,
        reason=reason,
        reference=reference,
        on=on,
        at=at,
    )
    return None if made is None else made.id


def take_back(row: Charge, back: GivenBack, *, by: Actor, on: date, at: datetime) -> None:
    """A refund that the service could not make: the credit stands again, and people hear of it."""
    refund_id = back.refund_id
    if refund_id is None or get_refund(refund_id, by=by).status != "paid":
        return
    why = f"The payment service could not give it back: {back.failure or 'no reason given'}"
    payments.reverse_refund(refund_id, by=by, on=on, at=at, reason=why[:200])
    told = GivingBackFailed(refund_id=refund_id, failure=back.failure, **facts_of(row))
    bus.publish(told, by=by)
