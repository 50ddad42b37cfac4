"""Booking orders on their day, as money on its way; and taking back what the bank refused."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import queries as accounts
from guilder.books.payments import operations as payments
from guilder.books.payments.models import Refund
from guilder.books.sepa import calc
from guilder.books.sepa.events import OrderNotBooked, OrderRejected, OrderReturned
from guilder.books.sepa.models import Item, Mandate
from guilder.books.sepa.operations.mandates import recount, stop, today_of
from guilder.books.sepa.operations.telling import note_order, order_facts, tell
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError
from guilder.kernel.money import Money


class RefundIsGone(Conflict):
    """What the bank is asked for was taken back."""

    code = "sepa.refund_is_gone"


FAILED = (Item.State.REJECTED, Item.State.RETURNED, Item.State.DROPPED)


def book_due(*, by: Actor, at: datetime) -> int:
    """Book every order whose day has come and which the bank has; gives how many. Each is a
    transaction of its own: what the books refuse waits, and people are told once."""
    by.require("sepa.edit")
    today = today_of(by, at)
    with transaction(by.organization_id):
        items = Item.objects.of(by.organization_id).filter(
            state="open", batch__status="handed_over", batch__due_on__lte=today
        )
        ids = list(items.order_by("batch_id", "id").values_list("id", flat=True))
    return sum(book_or_tell(one, by=by, at=at) for one in ids)


def book_or_tell(item_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Book one order; where the books refuse, keep why. Whether it was booked."""
    try:
        return book(item_id, by=by, at=at)
    except GuilderError as error:
        trouble = error.detail[:200]
    with transaction(by.organization_id):
        item = Item.objects.of(by.organization_id).lock().filter(id=item_id, state="open").first()
        if item is not None and item.trouble != trouble:
            item.trouble = trouble
            item.save(update_fields=["trouble"])
            tell(OrderNotBooked(**order_facts(item)), by=by)
    return False


def book(item_id: UUID, *, by: Actor, at: datetime) -> bool:
    """The money of one order that is open still; whether there was something to book."""
    with transaction(by.organization_id):
        rows = Item.objects.of(by.organization_id).select_related("batch").lock()
        item = rows.filter(id=item_id, state="open", batch__status="handed_over").first()
        if item is None:
            return False
        if item.invoice_id is not None:
            item.payment_id = received(item, by=by, at=at)
        elif item.bill_id is not None:
            item.disbursement_id = paid(item, by=by, at=at)
        else:
            refuse_reversed(item, by=by)
        item.state, item.trouble = Item.State.BOOKED, ""
        item.save(update_fields=["payment", "disbursement", "state", "trouble"])
        note_order(item, "payment_order.book", "open", by=by)
        return True


def received(item: Item, *, by: Actor, at: datetime) -> UUID:
    """The payment: applied as far as its invoice is open still, the rest is the client's credit."""
    debt = invoicing.lock_debts([item.invoice_id], by=by)[item.invoice_id]  # type: ignore[index]
    share = min(item.amount, debt.left)
    data = {
        "client": str(item.partner_id),
        "amount": {"amount": str(Money(item.amount, "EUR")), "currency": "EUR"},
        "received_on": item.batch.due_on.isoformat(),
        "method": "direct_debit",
        "account": str(transit(by)),
        "reference": item.end_to_end,
        "allocations": [
            {"invoice": str(item.invoice_id), "amount": str(Money(share, "EUR"))}
        ] if share else [],
    }  # fmt: skip
    return payments.record_payment(by=by, data=data, at=at).id


def paid(item: Item, *, by: Actor, at: datetime) -> UUID:
    """The money that a supplier was paid."""
    data = {
        "bills": [{"bill": str(item.bill_id), "amount": str(Money(item.amount, "EUR"))}],
        "paid_on": item.batch.due_on.isoformat(),
        "method": "bank_transfer",
        "account": str(transit(by)),
        "reference": item.end_to_end,
    }
    return payments.pay_bills(by=by, data=data, at=at).id


def refuse_reversed(item: Item, *, by: Actor) -> None:
    """A refund was booked as money on its way when it was decided. Raises RefundIsGone where it was
    taken back since."""
    if not is_paid(item, by=by):
        raise RefundIsGone("This refund was reversed, and the bank has its order.")


def is_paid(item: Item, *, by: Actor) -> bool:
    """Whether the refund of an order stands."""
    rows = Refund.objects.of(by.organization_id).lock()
    return rows.filter(id=item.refund_id, status=Refund.Status.PAID).exists()


def transit(by: Actor) -> UUID:
    """The account for money on its way."""
    return accounts.account_map(by.organization_id)["transit"]


