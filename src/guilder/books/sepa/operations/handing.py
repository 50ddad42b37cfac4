"""A batch on its way to the bank: approved, closed, handed over; or cancelled."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from guilder.books.bills import operations as bills
from guilder.books.invoicing import operations as invoicing
from guilder.books.payments.models import Refund
from guilder.books.sepa import calc, queries
from guilder.books.sepa.events import BatchCancelled, BatchClosed, BatchHandedOver
from guilder.books.sepa.models import Batch, Item, Mandate
from guilder.books.sepa.operations.batches import earliest, locked, locked_draft
from guilder.books.sepa.operations.mandates import MandateIsOver, recount, stop, today_of
from guilder.books.sepa.operations.telling import facts_of, note, tell
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem


class NeedsApproval(Conflict):
    """Somebody else must approve it first."""

    code = "sepa.needs_approval"


class OwnOrder(Conflict):
    """Nobody approves what they made themselves."""

    code = "sepa.own_order"


class TooLate(Conflict):
    """The bank cannot keep that day any more."""

    code = "sepa.too_late"


class PaidMeanwhile(Conflict):
    """Not as much is open any more as the order asks for."""

    code = "sepa.paid_meanwhile"


class NotClosedYet(Conflict):
    """There is no file of it that the bank could have."""

    code = "sepa.not_closed_yet"


class BookedAlready(Conflict):
    """Its money moved."""

    code = "sepa.booked_already"


def approve(batch_id: UUID, *, by: Actor, at: datetime) -> Any:
    """Say yes to somebody else's batch and close it. Raises OwnOrder, and what closing raises."""
    by.require("sepa.approve")
    with transaction(by.organization_id):
        row = locked_draft(batch_id, by=by)
        if row.created_by_id is not None and row.created_by_id == by.user_id:
            raise OwnOrder("You made this payment order. Somebody else must approve it.")
        row.approved_by_id, row.approved_at = by.user_id, at
        return closed(row, by=by, at=at)


def close(batch_id: UUID, *, by: Actor, at: datetime) -> Any:
    """Make the file: nothing in it changes from then on.

    Raises NoSuchBatch, NotADraft, NeedsApproval, TooLate, PaidMeanwhile, MandateIsOver.
    """
    by.require("sepa.edit")
    with transaction(by.organization_id):
        row = locked_draft(batch_id, by=by)
        if row.is_over_limit:
            raise NeedsApproval("This is above the limit. Somebody else must approve it.")
        return closed(row, by=by, at=at)


def closed(row: Batch, *, by: Actor, at: datetime) -> Any:
    """Close a draft under lock whose day can be kept and whose papers are open still."""
    today = today_of(by, at)
    first = earliest(today) if row.kind == Batch.Kind.DEBIT else calc.open_from(today)
    if row.due_on < first:
        raise TooLate(f"The bank cannot keep that day any more. Choose {first.isoformat()}.")
    refuse_paid(row, by=by)
    row.status, row.closed_at = Batch.Status.CLOSED, at
    row.updated_at, row.version = at, row.version + 1
    row.save()
    note(row, "payment_order.close", by=by)
    record = queries.get_batch(row.id, by=by)
    tell(BatchClosed(**facts_of(record)), by=by)
    return record


def refuse_paid(row: Batch, *, by: Actor) -> None:
    """Raise PaidMeanwhile where a paper has less open than its order asks for, or there is none."""
    rows = Item.objects.of(by.organization_id).filter(batch_id=row.id, state="open")
    items = list(rows.select_related("mandate"))
    over = [one.remittance for one in items if one.mandate and one.mandate.ended_at is not None]
    if over:
        names = ", ".join(over[:5])
        raise MandateIsOver(f"The mandate for {names} is over. Take it out of the payment order.")
    if not items:
        raise PaidMeanwhile("There is no order left in it. Cancel it.")
    debts = invoicing.lock_debts([one.invoice_id for one in items if one.invoice_id], by=by)
    owed = bills.lock_payables([one.bill_id for one in items if one.bill_id], by=by)
    back = (
        Refund.objects.of(by.organization_id)
        .lock()
        .filter(id__in=[one.refund_id for one in items if one.refund_id], status="paid")
    )
    left = {
        **{one.id: one.left for one in debts.values()},
        **{id_: one.left for id_, one in owed.items()},
        **{one.id: one.amount for one in back.order_by("id")},
    }
    wrong = [one.remittance for one in items if left.get(paper_of(one), 0) < one.amount]
    if wrong:
        names = ", ".join(wrong[:5])
        raise PaidMeanwhile(f"Less is open by now of {names}. Take it out of the payment order.")


