"""What SEPA does when it hears of something."""

from typing import Any
from uuid import UUID

from guilder.books.payments.events import DisbursementReversed, PaymentReversed, RefundReversed
from guilder.books.sepa import tasks
from guilder.foundation.jobs.queue import enqueue


def on_money_reversed(
    event: PaymentReversed | DisbursementReversed | RefundReversed,
    *,
    organization_id: UUID,
    **_: Any,
) -> None:
    """Money was taken back: if it was an order's, that came back."""
    if isinstance(event, PaymentReversed):
        money = event.payment_id
    elif isinstance(event, DisbursementReversed):
        money = event.disbursement_id
    else:
        money = event.refund_id
    enqueue(tasks.note_reversed, organization_id=organization_id, payment_id=money)
