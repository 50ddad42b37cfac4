"""/discounts/: what is offered for paying early, what was kept back for it, and how strictly."""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.invoicing import operations
from guilder.books.invoicing.queries import discounts as queries
from guilder.books.invoicing.queries import get_invoice
from guilder.books.invoicing.queries.discounts import DiscountRecord
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import AmountOrEmpty, Day, Whole
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire


class DiscountOfferOut(msgspec.Struct):
    """Paying `payable` up to and including `until` is enough; `is_open` while that is so today."""

    until: date
    amount: str
    payable: str
    is_open: bool


class EarlyDiscountOut(msgspec.Struct):
    """What was kept back: `net` and `tax` of it, and whether a person granted it."""

    id: UUID
    invoice: UUID
    payment: UUID
    amount: str
    net: str
    tax: str
    currency: str
    until: date
    taken_on: date
    is_granted: bool
    reason: str
    is_active: bool
    reversed_on: date | None
    created_at: datetime


class DiscountsOut(msgspec.Struct):
    """What an invoice offers for paying early, and what was taken of it."""

    offers: list[DiscountOfferOut]
    taken: list[EarlyDiscountOut]


class GrantIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why it is granted although it is late; the day is today when left out."""

    reason: str
    granted_on: Day | None = None


class DiscountReversalIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The day of the reversal; today when left out."""

    reversed_on: Day | None = None


class DiscountRuleOut(msgspec.Struct):
    """Days of grace, and by how much more than the discount a payment may be short."""

    grace_days: int
    tolerance: str


class DiscountRuleIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """0 to 30 days; 0 to 100 in whole units of whatever currency is paid."""

    grace_days: Whole | None = None
    tolerance: AmountOrEmpty | None = None


def discount_out(record: DiscountRecord) -> EarlyDiscountOut:
    """One discount as it is shown."""

    def text(minor: int) -> str:
        return str(Money(minor, record.currency))

    return EarlyDiscountOut(
        id=record.id,
        invoice=record.invoice_id,
        payment=record.payment_id,
        amount=text(record.amount),
        net=text(record.net_amount),
        tax=text(record.tax_amount),
        currency=record.currency,
        until=record.until,
        taken_on=record.taken_on,
        is_granted=record.is_granted,
        reason=record.reason,
        is_active=record.is_active,
        reversed_on=record.reversed_on,
        created_at=record.created_at,
    )


def day_of(wire: Wire, name: str, call: Call) -> date:
    """A day that is not in the future; today where none was sent."""
    found = cast("date", wire.day(name, default=call.today))
    if found > call.today:
        wire.fault(name, "discount.in_future", "Enter today or a day before.")
    return found


@route("GET", "invoices/{id}/discounts/", permission="invoice.view", answer=DiscountsOut)
def list_discounts(call: Call) -> DiscountsOut:
    """Read what paying an invoice early saves, and what was kept back"""
    record = get_invoice(call.id, by=call.by)
    now = queries.offer_now(record, by=call.by, today=call.today)
    offers = [
        DiscountOfferOut(one.until, str(one.saved), str(one.payable),
                         now is not None and call.today <= one.until)
        for one in queries.offers_for(record, by=call.by)
    ]  # fmt: skip
    taken = queries.discounts_of(call.id, by=call.by)
    return DiscountsOut(offers, [discount_out(one) for one in taken])


@route(
    "POST",
    "invoices/{id}/discounts/",
    permission="invoice.credit",
    body=GrantIn,
    answer=EarlyDiscountOut,
    status=201,
    example={"reason": "Paid one day late, as agreed by phone"},
)
def grant_discount(call: Call) -> EarlyDiscountOut:
    """Grant the discount for early payment although it came late

    What a payment left open, up to what was offered, is settled by it.
    """
    wire = Wire(call.body)
    wire.known(GrantIn.__struct_fields__)
    reason = wire.text("reason", most=200, required=True)
    on = day_of(wire, "granted_on", call)
    wire.done()
    made = operations.grant_discount(call.id, by=call.by, on=on, at=call.at, reason=reason)
    call.place(f"discounts/{made.id}/")
    return discount_out(made)


@route("GET", "discounts/{id}/", permission="invoice.view", answer=EarlyDiscountOut)
def read_discount(call: Call) -> EarlyDiscountOut:
    """Read a discount for early payment"""
    return discount_out(queries.get_discount(call.id, by=call.by))


@route(
    "POST",
    "discounts/{id}/reverse/",
    permission="invoice.credit",
    body=DiscountReversalIn,
    answer=EarlyDiscountOut,
    example={},
)
def reverse_discount(call: Call) -> EarlyDiscountOut:
    """Take a discount for early payment back: its amount is open again"""
    wire = Wire(call.body)
    wire.known(DiscountReversalIn.__struct_fields__)
    on = day_of(wire, "reversed_on", call)
    wire.done()
    return discount_out(operations.reverse_discount(call.id, by=call.by, on=on, at=call.at))


@route("GET", "discount-rule/", permission="settings.view", answer=DiscountRuleOut)
def read_discount_rule(call: Call) -> DiscountRuleOut:
    """Read how strictly the days of early payment are kept"""
    days, tolerance, _ = queries.discount_policy(by=call.by)
    return DiscountRuleOut(days, f"{tolerance:.2f}")


@route(
    "PUT",
    "discount-rule/",
    permission="settings.edit",
    body=DiscountRuleIn,
    answer=DiscountRuleOut,
    example={"grace_days": 2, "tolerance": "0.05"},
)
def change_discount_rule(call: Call) -> Any:
    """Say how strictly the days of early payment are kept"""
    operations.set_discount_policy(by=call.by, data=call.body)
    return read_discount_rule(call)
