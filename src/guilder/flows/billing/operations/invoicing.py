"""Invoicing what is due: one period, one transaction, one invoice."""

from datetime import date, datetime
from uuid import UUID

from guilder.books.invoicing import operations as invoices
from guilder.flows.billing.events import RecurringFailed, RecurringInvoiced
from guilder.flows.billing.models import RecurringInvoice, RecurringRun
from guilder.flows.billing.operations.drafting import draft_of, rehearsed
from guilder.flows.billing.queries import due_recurring, get_recurring
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.papers.exchange.requiring import refuse_invalid, verdict_wanted


def invoice_due(*, by: Actor, on: date, at: datetime, most: int = 1_000) -> int:
    """Invoice everything that is due by `on`, however many periods were missed; gives how many
    invoices were made. What cannot be invoiced says why, and stops nothing else."""
    made = 0
    for recurring_id in due_recurring(by.organization_id, on=on):
        while made < most:
            try:
                if invoice_next(recurring_id, by=by, on=on, at=at) is None:
                    break
            except GuilderError as error:
                note_problem(recurring_id, error, by=by, at=at)
                break
            made += 1
    return made


def invoice_next(recurring_id: UUID, *, by: Actor, on: date, at: datetime) -> UUID | None:
    """Invoice the next period if it is due by `on`: the draft, its issue where that is wished, and
    the note that the period is done, in one transaction. Gives the invoice's id, None where nothing
    is due. Raises what drafts and issue raise, and NotAnEInvoice where the client wants one and the
    official rules refuse it; then nothing was done. Call it outside transactions."""
    by.require("invoice.create")
    if wanted := rehearsed(recurring_id, by=by, on=on, at=at):
        refuse_invalid(verdict_wanted(wanted.document, name=wanted.format, on=on))
    with transaction(by.organization_id):
        row = RecurringInvoice.objects.of(by.organization_id).lock().filter(id=recurring_id).first()
        rhythm = get_recurring(recurring_id, by=by).rhythm if row else None
        span = rhythm.span(row.next_index) if row and rhythm and row.is_due(on) else None
        if row is None or rhythm is None or span is None:
            return None
        invoice = draft_of(row, span, by=by, at=at)
        if row.act != RecurringInvoice.Act.DRAFT:
            invoices.issue_invoice(invoice.id, by=by, at=at, on=on)
        RecurringRun.objects.create(
            organization_id=by.organization_id,
            id=uuid7(),
            recurring_id=row.id,
            index=row.next_index,
            period_start_on=span.start_on,
            period_end_on=span.end_on,
            invoice_id=invoice.id,
            made_at=at,
        )
        row.next_index += 1
        row.next_on = rhythm.due_on(row.next_index)
        row.made_count += 1
        row.problem, row.problem_at, row.updated_at = "", None, at
        row.save()
        bus.publish(
            RecurringInvoiced(
                recurring_id=row.id,
                partner_id=row.partner_id,
                invoice_id=invoice.id,
                period_start_on=span.start_on,
                period_end_on=span.end_on,
                sends=row.act == RecurringInvoice.Act.SEND,
            ),
            by=by,
        )
        return invoice.id


def note_problem(recurring_id: UUID, error: GuilderError, *, by: Actor, at: datetime) -> None:
    """Say on the recurring invoice why its period is not invoiced; told once for each reason."""
    words = "; ".join([error.detail, *(one.detail for one in error.problems)])[:500]
    with transaction(by.organization_id):
        row = RecurringInvoice.objects.of(by.organization_id).lock().get(id=recurring_id)
        if row.problem == words:
            return
        row.problem, row.problem_at, row.updated_at = words, at, at
        row.save()
        bus.publish(
            RecurringFailed(
                recurring_id=row.id, partner_id=row.partner_id, name=row.name, problem=words
            ),
            by=by,
        )
