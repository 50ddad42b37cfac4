"""The background door of the desk: what is put before people, and taken away again."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.books.bills import queries as bills
from guilder.books.invoicing import queries as invoicing
from guilder.books.payments import queries as payments
from guilder.books.workflow import queries as workflow
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy import story
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money
from guilder.office.desk import operations
from guilder.office.desk.models import Subject
from guilder.registers.parties import queries as parties


def put_mail(
    organization_id: UUID,
    mail_id: UUID,
    *,
    kind: str,
    invoice_id: UUID | None,
    to: str,
    reason: str,
) -> None:
    """A mail did not arrive: somebody who may send looks after it."""
    operations.add_task(
        by=system(organization_id),
        kind=kind,
        mark=f"mail:{mail_id}",
        permission="invoice.send",
        subject=(Subject.INVOICE, invoice_id) if invoice_id else None,
        data={"to": to, "reason": reason, "mail_id": str(mail_id)},
        at=datetime.now(UTC),
    )


def put_transmission(
    organization_id: UUID,
    transmission_id: UUID,
    *,
    kind: str,
    invoice_id: UUID | None,
    number: str,
    reason: str,
) -> None:
    """A document did not get through, or was not accepted: somebody who may send looks after it."""
    operations.add_task(
        by=system(organization_id),
        kind=kind,
        mark=f"transmission:{transmission_id}",
        permission="invoice.send",
        subject=(Subject.INVOICE, invoice_id) if invoice_id else None,
        data={"number": number, "reason": reason, "transmission_id": str(transmission_id)},
        at=datetime.now(UTC),
    )


def put_quote(organization_id: UUID, quote_id: UUID, *, kind: str, number: str) -> None:
    """A client has answered a quote."""
    operations.add_task(
        by=system(organization_id),
        kind=kind,
        mark=f"quote:{quote_id}",
        permission="quote.send",
        subject=(Subject.QUOTE, quote_id),
        data={"number": number},
        at=datetime.now(UTC),
    )


def put_question(
    organization_id: UUID,
    event_id: UUID,
    *,
    invoice_id: UUID | None,
    quote_id: UUID | None,
    data: dict[str, str],
) -> None:
    """A client has asked something on their page."""
    subject = (Subject.INVOICE, invoice_id) if invoice_id else (Subject.QUOTE, quote_id)
    operations.add_task(
        by=system(organization_id),
        kind="question",
        mark=f"question:{event_id}",
        permission="invoice.send" if invoice_id else "quote.send",
        subject=subject,  # type: ignore[arg-type]
        data=dict(data),
        at=datetime.now(UTC),
    )


def look_at_rest(organization_id: UUID, payment_id: UUID) -> None:
    """Have a task exactly while a payment has money without a place."""
    by, mark = system(organization_id), f"payment:{payment_id}"
    try:
        payment = payments.get_payment(payment_id, by=by)
    except NotFound:
        return
    if payment.reversed_on is not None or not payment.unallocated_amount:
        take_away(organization_id, mark)
        return
    operations.add_task(
        by=by,
        kind="payment_over",
        mark=mark,
        permission="payment.record",
        subject=(Subject.PAYMENT, payment_id),
        data={
            "client": payment.partner_name,
            "minor": payment.unallocated_amount,
            "currency": payment.currency,
        },
        at=datetime.now(UTC),
    )


def put_approval(organization_id: UUID, invoice_id: UUID) -> None:
    """A draft wants an approval, as long as it is asked for."""
    by = system(organization_id)
    asked = workflow.pending_of([invoice_id], by=by).get(invoice_id)
    if asked is None:
        return
    try:
        invoice = invoicing.get_invoice(invoice_id, by=by)
    except NotFound:
        return
    operations.close_tasks(by=by, marks=(f"approval:{invoice_id}",), at=datetime.now(UTC))
    operations.add_task(
        by=by,
        kind="approval",
        mark=f"approval:{invoice_id}",
        permission="invoice.approve",
        subject=(Subject.INVOICE, invoice_id),
        data={
            "client": invoice.partner_name,
            "minor": asked.amount,
            "currency": asked.currency,
            "text": asked.note,
        },
        at=datetime.now(UTC),
    )


def put_answer(
    organization_id: UUID,
    approval_id: UUID,
    *,
    invoice_id: UUID,
    user_id: UUID,
    comment: str | None,
) -> None:
    """Who asked for an approval hears the answer; `comment` is the reason of a refusal."""
    by = system(organization_id)
    try:
        invoice = invoicing.get_invoice(invoice_id, by=by)
    except NotFound:
        return
    operations.add_task(
        by=by,
        kind="approval_given" if comment is None else "approval_refused",
        mark=f"answer:{approval_id}",
        user_id=user_id,
        subject=(Subject.INVOICE, invoice_id),
        data={"client": invoice.partner_name, "text": comment or ""},
        at=datetime.now(UTC),
    )


def put_bill_approval(organization_id: UUID, bill_id: UUID) -> None:
    """A bill wants an approval, as long as it is asked for."""
    by = system(organization_id)
    asked = workflow.pending_of([bill_id], by=by).get(bill_id)
    if asked is None:
        return
    try:
        bill = bills.get_bill(bill_id, by=by)
    except NotFound:
        return
    operations.close_tasks(by=by, marks=(f"approval:{bill_id}",), at=datetime.now(UTC))
    operations.add_task(
        by=by,
        kind="bill_approval",
        mark=f"approval:{bill_id}",
        permission="invoice.approve",
        data={
            "bill_id": str(bill_id),
            "supplier": bill.supplier_name,
            "minor": asked.amount,
            "currency": asked.currency,
            "text": asked.note,
        },
        at=datetime.now(UTC),
    )


def put_bill_answer(
    organization_id: UUID, approval_id: UUID, *, bill_id: UUID, user_id: UUID, comment: str | None
) -> None:
    """Who asked for the approval of a bill hears the answer."""
    by = system(organization_id)
    try:
        bill = bills.get_bill(bill_id, by=by)
    except NotFound:
        return
    operations.add_task(
        by=by,
        kind="bill_approved" if comment is None else "bill_rejected",
        mark=f"answer:{approval_id}",
        user_id=user_id,
        data={"bill_id": str(bill_id), "supplier": bill.supplier_name, "text": comment or ""},
        at=datetime.now(UTC),
    )


def put_chargeback(
    organization_id: UUID,
    chargeback_id: UUID,
    *,
    partner_id: UUID,
    amount: str,
    currency: str,
    reason: str,
    answer_by: datetime | None,
) -> None:
    """A client's bank wants money back: whoever may answer sees by when."""
    client = parties.get_partner(organization_id, partner_id)
    operations.add_task(
        by=system(organization_id),
        kind="chargeback",
        mark=f"chargeback:{chargeback_id}",
        permission="payment.reverse",
        data={
            "chargeback_id": str(chargeback_id),
            "client": client.name,
            "minor": Money.of(amount, currency).minor,
            "currency": currency,
            "reason": reason,
            "answer_by": answer_by.isoformat() if answer_by else "",
        },
        at=datetime.now(UTC),
    )


