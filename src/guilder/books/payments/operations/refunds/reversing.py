"""A refund that came back: the client has the credit again."""

from datetime import date, datetime
from uuid import UUID

from guilder.books.payments.events import RefundReversed
from guilder.books.payments.models import Refund
from guilder.books.payments.operations.refunds.paying import book, facts_of, told_as
from guilder.books.payments.operations.refunds.sources import draw, lock_source
from guilder.books.payments.queries.refunds import NoSuchRefund, RefundRecord, get_refund
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem


class NotPaid(Conflict):
    """Only a paid refund can come back."""

    code = "refund.not_paid"


def reverse_refund(
    refund_id: UUID, *, by: Actor, on: date, at: datetime, reason: str
) -> RefundRecord:
    """The money of a refund came back: credit and ledger are as before it, from `on`.

    Raises NoSuchRefund, NotPaid, Invalid (no reason), PeriodIsLocked.
    """
    by.require("payment.reverse")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it is reversed.")])
    with transaction(by.organization_id):
        seen = Refund.objects.of(by.organization_id).filter(id=refund_id).first()
        if seen is None:
            raise NoSuchRefund("There is no such refund.")
        source = lock_source(seen.payment_id, seen.credit_note_id, by=by)
        row = Refund.objects.of(by.organization_id).lock().get(id=refund_id)
        if row.status != Refund.Status.PAID:
            raise NotPaid("Only a refund that was paid can be reversed.")
        # What comes back is worth what is credited again, so that the credit's rest stays exact.
        row.status, row.reversed_on = Refund.Status.REVERSED, on
        row.reversed_reason, row.updated_at = reason.strip()[:200], at
        row.version += 1
        row.save()
        row.credit_base_amount = -source.base_of(-row.amount)
        draw(source, -row.amount, by=by, on=on, at=at)
        book(row, source="refund.reverse", sign=-1, memo=row.reversed_reason, by=by, on=on, at=at)
        told_as("refund.reverse", row, by=by, before={"status": "paid"})
        bus.publish(RefundReversed(reason=row.reversed_reason, **facts_of(row)), by=by)
        return get_refund(refund_id, by=by)