def paper_of(item: Item) -> UUID:
    """The invoice, bill or refund that an order is for."""
    return cast("UUID", item.invoice_id or item.bill_id or item.refund_id)


def hand_over(batch_id: UUID, *, by: Actor, at: datetime) -> Any:
    """Note that the bank has the file: on its day what it asks for is booked. Twice is once.

    Raises NoSuchBatch, NotClosedYet.
    """
    by.require("sepa.edit")
    with transaction(by.organization_id):
        row = locked(batch_id, by=by)
        if row.status == Batch.Status.CLOSED:
            handed(row, by=by, at=at)
        elif row.status != Batch.Status.HANDED_OVER:
            raise NotClosedYet("Close the payment order first; its file is made then.")
        return queries.get_batch(batch_id, by=by)


def handed(row: Batch, *, by: Actor, at: datetime) -> None:
    """Mark a closed batch under lock; its mandates are in use, their amendments told."""
    row.status, row.handed_over_at = Batch.Status.HANDED_OVER, at
    row.updated_at, row.version = at, row.version + 1
    row.save()
    # Orders are locked before their mandates, as where the bank refuses one.
    items = Item.objects.of(by.organization_id).lock().filter(batch_id=row.id, state="open")
    ids = {one.mandate_id for one in items.order_by("id") if one.mandate_id}
    mandates = Mandate.objects.of(by.organization_id).lock().filter(id__in=ids)
    for mandate in mandates.order_by("id"):
        mandate.last_used_on = max(mandate.last_used_on or row.due_on, row.due_on)
        mandate.original_reference, mandate.has_new_account = "", False
        mandate.creditor_id = row.creditor_id
        mandate.save()
        if mandate.is_last and mandate.ended_at is None:
            stop(mandate, by=by, at=at, reason="Last collection", code="")
    note(row, "payment_order.hand_over", by=by)
    tell(BatchHandedOver(**facts_of(queries.get_batch(row.id, by=by))), by=by)


def cancel(batch_id: UUID, *, by: Actor, at: datetime, reason: str) -> Any:
    """It does not go to the bank, or the bank did not take it: its papers are free again.

    Raises NoSuchBatch, BookedAlready, Invalid without a reason. Twice is once.
    """
    by.require("sepa.edit")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it is cancelled.")])
    with transaction(by.organization_id):
        row = locked(batch_id, by=by)
        items = Item.objects.of(by.organization_id).lock().filter(batch_id=row.id)
        if items.filter(state__in=("booked", "returned")).exists():
            raise BookedAlready("Money of it moved already. Its orders are taken back one by one.")
        if row.status == Batch.Status.CANCELLED:
            return queries.get_batch(batch_id, by=by)
        record = queries.get_batch(batch_id, by=by)
        dropped = list(items.filter(state="open"))
        items.filter(state="open").update(state="dropped")
        was_out = row.status == Batch.Status.HANDED_OVER
        row.status, row.cancelled_at = Batch.Status.CANCELLED, at
        row.cancelled_reason = reason.strip()[:200]
        row.updated_at, row.version = at, row.version + 1
        row.save()
        if was_out:
            untell(dropped, by=by)
        note(row, "payment_order.cancel", by=by, reason=row.cancelled_reason)
        tell(BatchCancelled(reason=row.cancelled_reason, **facts_of(record)), by=by)
        return queries.get_batch(batch_id, by=by)


def untell(items: list[Item], *, by: Actor) -> None:
    """The bank never read of these collections: the next ones tell what they told."""
    for one in items:
        if one.mandate_id is None or not (one.original_reference or one.has_new_account):
            continue
        Mandate.objects.of(by.organization_id).filter(id=one.mandate_id).update(
            original_reference=one.original_reference, has_new_account=one.has_new_account
        )
    recount({one.mandate_id for one in items if one.mandate_id}, by=by)