def put_failed_charge(
    organization_id: UUID,
    charge_id: UUID,
    *,
    kind: str,
    partner_id: UUID,
    amount: str,
    currency: str,
    failure: str,
) -> None:
    """A charge by a saved method, or money given back through a service, did not go through."""
    client = parties.get_partner(organization_id, partner_id)
    operations.add_task(
        by=system(organization_id),
        kind=kind,
        mark=f"{kind}:{charge_id}",
        permission="payment.record",
        data={
            "charge_id": str(charge_id),
            "client": client.name,
            "minor": Money.of(amount, currency).minor,
            "currency": currency,
            "failure": failure,
        },
        at=datetime.now(UTC),
    )


def put_refund(
    organization_id: UUID,
    refund_id: UUID,
    *,
    partner_id: UUID,
    amount: str,
    currency: str,
    reason: str,
) -> None:
    """A refund waits for somebody who may approve it."""
    client = parties.get_partner(organization_id, partner_id)
    operations.add_task(
        by=system(organization_id),
        kind="refund_waiting",
        mark=f"refund:{refund_id}",
        permission="refund.approve",
        data={
            "refund_id": str(refund_id),
            "client": client.name,
            "minor": Money.of(amount, currency).minor,
            "currency": currency,
            "reason": reason,
        },
        at=datetime.now(UTC),
    )


def put_recurring(organization_id: UUID, recurring_id: UUID, *, name: str, problem: str) -> None:
    """A recurring invoice waits for somebody to put it right."""
    operations.add_task(
        by=system(organization_id),
        kind="recurring_failed",
        mark=f"recurring:{recurring_id}",
        permission="invoice.create",
        data={"recurring_id": str(recurring_id), "name": name, "problem": problem},
        at=datetime.now(UTC),
    )


def put_letter(organization_id: UUID, reminder_id: UUID, *, amount: str, currency: str) -> None:
    """A reminder waits for somebody to print and post it."""
    operations.add_task(
        by=system(organization_id),
        kind="reminder_to_post",
        mark=f"letter:{reminder_id}",
        permission="reminder.send",
        data={"reminder_id": str(reminder_id), "amount": amount, "currency": currency},
        at=datetime.now(UTC),
    )


def put_unreminded(organization_id: UUID, partner_id: UUID, *, name: str, problem: str) -> None:
    """A client could not be reminded."""
    operations.add_task(
        by=system(organization_id),
        kind="reminder_failed",
        mark=f"reminder:{partner_id}",
        permission="reminder.send",
        data={"name": name, "problem": problem},
        at=datetime.now(UTC),
    )


def furnish(
    organization_id: UUID,
    owner_id: UUID,
    *,
    remarks: list[dict[str, str]],
    views: list[dict[str, str]],
) -> None:
    """What people of a demo said, each on its day, and the lists of its owner."""
    with story.told():
        for one in remarks:
            at = datetime.fromisoformat(one["at"])
            story.turn_to(at)
            by = identities.actor_for(UUID(one["user_id"]), organization_id, source="system")
            operations.add_comment(
                one["kind"], UUID(one["subject_id"]), by=by, text=one["text"], at=at
            )
    owner = identities.actor_for(owner_id, organization_id, source="system")
    for view in views:
        operations.save_view(by=owner, data=view, at=datetime.now(UTC))


def take_away(organization_id: UUID, mark: str) -> None:
    """What caused a task is gone."""
    operations.close_tasks(by=system(organization_id), marks=(mark,), at=datetime.now(UTC))


def now() -> datetime:
    """The instant at which the desk does its work."""
    return datetime.now(UTC)


def system(organization_id: UUID) -> Actor:
    """The house itself, at work for an organization."""
    return identity.system_actor(organization_id, "job")