def refuse(item: Item, *, code: str, by: Actor, on: date, at: datetime) -> None:
    """The bank did not move the money of an order under lock, or moved it back.

    Booked money is taken back, and so is a refund, which was booked when it was decided; a reason
    that ends a mandate ends it. Twice is once.
    """
    if item.state in FAILED:
        return
    before = item.state
    item.code, item.told_on = code, on
    if before == Item.State.BOOKED:
        item.state = Item.State.RETURNED
        item.save(update_fields=["code", "told_on", "state"])
        take_back(item, by=by, on=on, at=at)
    else:
        item.state, item.trouble = Item.State.REJECTED, ""
        item.save(update_fields=["code", "told_on", "state", "trouble"])
        if item.refund_id is not None:
            take_back(item, by=by, on=on, at=at)
    settle_refusal(item, before, by=by, at=at)


def settle_refusal(item: Item, before: str, *, by: Actor, at: datetime) -> None:
    """What follows for the mandate, the trail and those who listen."""
    if item.mandate_id is not None:
        recount({item.mandate_id}, by=by)
        mandate = Mandate.objects.of(by.organization_id).lock().get(id=item.mandate_id)
        if calc.is_hard(item.code) and mandate.ended_at is None:
            stop(mandate, by=by, at=at, reason=calc.words_of(item.code), code=item.code)
    note_order(item, f"payment_order.{item.state}", before, by=by)
    event = OrderReturned if item.state == Item.State.RETURNED else OrderRejected
    tell(event(**order_facts(item)), by=by)


def take_back(item: Item, *, by: Actor, on: date, at: datetime) -> None:
    """Reverse the money of an order: what it paid is open again."""
    words = calc.words_of(item.code)
    reason = f"Returned by the bank: {item.code} {words}".replace(":  ", "").strip()[:200]
    if item.payment_id is not None:
        payments.reverse_payment(item.payment_id, by=by, on=on, at=at, reason=reason)
    elif item.disbursement_id is not None:
        payments.reverse_disbursement(item.disbursement_id, by=by, on=on, at=at, reason=reason)
    elif item.refund_id is not None and is_paid(item, by=by):
        payments.reverse_refund(item.refund_id, by=by, on=on, at=at, reason=reason)


def return_payment(payment_id: UUID, *, code: str, by: Actor, on: date, at: datetime) -> bool:
    """A bank line says that a payment came back; whether it was one of an order, and is reversed
    now. `code` is the bank's reason, "" where it gives none."""
    by.require("bank.edit")
    with transaction(by.organization_id):
        item = Item.objects.of(by.organization_id).lock().filter(payment_id=payment_id).first()
        if item is None or item.state != Item.State.BOOKED:
            return False
        refuse(item, code=code, by=by, on=on, at=at)
        return True


def return_transfer(money_id: UUID, *, code: str, by: Actor, on: date, at: datetime) -> bool:
    """A bank line says that what we sent came back: a payment of bills, or a refund; whether it was
    one of an order, and is taken back now. `code` as for `return_payment`."""
    by.require("bank.edit")
    with transaction(by.organization_id):
        item = booked_by(money_id, Item.objects.of(by.organization_id).lock())
        if item is None:
            return False
        refuse(item, code=code, by=by, on=on, at=at)
        return True


def booked_by(money_id: UUID, items: Any) -> Item | None:
    """The booked order of a payment, a payment of bills or a refund: each has an index."""
    booked = items.filter(state=Item.State.BOOKED)
    columns = ("payment_id", "disbursement_id", "refund_id")
    found = (booked.filter(**{one: money_id}).first() for one in columns)
    return next((one for one in found if one is not None), None)


def note_reversed(payment_id: UUID, *, by: Actor, on: date) -> None:
    """Somebody reversed the money of an order by hand: the order is a returned one. A refund that
    no bank was asked for yet is taken out of its draft."""
    by.require("sepa.edit")
    with transaction(by.organization_id):
        items = Item.objects.of(by.organization_id).lock()
        drafted = items.filter(refund_id=payment_id, state="open", batch__status="draft").first()
        if drafted is not None:
            drafted.state = Item.State.DROPPED
            drafted.save(update_fields=["state"])
            note_order(drafted, "payment_order.drop", "open", by=by)
        item = booked_by(payment_id, items)
        if item is not None:
            item.state, item.told_on = Item.State.RETURNED, on
            item.save(update_fields=["state", "told_on"])
            note_order(item, "payment_order.returned", "booked", by=by)


def note_again(payment_id: UUID, *, stands_as: UUID, by: Actor) -> None:
    """A return was none: the order is booked, as another payment, payment of bills or refund."""
    by.require("bank.edit")
    with transaction(by.organization_id):
        items = Item.objects.of(by.organization_id).lock().filter(state="returned")
        for column in ("payment", "disbursement", "refund"):
            item = items.filter(**{f"{column}_id": payment_id}).first()
            if item is None:
                continue
            item.state, item.code, item.told_on = Item.State.BOOKED, "", None
            setattr(item, f"{column}_id", stands_as)
            item.save(update_fields=["state", "code", "told_on", column])
            note_order(item, "payment_order.book", "returned", by=by)
