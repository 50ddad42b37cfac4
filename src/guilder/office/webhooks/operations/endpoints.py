"""Keeping endpoints: made, changed, given a new secret, taken away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Stale
from guilder.office.webhooks import calc, queries
from guilder.office.webhooks.events import EndpointChanged, EndpointCreated, EndpointDeleted
from guilder.office.webhooks.models import Delivery, Endpoint, PendingDelivery
from guilder.office.webhooks.reading import FIELDS, read_endpoint
from guilder.office.webhooks.sealing import sealed

MOST = 50
OVERLAP = timedelta(hours=24)  # in which the old secret signs beside the new one
# A foreign key of ours has no cascade in the database: what hangs on an endpoint goes first.
TAKE_AWAY = (
    "DELETE FROM webhooks_pending WHERE organization_id = %(of)s AND endpoint_id = %(id)s",
    "DELETE FROM webhooks_attempt WHERE organization_id = %(of)s AND delivery_id IN "
    "(SELECT id FROM webhooks_delivery WHERE organization_id = %(of)s AND endpoint_id = %(id)s)",
    "DELETE FROM webhooks_delivery WHERE organization_id = %(of)s AND endpoint_id = %(id)s",
    "DELETE FROM webhooks_endpoint WHERE organization_id = %(of)s AND id = %(id)s",
)


class TooManyEndpoints(Conflict):
    """An organization has as many endpoints as it may."""

    code = "webhook.too_many"


def create_endpoint(*, by: Actor, data: Mapping[str, Any], at: datetime) -> tuple[Endpoint, str]:
    """(endpoint, its secret): the secret is shown now and never again.

    Raises Invalid with every fault, TooManyEndpoints.
    """
    by.require("webhook.edit")
    read = read_endpoint(data)
    secret = calc.new_secret()
    with transaction(by.organization_id):
        if Endpoint.objects.of(by.organization_id).count() >= MOST:
            raise TooManyEndpoints(f"There are {MOST} webhooks already. Delete one first.")
        endpoint = Endpoint.objects.create(
            organization_id=by.organization_id,
            name=read.name,
            url=read.url,
            types=read.types,
            api_version=read.api_version,
            secret=sealed(secret, organization_id=by.organization_id),
            is_active=read.is_active,
            disabled_at=None if read.is_active else at,
            disabled_because=Endpoint.Why.NONE if read.is_active else Endpoint.Why.PERSON,
            created_by_id=by.user_id,
            created_at=at,
        )
        note(endpoint, by=by, action="webhook.create", before=None)
        bus.publish(EndpointCreated(endpoint_id=endpoint.id, name=endpoint.name), by=by)
    return endpoint, secret


def update_endpoint(
    endpoint_id: UUID,
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
) -> Endpoint:
    """Change what `data` names; switching it off stops what waits.

    Raises Invalid, Stale, NoSuchEndpoint.
    """
    by.require("webhook.edit")
    with transaction(by.organization_id):
        endpoint = locked(endpoint_id, by=by, version=version)
        before = told(endpoint)
        kept = {name: getattr(endpoint, name) for name in FIELDS}
        read = read_endpoint({**kept, **data})
        endpoint.name, endpoint.url = read.name, read.url
        endpoint.types, endpoint.api_version = read.types, read.api_version
        if read.is_active and not endpoint.is_active:
            switch_on(endpoint)
        elif endpoint.is_active and not read.is_active:
            switch_off(endpoint, at=at, because=Endpoint.Why.PERSON)
        endpoint.version += 1
        endpoint.save()
        note(endpoint, by=by, action="webhook.change", before=before)
        bus.publish(EndpointChanged(endpoint_id=endpoint.id, name=endpoint.name), by=by)
    return endpoint


def rotate_secret(
    endpoint_id: UUID, *, by: Actor, at: datetime, version: int | None = None
) -> tuple[Endpoint, str]:
    """(endpoint, its new secret): for a day both secrets sign, so that nothing is refused."""
    by.require("webhook.edit")
    secret = calc.new_secret()
    with transaction(by.organization_id):
        endpoint = locked(endpoint_id, by=by, version=version)
        before = told(endpoint)
        endpoint.previous_secret, endpoint.previous_until = endpoint.secret, at + OVERLAP
        endpoint.secret = sealed(secret, organization_id=by.organization_id)
        endpoint.version += 1
        endpoint.save()
        note(endpoint, by=by, action="webhook.rotate", before=before)
        bus.publish(EndpointChanged(endpoint_id=endpoint.id, name=endpoint.name), by=by)
    return endpoint, secret


def delete_endpoint(endpoint_id: UUID, *, by: Actor, version: int | None = None) -> None:
    """Take an endpoint away with all that was delivered to it. Raises NoSuchEndpoint, Stale."""
    by.require("webhook.edit")
    with transaction(by.organization_id):
        endpoint = locked(endpoint_id, by=by, version=version)
        with connections["default"].cursor() as cursor:
            for statement in TAKE_AWAY:
                cursor.execute(statement, {"of": by.organization_id, "id": endpoint_id})
        note(endpoint, by=by, action="webhook.delete", before=told(endpoint), is_gone=True)
        bus.publish(EndpointDeleted(endpoint_id=endpoint_id, name=endpoint.name), by=by)


def locked(endpoint_id: UUID, *, by: Actor, version: int | None) -> Endpoint:
    """The endpoint under lock, in the version that the caller read."""
    found = Endpoint.objects.of(by.organization_id).lock().filter(id=endpoint_id).first()
    if found is None:
        raise queries.NoSuchEndpoint("There is no such webhook.")
    if version is not None and version != found.version:
        raise Stale("This webhook was changed in the meantime. Read it again.")
    return found


def switch_on(endpoint: Endpoint) -> None:
    """It hears again of what happens from now on; the caller saves."""
    endpoint.is_active, endpoint.disabled_at = True, None
    endpoint.disabled_because, endpoint.failing_since = Endpoint.Why.NONE, None


def switch_off(endpoint: Endpoint, *, at: datetime, because: str) -> None:
    """It hears no more, and what waits is stopped; the caller saves."""
    endpoint.is_active, endpoint.disabled_at, endpoint.disabled_because = False, at, because
    rows = Delivery.objects.of(endpoint.organization_id).filter(
        endpoint_id=endpoint.id, state=Delivery.State.WAITING
    )
    rows.update(state=Delivery.State.STOPPED, finished_at=at, next_attempt_at=None)
    PendingDelivery.objects.filter(
        organization_id=endpoint.organization_id, endpoint_id=endpoint.id
    ).delete()


def note(
    endpoint: Endpoint,
    *,
    by: Actor,
    action: str,
    before: dict[str, Any] | None,
    is_gone: bool = False,
) -> None:
    """The audit entry of a change; never a secret."""
    audit.record(
        by=by,
        action=action,
        table="webhooks_endpoint",
        row_id=endpoint.id,
        before=before,
        after=None if is_gone else told(endpoint),
    )


def told(endpoint: Endpoint) -> dict[str, Any]:
    """What the audit trail says of an endpoint."""
    return {
        "name": endpoint.name,
        "url": endpoint.url,
        "types": list(endpoint.types),
        "api_version": endpoint.api_version,
        "is_active": endpoint.is_active,
        "disabled_because": str(endpoint.disabled_because),
        "previous_secret_until": endpoint.previous_until,
    }
