"""Storing a way to pay that a service keeps for a client, once, however it came."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.charging.events import SavedMethodKept
from guilder.books.charging.gateways.base import Kept
from guilder.books.charging.models import SavedMethod
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor


def keep_method(
    kept: Kept,
    *,
    partner_id: UUID,
    gateway_id: UUID,
    consent: str,
    by: Actor,
    at: datetime,
    collects: bool = False,
) -> SavedMethod | None:
    """The row of a kept method, made where it is new; None where that name is another client's, or
    of a method that was ended. One that collects takes over from the client's others."""
    rows = SavedMethod.objects.of(by.organization_id)
    fresh = SavedMethod(
        organization_id=by.organization_id,
        id=uuid7(),
        partner_id=partner_id,
        gateway_id=gateway_id,
        customer=kept.customer[:200],
        token=kept.token[:200],
        method=kept.method,
        label=kept.label[:60],
        agreed_at=at,
        consent=consent,
    )
    SavedMethod.objects.bulk_create([fresh], ignore_conflicts=True)
    row = rows.lock().get(gateway_id=gateway_id, token=fresh.token)
    if row.partner_id != partner_id or not row.is_active:
        return None
    if collects and not row.collects:
        rows.filter(partner_id=partner_id, collects=True).update(collects=False)
        row.collects = True
        row.save(update_fields=["collects"])
    if row.id == fresh.id:
        after = {"method": row.method, "label": row.label, "collects": row.collects}
        audit.record(by=by, action="saved_method.keep", table="charging_savedmethod",
                     row_id=row.id, before=None, after=after)  # fmt: skip
        told = {"method": row.method, "collects": row.collects}
        bus.publish(SavedMethodKept(**told, **method_facts(row)), by=by)
    return row


def method_facts(row: SavedMethod) -> dict[str, Any]:
    """What every event of a kept method carries."""
    return {
        "saved_method_id": row.id,
        "partner_id": row.partner_id,
        "gateway_id": row.gateway_id,
        "label": row.label,
    }
