"""What SEPA does when it hears of something."""

from typing import Any
from uuid import UUID

from guilder.books.payments.events import DisbursementReversed, PaymentReversed
from guilder.books.sepa import tasks
from guilder.foundation.jobs.queue import enqueue


def on_money_reversed(
    event: PaymentReversed | DisbursementReversed, *, organization_id: UUID, **_: Any
) -> None:
    """Money was taken back: if it was an order's, that came back."""
    money = event.payment_id if isinstance(event, PaymentReversed) else event.disbursement_id
    enqueue(
        tasks.note_reversed,
        organization_id=organization_id,
        payment_id=money,
    )
