"""Discounts for paying early: taken with a payment, granted by a person, taken back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing import calc, discounting
from guilder.books.invoicing.discounting import DiscountOffer, DiscountPart
from guilder.books.invoicing.models import Discount, DiscountPolicy
from guilder.books.invoicing.operations.settle import (
    Debt,
    lock_debts,
    settled_parameters,
    settled_sql,
    settlement_events,
)
from guilder.books.invoicing.queries.discounts import (
    DiscountRecord,
    NoSuchDiscount,
    get_discount,
    papers_of,
)
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Conflict, Invalid, Problem, Stale
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.registers.tax import queries as taxes

SETTLE = f"WITH gate AS (SELECT 1), {settled_sql('gate')} SELECT 1"
ACCOUNT = "Discounts given for early payment"
FIRST_CODE = 8730


class NotDiscountable(Conflict):
    """There is nothing to grant: no discount was offered, none is missing, or none was paid."""

    code = "discount.not_possible"


class AlreadyTakenBack(Conflict):
    """It was taken back before."""

    code = "discount.already_reversed"


def take_discounts(
    payment_id: UUID,
    shares: Mapping[UUID, int],
    *,
    debts: Mapping[UUID, Debt],
    by: Actor,
    paid_on: date,
    on: date,
    at: datetime,
) -> list[UUID]:
    """Settle what a payment made in time has left open; gives the invoices.

    `debts` are as they were locked, before the payment: only one of which nothing had been paid or
    credited can be short of no more than the discount. `paid_on` is judged, `on` is booked.
    """
    short = short_by(shares, debts)
    if not short:
        return []
    papers = papers_of(list(short), by=by)
    policy = DiscountPolicy.objects.of(by.organization_id).first() if papers else None
    taken = []
    for invoice_id, document in papers.items():
        debt, missing = debts[invoice_id], short[invoice_id]
        offer = discounting.offer_taken(
            discounting.offers_of(document, payable=debt.payable),
            short=missing,
            paid_on=paid_on,
            grace_days=policy.grace_days if policy else 0,
            tolerance=tolerated(policy, debt.currency),
        )
        if offer is None:
            continue
        rest = replace(debt, left=missing)
        store(rest, document, offer, payment_id=payment_id, by=by, on=on, at=at)
        taken.append(invoice_id)
    return taken


def short_by(shares: Mapping[UUID, int], debts: Mapping[UUID, Debt]) -> dict[UUID, int]:
    """What stays open of each of which nothing had been settled: for those alone a discount can be
    taken. Empty where `take_discounts` has nothing to do."""
    return {
        one: debt.left - shares[one]
        for one, debt in debts.items()
        if one in shares and shares[one] < debt.left == debt.payable
    }


def tolerated(policy: DiscountPolicy | None, currency: str) -> int:
    """How much more than the discount may be missing, in minor units of `currency`."""
    return Money.rounded(policy.tolerance, currency).minor if policy else 0


def grant_discount(
    invoice_id: UUID, *, by: Actor, on: date, at: datetime, reason: str
) -> DiscountRecord:
    """Give the discount although its day was over or a little more was missing: what is open is
    settled by it.

    No more may be open than was offered for paying early: what is beyond is a write-off. Raises
    Invalid (no reason), NotDiscountable.
    """
    by.require("invoice.credit")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it is granted.")])
    with transaction(by.organization_id):
        debt = lock_debts([invoice_id], by=by).get(invoice_id)
        document = papers_of([invoice_id], by=by).get(invoice_id)
        payment_id = last_payment(invoice_id, by=by)
        offer = None
        if debt is not None and document is not None and debt.is_receivable and debt.left:
            offer = grantable(debt, document, by=by)
        if debt is None or document is None or offer is None or payment_id is None:
            raise NotDiscountable(
                "Nothing can be granted: a payment must have left open no more than the discount"
                " that the document offers."
            )
        made = store(
            debt, document, offer, payment_id=payment_id, by=by, on=on, at=at,
            reason=reason.strip()[:200], is_granted=True,
        )  # fmt: skip
        return get_discount(made.id, by=by)


def grantable(debt: Debt, document: Document, *, by: Actor) -> DiscountOffer | None:
    """The smallest offer that what is left of a debt is within, whatever the day."""
    policy = DiscountPolicy.objects.of(by.organization_id).first()
    room = tolerated(policy, debt.currency)
    found = discounting.offers_of(document, payable=debt.payable)
    good = [one for one in found if debt.left <= one.saved.minor + room]
    return min(good, key=lambda one: one.saved.minor, default=None)


def last_payment(invoice_id: UUID, *, by: Actor) -> UUID | None:
    """The newest payment applied to an invoice; allocations are of the room above."""
    row = cursor().execute(
        "SELECT payment_id FROM payments_allocation WHERE organization_id = %(organization)s::uuid"
        " AND invoice_id = %(invoice)s::uuid AND is_active ORDER BY id DESC LIMIT 1",
        {"organization": by.organization_id, "invoice": invoice_id},
    ).fetchone()  # fmt: skip
    return None if row is None else row[0]


def store(
    debt: Debt,
    document: Document,
    offer: DiscountOffer,
    *,
    payment_id: UUID,
    by: Actor,
    on: date,
    at: datetime,
    reason: str = "",
    is_granted: bool = False,
) -> Discount:
    """Keep, settle, post and tell a discount of all that is left of a debt."""
    country = identities.get_organization(by.organization_id).country
    corrects = taxes.discount_corrects_tax(country)
    parts = discounting.parts_of_discount(document, debt.left, corrects=corrects)
    row = Discount(
        organization_id=by.organization_id,
        id=uuid7(),
        invoice_id=debt.id,
        payment_id=payment_id,
        amount=debt.left,
        base_amount=debt.base_of(debt.left),
        parts=[as_data(one) for one in parts],
        corrects_tax=corrects,
        until=offer.until,
        taken_on=on,
        is_granted=is_granted,
        reason=reason,
        created_by_id=by.user_id,
        created_at=at,
    )
    row.save(force_insert=True)
    settle(debt, debt.left, by=by, on=on, at=at)
    post(row, debt, source="invoice.discount", sign=1, by=by, on=on, at=at)
    told = {"amount": Money(row.amount, debt.currency), "reason": reason}
    note(row, "invoice.discount", told, by=by)
    return row


def as_data(one: DiscountPart) -> dict[str, Any]:
    """A part as it is kept."""
    rate = None if one.rate is None else f"{one.rate:f}"
    return {"category": one.category, "rate": rate, "net": one.net, "tax": one.tax}


def settle(debt: Debt, amount: int, *, by: Actor, on: date, at: datetime) -> None:
    """Take `amount` off what is open, below zero put it on again, and tell."""
    amounts = {debt.id: amount}
    values = settled_parameters(amounts, on=on, at=at)
    cursor().execute(SETTLE, {"organization": by.organization_id, **values}, prepare=True)
    for event in settlement_events({debt.id: debt}, amounts, on=on):
        bus.publish(event, by=by)


def post(
    row: Discount, debt: Debt, *, source: str, sign: int, by: Actor, on: date, at: datetime
) -> None:
    """The entry of a discount, or with sign -1 its mirror: less income, less tax, less owed."""
    rate = debt.base_rate or Decimal(1)
    account = discount_account(by=by)
    legs, rest = [], row.base_amount
    for one in row.parts:
        kept = {"tax_category": one["category"],
                "tax_rate": None if one["rate"] is None else Decimal(one["rate"])}  # fmt: skip
        base_tax = calc.in_base(
            one["tax"], currency=debt.currency, base_currency=debt.base_currency, rate=rate
        )
        rest -= base_tax
        legs.append(ledger.Leg("", sign * one["net"], 0, account_id=account, **kept))
        legs.append(ledger.Leg("tax", sign * one["tax"], sign * base_tax, **kept))
    nets = [one for one in legs if one.role == ""]
    steps = running([one.amount * sign for one in nets], rest)
    legs = [
        replace(one, base_amount=sign * steps.pop(0)) if one.role == "" else one for one in legs
    ]
    ledger.post(
        ledger.Booking(
            legs=(
                *(one for one in legs if one.amount or one.base_amount),
                ledger.Leg("receivables", -sign * row.amount, -sign * row.base_amount),
            ),
            on=on,
            source=source,
            source_id=row.id,
            currency=debt.currency,
            base_currency=debt.base_currency,
            rate=rate,
            rate_source=debt.rate_source,
            partner_id=debt.partner_id,
            memo=(debt.number or "")[:200],
        ),
        by=by,
        at=at,
    )


def running(weights: list[int], whole: int) -> list[int]:
    """`whole` in the proportion of `weights`, each step by what is reached: nothing is lost."""
    total, reached, given, found = sum(weights), 0, 0, []
    for weight in weights:
        reached += weight
        step = calc.share(whole, part=reached, of=total) - given if total else 0
        given += step
        found.append(step)
    if found and not total:
        found[0] = whole
    return found


def discount_account(*, by: Actor) -> UUID:
    """The income account that discounts lower; made when it is first needed."""
    chart = accounts.list_accounts(by.organization_id)
    found = next((one for one in chart if one.name == ACCOUNT and one.kind == "income"), None)
    if found is not None:
        return found.id
    taken, code = {one.code for one in chart}, FIRST_CODE
    while str(code) in taken:
        code += 1
    system = identity.system_actor(by.organization_id, "system")
    data = {"code": str(code), "name": ACCOUNT, "kind": "income"}
    return ledger.save_account(by=system, data=data).id


def reverse_discount(discount_id: UUID, *, by: Actor, on: date, at: datetime) -> DiscountRecord:
    """Take a discount back: its amount is open again. Raises NoSuchDiscount, AlreadyTakenBack."""
    by.require("invoice.credit")
    with transaction(by.organization_id):
        found = Discount.objects.of(by.organization_id).filter(id=discount_id).first()
        if found is None:
            raise NoSuchDiscount("There is no such discount.")
        if not take_back([found.invoice_id], by=by, on=on, at=at):
            raise AlreadyTakenBack("It was taken back before.")
        return get_discount(discount_id, by=by)


def take_back(
    invoice_ids: list[UUID],
    *,
    by: Actor,
    on: date,
    at: datetime,
    payment_id: UUID | None = None,
) -> int:
    """Take active discounts of these invoices back, those of one payment alone where it is named;
    gives how many. A payment that is taken off takes its discount with it."""
    active = Discount.objects.of(by.organization_id).filter(
        invoice_id__in=invoice_ids, is_active=True
    )
    if payment_id is not None:
        active = active.filter(payment_id=payment_id)
    if not active.exists():
        return 0
    debts = lock_debts(invoice_ids, by=by)
    rows = list(active.lock().order_by("id"))
    for row in rows:
        debt = debts[row.invoice_id]
        row.is_active, row.reversed_on = False, on
        row.save(update_fields=["is_active", "reversed_on"])
        # What is put on again may not be what was taken off, in base units, where others came
        # between: the steps always add up.
        row.base_amount = -debt.base_of(-row.amount)
        settle(debt, -row.amount, by=by, on=on, at=at)
        post(row, debt, source="invoice.discount_back", sign=-1, by=by, on=on, at=at)
        back = Money(row.amount, debt.currency)
        note(row, "invoice.discount_back", {"amount": back}, by=by)
    return len(rows)


def note(row: Discount, action: str, after: dict[str, Any], *, by: Actor) -> None:
    """Audit under the invoice, whose history it belongs to."""
    audit.record(
        by=by,
        action=action,
        table="invoicing_invoice",
        row_id=row.invoice_id,
        before=None,
        after=after,
    )


def set_discount_policy(
    *, by: Actor, data: Mapping[str, Any], version: int | None = None
) -> DiscountPolicy:
    """Say how late and by how much more a payment may fall short: raw values grace_days (0 to 30)
    and tolerance, in major units of whatever is paid. Raises Invalid, Stale."""
    by.require("settings.edit")
    wire = Wire(data)
    wire.known(("grace_days", "tolerance"))
    days = wire.whole("grace_days", least=0, most=30)
    tolerance = wire.decimal("tolerance", places=4)
    if tolerance is not None and not 0 <= tolerance <= 100:
        wire.fault("tolerance", "discount.tolerance", "Enter 0 to 100.")
    wire.done()
    with transaction(by.organization_id):
        first = DiscountPolicy(id=uuid7(), organization_id=by.organization_id, version=0)
        DiscountPolicy.objects.bulk_create([first], ignore_conflicts=True)
        row = DiscountPolicy.objects.of(by.organization_id).lock().get()
        if version is not None and version != row.version:
            raise Stale("This was changed in the meantime. Read it again.")
        before = {"grace_days": row.grace_days, "tolerance": str(row.tolerance)}
        row.grace_days = row.grace_days if days is None else days
        row.tolerance = row.tolerance if tolerance is None else tolerance
        row.version += 1
        row.save()
        after = {"grace_days": row.grace_days, "tolerance": str(row.tolerance)}
        audit.record(by=by, action="discount.policy", table="invoicing_discountpolicy",
                     row_id=row.id, before=before, after=after)  # fmt: skip
        return row
