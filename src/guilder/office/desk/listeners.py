"""What the desk does when it hears of something: it puts it before somebody, or takes it away.

The writing is small and belongs to the hearing, so the tasks are called here and now. Mails are
told by a neighbour: their events are taken by what they carry, not by their class.
"""

from typing import Any
from uuid import UUID

from guilder.books.charging.events import (
    ChargebackAnswered,
    ChargebackClosed,
    ChargebackOpened,
    ChargeFailed,
    GivingBackFailed,
    SavedMethodStillKept,
)
from guilder.books.invoicing.events import (
    InvoiceQuestioned,
    QuoteAccepted,
    QuoteDeclined,
    QuoteQuestioned,
)
from guilder.books.payments.events import (
    PaymentEvent,
    RefundEvent,
    RefundRequested,
)
from guilder.books.sepa.events import (
    BatchCancelled,
    BatchClosed,
    BatchCreated,
    OrderEvent,
)
from guilder.books.workflow.events import (
    ApprovalGiven,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
)
from guilder.flows.billing.events import RecurringFailed, RecurringInvoiced
from guilder.office.desk import methods, orders, recording, tasks


def on_mail_trouble(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A mail failed or came back: whoever may send has to see it."""
    tasks.put_mail(
        organization_id,
        event.mail_id,
        kind=event.type.replace(".", "_"),
        invoice_id=event.invoice_id,
        to=event.to,
        reason=event.reason,
    )


def on_mail_sent(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A mail went out after all."""
    tasks.take_away(organization_id, f"mail:{event.mail_id}")


def on_transmission(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A document was not taken by its channel, was rejected, or cannot be read: a person looks."""
    if getattr(event, "state", "rejected") != "rejected":
        return
    tasks.put_transmission(
        organization_id,
        event.transmission_id,
        kind=event.type.replace(".", "_"),
        invoice_id=event.invoice_id,
        number=event.number,
        reason=event.reason,
    )


def on_transmission_again(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """It is on its way again, or has arrived after all."""
    tasks.take_away(organization_id, f"transmission:{event.transmission_id}")


def on_quote_answered(
    event: QuoteAccepted | QuoteDeclined, *, organization_id: UUID, **_: Any
) -> None:
    """A client agreed to a quote, or did not: somebody makes the invoice, or asks why."""
    tasks.put_quote(
        organization_id, event.quote_id, kind=event.type.replace(".", "_"), number=event.number
    )


def on_question(
    event: InvoiceQuestioned | QuoteQuestioned, *, organization_id: UUID, event_id: UUID, **_: Any
) -> None:
    """A client asks about a document or quote: somebody who sends them answers."""
    of_invoice = isinstance(event, InvoiceQuestioned)
    tasks.put_question(
        organization_id,
        event_id,
        invoice_id=event.invoice_id if of_invoice else None,
        quote_id=None if of_invoice else event.quote_id,
        data={
            "number": event.number,
            "who": event.name or event.email,
            "name": event.name,
            "email": event.email,
            "text": event.text,
        },
    )


def on_payment(event: PaymentEvent, *, organization_id: UUID, **_: Any) -> None:
    """Money came in, was placed or freed, or never came: what is left over wants a place."""
    tasks.look_at_rest(organization_id, event.payment_id)


def on_refund_requested(event: RefundRequested, *, organization_id: UUID, **_: Any) -> None:
    """A refund waits: whoever may approve it sees it."""
    tasks.put_refund(
        organization_id,
        event.refund_id,
        partner_id=event.partner_id,
        amount=event.amount,
        currency=event.currency,
        reason=event.reason,
    )


def on_refund(event: RefundEvent, *, organization_id: UUID, **_: Any) -> None:
    """A refund waits no more, or came back: what is left of its payment changed."""
    tasks.take_away(organization_id, f"refund:{event.refund_id}")
    if event.payment_id is not None:
        tasks.look_at_rest(organization_id, event.payment_id)


def on_recurring_failed(event: RecurringFailed, *, organization_id: UUID, **_: Any) -> None:
    """A recurring invoice cannot be made: whoever keeps them sees why."""
    tasks.put_recurring(organization_id, event.recurring_id, name=event.name, problem=event.problem)


def on_recurring_invoiced(event: RecurringInvoiced, *, organization_id: UUID, **_: Any) -> None:
    """It was made after all."""
    tasks.take_away(organization_id, f"recurring:{event.recurring_id}")


def on_reminder_made(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A client was reminded: what goes by post waits for somebody who prints it."""
    tasks.take_away(organization_id, f"reminder:{event.partner_id}")
    if event.posts:
        tasks.put_letter(
            organization_id, event.reminder_id, amount=event.amount, currency=event.currency
        )


def on_reminder_posted(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """Somebody posted it."""
    tasks.take_away(organization_id, f"letter:{event.reminder_id}")


def on_reminder_failed(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A client could not be reminded: whoever reminds sees why."""
    tasks.put_unreminded(organization_id, event.partner_id, name=event.name, problem=event.problem)


def on_demo_made(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A demo was made: its people talk, its owner keeps lists."""
    tasks.furnish(organization_id, event.owner_id, remarks=event.remarks, views=event.views)


def on_approval_requested(event: ApprovalRequested, *, organization_id: UUID, **_: Any) -> None:
    """Somebody wants an approval: whoever may give it sees it."""
    if event.subject_kind == "bill":
        tasks.put_bill_approval(organization_id, event.subject_id)
    else:
        tasks.put_approval(organization_id, event.subject_id)


def on_approval_answered(
    event: ApprovalGiven | ApprovalRefused, *, organization_id: UUID, **_: Any
) -> None:
    """An approval was given or refused: who asked hears of it."""
    tasks.take_away(organization_id, f"approval:{event.subject_id}")
    if event.requested_by_id is None:
        return
    comment = event.comment if isinstance(event, ApprovalRefused) else None
    whose: Any = {"user_id": event.requested_by_id, "comment": comment}
    if event.subject_kind == "bill":
        tasks.put_bill_answer(organization_id, event.approval_id, bill_id=event.subject_id, **whose)
    else:
        tasks.put_answer(organization_id, event.approval_id, invoice_id=event.subject_id, **whose)


def on_approval_withdrawn(event: ApprovalWithdrawn, *, organization_id: UUID, **_: Any) -> None:
    """Nobody asks any more."""
    tasks.take_away(organization_id, f"approval:{event.subject_id}")


def on_chargeback(event: ChargebackOpened, *, organization_id: UUID, **_: Any) -> None:
    """A client's bank wants money back: it is answered in time, or lost."""
    tasks.put_chargeback(
        organization_id,
        event.chargeback_id,
        partner_id=event.partner_id,
        amount=event.amount,
        currency=event.currency,
        reason=event.reason,
        answer_by=event.answer_by,
    )


def on_chargeback_over(
    event: ChargebackAnswered | ChargebackClosed, *, organization_id: UUID, **_: Any
) -> None:
    """It was answered, or is decided."""
    tasks.take_away(organization_id, f"chargeback:{event.chargeback_id}")


def on_charge_failed(event: ChargeFailed, *, organization_id: UUID, **_: Any) -> None:
    """What was to be taken by itself was not: people see it; a client on the page sees it there."""
    if event.origin == "automatic":
        tasks.put_failed_charge(
            organization_id,
            event.charge_id,
            kind="charge_failed",
            partner_id=event.partner_id,
            amount=event.amount,
            currency=event.currency,
            failure=event.failure,
        )


def on_giving_back_failed(event: GivingBackFailed, *, organization_id: UUID, **_: Any) -> None:
    """A service could not give money back: it is the client's credit again."""
    tasks.put_failed_charge(
        organization_id,
        event.charge_id,
        kind="giving_back_failed",
        partner_id=event.partner_id,
        amount=event.amount,
        currency=event.currency,
        failure=event.failure,
    )


def on_method_kept(event: SavedMethodStillKept, *, organization_id: UUID, **_: Any) -> None:
    """A service could not end a kept way to pay: somebody does that there."""
    methods.put_kept_method(
        organization_id,
        event.saved_method_id,
        partner_id=event.partner_id,
        gateway_id=event.gateway_id,
        label=event.label,
        failure=event.failure,
    )


def on_order_refused(event: OrderEvent, *, organization_id: UUID, **_: Any) -> None:
    """The bank refused an order or sent its money back, or the books could not take it."""
    orders.put_refused(
        organization_id,
        event.order_id,
        batch_id=event.batch_id,
        partner_id=event.partner_id,
        amount=event.amount,
        currency=event.currency,
        reason=event.reason,
    )


def on_order_made(event: BatchCreated, *, organization_id: UUID, **_: Any) -> None:
    """Transfers above the limit wait for somebody else."""
    if event.is_over_limit:
        orders.put_waiting(
            organization_id,
            event.batch_id,
            amount=event.amount,
            currency=event.currency,
            count=event.count,
        )


def on_order_over(event: BatchClosed | BatchCancelled, *, organization_id: UUID, **_: Any) -> None:
    """It waits no more."""
    tasks.take_away(organization_id, f"payment_order:{event.batch_id}")


def on_event_parked(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """Somebody failed to hear of something for good."""
    recording.put_parked(organization_id, event.event_id, event_type=event.event_type)


def on_event_taken_up(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """It is told again, or was given up."""
    tasks.take_away(organization_id, f"parked:{event.event_id}")


def on_record_waiting(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """The tax office's record of an issued document cannot be made yet."""
    recording.put_unrecorded(
        organization_id, event.invoice_id, number=event.number, reason=event.reason
    )


def on_recorded(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """It was made."""
    tasks.take_away(organization_id, f"record:{event.invoice_id}")
