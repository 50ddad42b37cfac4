"""Payouts: what a service sends to the bank, kept so that the bank line finds it."""

from datetime import datetime
from uuid import UUID

from guilder.books.charging.events import PayoutTold
from guilder.books.charging.models import Payout
from guilder.books.charging.operations.services import find_gateway, service_of
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money

STAGES = ("pending", "paid", "failed")


def note_payout(gateway_id: UUID, provider_id: str, *, by: Actor, at: datetime) -> None:
    """Ask the service about a payout and keep what it says. Raises NoSuchGateway, Unreachable."""
    with transaction(by.organization_id):
        gateway = find_gateway(gateway_id, by=by)
    told = service_of(gateway).ask_payout(provider_id)
    if told is None or told.amount.minor <= 0:
        return
    with transaction(by.organization_id):
        rows = Payout.objects.of(by.organization_id).lock()
        row = rows.filter(gateway_id=gateway_id, provider_id=told.provider_id).first()
        before = row.stage if row else ""
        if row is None:
            row = Payout(
                organization_id=by.organization_id,
                id=uuid7(),
                gateway_id=gateway_id,
                provider_id=told.provider_id,
                stage=told.stage,
                created_at=at,
            )
        row.amount, row.currency = told.amount.minor, told.amount.currency
        row.gross, row.fee, row.charge_count = told.gross, told.fee, told.charge_count
        row.stage = max(row.stage, told.stage, key=STAGES.index)
        row.arrives_on, row.reference, row.updated_at = told.arrives_on, told.reference, at
        row.save()
        if row.stage != before:
            bus.publish(
                PayoutTold(
                    payout_id=row.id,
                    gateway_id=gateway_id,
                    amount=str(Money(row.amount, row.currency)),
                    currency=row.currency,
                    stage=row.stage,
                    arrives_on=row.arrives_on,
                ),
                by=by,
            )
