"""What channels do when they hear of something."""

from typing import Any
from uuid import UUID

from guilder.books.bills.events import BillBooked, BillSettled
from guilder.flows.billing.events import RecurringInvoiced
from guilder.flows.intake.events import DocumentRefused
from guilder.foundation.jobs.queue import enqueue
from guilder.office.channels import queries, tasks
from guilder.office.channels.events import TransmissionQueued, TransmissionReceived
from guilder.office.channels.models import Transmission
from guilder.office.dispatch.events import MailFailed, MailReturned, MailSent


def on_queued(event: TransmissionQueued, *, organization_id: UUID, **_: Any) -> None:
    """A document waits: have it handed over, after its hold."""
    rows = Transmission.objects.of(organization_id).filter(id=event.transmission_id)
    row = rows.first()
    if row is not None and row.state == Transmission.State.QUEUED:
        enqueue(
            tasks.transmit,
            organization_id=organization_id,
            run_at=row.next_attempt_at,
            transmission_id=row.id,
        )


def on_received(event: TransmissionReceived, *, organization_id: UUID, **_: Any) -> None:
    """Something came in: have it read."""
    enqueue(tasks.hand_on, organization_id=organization_id, transmission_id=event.transmission_id)


def on_recurring_invoiced(event: RecurringInvoiced, *, organization_id: UUID, **_: Any) -> None:
    """A period was invoiced: the client gets it as agreed, where that is wished."""
    if event.sends:
        tasks.send_recurring(organization_id, event.invoice_id)


def on_bill_booked(event: BillBooked, *, organization_id: UUID, **_: Any) -> None:
    """A bill was booked: who sent it hears that it is accepted."""
    answer_of_bill(organization_id, event.bill_id, "AP")


def on_bill_settled(event: BillSettled, *, organization_id: UUID, **_: Any) -> None:
    """A bill was paid: who sent it hears so."""
    answer_of_bill(organization_id, event.bill_id, "PD")


def answer_of_bill(organization_id: UUID, bill_id: UUID, code: str) -> None:
    """Have the sender told, where any channel tells senders."""
    if queries.answers_by_itself(organization_id):
        values = {"bill_id": bill_id, "code": code}
        enqueue(tasks.answer_of_bill, organization_id=organization_id, **values)


def on_document_refused(event: DocumentRefused, *, organization_id: UUID, **_: Any) -> None:
    """A paper was refused: who sent it hears why."""
    if queries.answers_by_itself(organization_id):
        enqueue(
            tasks.answer_of_paper,
            organization_id=organization_id,
            document_id=event.document_id,
            text=event.reason,
        )


def on_mail_sent(event: MailSent, *, organization_id: UUID, **_: Any) -> None:
    """A mail that carries a transmission left."""
    tasks.follow_mail(organization_id, event.mail_id, state="sent")


def on_mail_trouble(event: MailFailed | MailReturned, *, organization_id: UUID, **_: Any) -> None:
    """A mail that carries a transmission did not arrive."""
    tasks.follow_mail(organization_id, event.mail_id, state="failed", reason=event.reason)
