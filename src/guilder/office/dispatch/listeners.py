"""What dispatch does when it hears of something."""

from typing import Any
from uuid import UUID

from guilder.books.charging.events import ChargeSucceeded
from guilder.books.invoicing.events import InvoiceQuestioned, QuoteAnswered, QuoteQuestioned
from guilder.foundation.jobs.queue import enqueue
from guilder.office.dispatch import tasks
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail


def on_mail_queued(event: MailQueued, *, organization_id: UUID, **_: Any) -> None:
    """A mail waits: have it delivered, after its hold."""
    mail = Mail.objects.of(organization_id).filter(id=event.mail_id).first()
    if mail is not None and mail.state == Mail.State.QUEUED:
        enqueue(
            tasks.deliver,
            organization_id=organization_id,
            run_at=mail.next_attempt_at,
            mail_id=event.mail_id,
        )


def on_invoice_questioned(event: InvoiceQuestioned, *, organization_id: UUID, **_: Any) -> None:
    """A client asks about a document: the house gets it by mail."""
    tasks.tell_question(
        organization_id,
        partner_id=event.partner_id,
        number=event.number,
        name=event.name,
        email=event.email,
        text=event.text,
        page=f"/invoices/{event.invoice_id}/",
    )


def on_quote_questioned(event: QuoteQuestioned, *, organization_id: UUID, **_: Any) -> None:
    """A client asks about a quote: the house gets it by mail."""
    tasks.tell_question(
        organization_id,
        partner_id=event.partner_id,
        number=event.number,
        name=event.name,
        email=event.email,
        text=event.text,
        page=f"/quotes/{event.quote_id}/",
    )


def on_quote_answered(event: QuoteAnswered, *, organization_id: UUID, **_: Any) -> None:
    """A client answered by their link: the house gets it by mail."""
    tasks.tell_answer(
        organization_id,
        partner_id=event.partner_id,
        number=event.number,
        answer=event.answer,
        name=event.name,
        reason=event.reason,
        page=f"/quotes/{event.quote_id}/",
    )


def on_demo_made(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A demo was made: its documents went out by mail, and not all arrived."""
    tasks.keep_past_mails(organization_id, event.mails)


def on_webhook_disabled(event: Any, *, organization_id: UUID, **_: Any) -> None:
    """A webhook was switched off by itself: the admins get it by mail."""
    tasks.tell_webhook(
        organization_id,
        endpoint_id=event.endpoint_id,
        name=event.name,
        url=event.url,
        because=event.because,
        since=event.since,
    )


def on_charge_succeeded(event: ChargeSucceeded, *, organization_id: UUID, **_: Any) -> None:
    """A client paid through a service: they get their receipt."""
    enqueue(tasks.send_receipt, organization_id=organization_id, payment_id=event.payment_id)
