"""Answering chargebacks at the service."""

from datetime import datetime
from uuid import UUID

from guilder.books.charging.events import ChargebackAnswered
from guilder.books.charging.models import Chargeback
from guilder.books.charging.operations.services import service_of
from guilder.books.charging.operations.starting import InsideTransaction
from guilder.books.charging.queries.chargebacks import (
    ChargebackRecord,
    NoSuchChargeback,
    get_chargeback,
)
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import Money


class NotToAnswer(Conflict):
    """It was answered or is over."""

    code = "charging.not_to_answer"


def answer_chargeback(
    chargeback_id: UUID, *, by: Actor, text: str, at: datetime
) -> ChargebackRecord:
    """Hand in what the house says; it can be done once.

    Calls the service: never inside a transaction. Raises NoSuchChargeback, NotToAnswer, Invalid,
    NotOffered where people must answer there, Refused, Unreachable.
    """
    by.require("payment.reverse")
    if not text.strip():
        raise Invalid(problems=[Problem("/text", "required", "Say why the charge was right.")])
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    with transaction(by.organization_id):
        rows = Chargeback.objects.of(by.organization_id).select_related("charge__gateway")
        row = rows.filter(id=chargeback_id).first()
    if row is None:
        raise NoSuchChargeback("There is no such chargeback.")
    if row.stage != "open" or row.answered_at is not None:
        raise NotToAnswer("This chargeback was answered already, or is over.")
    service_of(row.charge.gateway).answer_chargeback(row.provider_id, text=text.strip())
    with transaction(by.organization_id):
        row = (
            Chargeback.objects.of(by.organization_id)
            .select_related("charge")
            .lock()
            .get(id=chargeback_id)
        )
        if row.answered_at is None:
            noted(row, text.strip(), by=by, at=at)
        return get_chargeback(chargeback_id, by=by)


def noted(row: Chargeback, text: str, *, by: Actor, at: datetime) -> None:
    """Keep what was handed in."""
    row.answer, row.answered_at, row.updated_at = text[:20_000], at, at
    row.stage = Chargeback.Stage.REVIEW if row.stage == "open" else row.stage
    row.version += 1
    row.save()
    audit.record(
        by=by,
        action="chargeback.answer",
        table="charging_chargeback",
        row_id=row.id,
        before={"stage": "open"},
        after={"stage": row.stage, "answer": row.answer},
    )
    charge = row.charge
    bus.publish(
        ChargebackAnswered(
            chargeback_id=row.id,
            charge_id=charge.id,
            partner_id=charge.partner_id,
            payment_id=charge.payment_id,
            amount=str(Money(row.amount, charge.currency)),
            currency=charge.currency,
        ),
        by=by,
    )
