"""/refunds/: asked for, approved or declined, reversed."""

from datetime import date
from typing import Any, cast

import msgspec

from guilder.books.payments import operations
from guilder.books.payments.queries import refunds as queries
from guilder.books.payments.schemas import RefundOut, refund_out
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.expanding import CLIENT, QUERY, clients_of, widened
from guilder.faces.rest.v1.payments import MoneyIn, ReversalIn
from guilder.faces.rest.wire import AmountOrEmpty, Day, Id, Method
from guilder.foundation.identity import queries as identities
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

LISTING = Listing(
    shape=RefundOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "payment": Filter("payment_id", "id", ("",)),
        "credit_note": Filter("credit_note_id", "id", ("",)),
        "status": Filter("status", "text", ("",)),
        "currency": Filter("currency", "text", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
    expands=CLIENT,
)
SOMETHING = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
EXAMPLE = {
    "payment": SOMETHING,
    "amount": {"amount": "19.00", "currency": "EUR"},
    "reason": "Returned one item",
}


class RefundIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Money given back, drawn on a payment or on a credit note; no amount is all that is left. With
    `by_order` a payment order transfers it: see /payment-orders/."""

    reason: str
    payment: Id | None = None
    credit_note: Id | None = None
    amount: MoneyIn | None = None
    refunded_on: Day | None = None
    method: Method | None = None
    account: Id | None = None
    reference: str = ""
    takes_off: bool = False
    by_order: bool = False


class ApprovalIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A word on it, and the day on which the money leaves."""

    note: str = ""
    refunded_on: Day | None = None


class RefusalIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is declined."""

    note: str


@route("GET", "refunds/", permission="refund.view", answer=RefundOut, listing=LISTING)
def list_refunds(call: Call) -> Any:
    """List refunds"""
    query = read_query(call.request.GET, listing=LISTING)
    wanted = {LISTING.filters[name].column: value for name, value in query.where.items()}
    found = queries.list_refunds(
        by=call.by, limit=query.limit + 1, after=query.after[1] if query.after else None, **wanted
    )
    return page_of_records(found, query, shape=refund_out, widen=clients_of(call))


@route(
    "POST",
    "refunds/",
    permission="refund.create",
    body=RefundIn,
    answer=RefundOut,
    example=EXAMPLE,
)
def request_refund(call: Call) -> RefundOut:
    """Give money back

    Above the organization's limit it waits until somebody else approves it.
    """
    record = operations.request_refund(by=call.by, data=call.body, at=call.at)
    call.place(f"refunds/{record.id}/")
    return refund_out(record)


@route("GET", "refunds/{id}/", permission="refund.view", answer=RefundOut, query=QUERY)
def read_refund(call: Call) -> RefundOut:
    """Read a refund"""
    return widened(call, refund_out(queries.get_refund(call.id, by=call.by)))


@route(
    "POST",
    "refunds/{id}/approve/",
    permission="refund.approve",
    body=ApprovalIn,
    answer=RefundOut,
    example={},
)
def approve_refund(call: Call) -> RefundOut:
    """Approve a waiting refund"""
    wire = Wire(call.body)
    wire.known(ApprovalIn.__struct_fields__)
    note = wire.text("note", most=200)
    on = cast("date", wire.day("refunded_on", default=call.today))
    wire.done()
    return refund_out(operations.approve_refund(call.id, by=call.by, on=on, at=call.at, note=note))


@route(
    "POST",
    "refunds/{id}/decline/",
    permission="refund.approve",
    body=RefusalIn,
    answer=RefundOut,
    example={"note": "The item did not come back"},
)
def decline_refund(call: Call) -> RefundOut:
    """Decline a waiting refund"""
    wire = Wire(call.body)
    wire.known(RefusalIn.__struct_fields__)
    note = wire.text("note", most=200, required=True)
    wire.done()
    return refund_out(operations.decline_refund(call.id, by=call.by, at=call.at, note=note))


@route(
    "POST",
    "refunds/{id}/reverse/",
    permission="payment.reverse",
    body=ReversalIn,
    answer=RefundOut,
    example={"reason": "The account is closed"},
)
def reverse_refund(call: Call) -> RefundOut:
    """Take a refund back that bounced"""
    wire = Wire(call.body)
    wire.known(ReversalIn.__struct_fields__)
    reason = wire.text("reason", most=200, required=True)
    on = cast("date", wire.day("reversed_on", default=call.today))
    wire.done()
    record = operations.reverse_refund(call.id, by=call.by, on=on, at=call.at, reason=reason)
    return refund_out(record)


class RefundRuleOut(msgspec.Struct):
    """Above `approval_above` (base currency) somebody else must approve a refund; null: never."""

    approval_above: str | None
    currency: str


class RefundRuleIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An amount in the base currency; empty for never."""

    approval_above: AmountOrEmpty | None = None


@route("GET", "refund-rule/", permission="refund.view", answer=RefundRuleOut)
def read_refund_rule(call: Call) -> RefundRuleOut:
    """Read when a refund needs an approval"""
    base = identities.get_organization(call.by.organization_id).base_currency
    limit, _ = queries.refund_policy(by=call.by)
    return RefundRuleOut(None if limit is None else str(Money(limit, base)), base)


@route(
    "PUT",
    "refund-rule/",
    permission="settings.edit",
    body=RefundRuleIn,
    answer=RefundRuleOut,
    example={"approval_above": "500.00"},
)
def change_refund_rule(call: Call) -> RefundRuleOut:
    """Say when a refund needs an approval"""
    base = identities.get_organization(call.by.organization_id).base_currency
    operations.set_refund_policy(by=call.by, data=call.body, base_currency=base)
    return read_refund_rule(call)
