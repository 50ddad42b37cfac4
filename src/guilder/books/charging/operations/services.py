"""From rows to gateways: opening the keys, naming addresses, translating rows for a service."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from guilder.books.charging.gateways.base import Gateway as Service
from guilder.books.charging.gateways.base import Kept, Ref
from guilder.books.charging.gateways.known import made
from guilder.books.charging.models import Charge, Gateway, SavedMethod
from guilder.books.charging.queries.gateways import NoSuchGateway
from guilder.foundation.edges import secrets
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money

PURPOSE = "charging.gateway_keys"
HOOK_LASTS = timedelta(days=3650)


def sealed(keys: dict[str, str], *, organization_id: UUID) -> bytes:
    """Keys as they are stored."""
    return secrets.seal(json.dumps(keys), organization_id=organization_id, purpose=PURPOSE)


def keys_of(row: Gateway) -> dict[str, str]:
    """The keys of a row. Raises secrets.CannotOpen."""
    text = secrets.open(row.sealed_keys, organization_id=row.organization_id, purpose=PURPOSE)
    return json.loads(text)


def service_of(row: Gateway) -> Service:
    """The service of a row. Raises secrets.CannotOpen, BadKeys."""
    return made(row.kind, keys_of(row), is_live=row.is_live)


def find_gateway(gateway_id: UUID | None, *, by: Actor) -> Gateway:
    """A gateway; raises NoSuchGateway."""
    found = Gateway.objects.of(by.organization_id).filter(id=gateway_id).first()
    if found is None:
        raise NoSuchGateway("There is no such payment gateway.")
    return found


def hook_address(row: Gateway, *, by: Actor, base_url: str = "") -> str:
    """Where the service calls us: the same each time."""
    secret = identity.standing_link(by=by, kind="hook", target_id=row.id, valid_for=HOOK_LASTS)
    return f"{(settings.BASE_URL or base_url).rstrip('/')}/hooks/{row.kind}/{secret}/"


def hook_address_of(gateway_id: UUID, *, by: Actor, base_url: str = "") -> str:
    """Where a service calls us, for those who set it up there. Raises NoSuchGateway."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        return hook_address(find_gateway(gateway_id, by=by), by=by, base_url=base_url)


def ref_of(row: Charge) -> Ref:
    """A charge as both sides name it."""
    return Ref(
        key=row.id,
        provider_id=row.provider_id,
        provider_payment=row.provider_payment,
        amount=Money(row.amount, row.currency),
    )


def kept_of(row: SavedMethod) -> Kept:
    """A saved method by the service's names."""
    return Kept(customer=row.customer, token=row.token, method=row.method, label=row.label)


def mover(by: Actor) -> Actor:
    """Guilder itself, who books what a service told, on behalf of who is there."""
    system = identity.system_actor(by.organization_id, "system")
    return replace(system, request_id=by.request_id, address=by.address)


def facts_of(row: Charge) -> dict[str, Any]:
    """What every event of a charge carries."""
    return {
        "charge_id": row.id,
        "partner_id": row.partner_id,
        "gateway_id": row.gateway_id,
        "amount": str(Money(row.amount, row.currency)),
        "currency": row.currency,
    }
