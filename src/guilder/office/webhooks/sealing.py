"""The secrets of an endpoint, sealed at rest."""

from datetime import datetime
from uuid import UUID

from guilder.foundation.edges import secrets
from guilder.office.webhooks.models import Endpoint

PURPOSE = "webhooks.secret"


def sealed(secret: str, *, organization_id: UUID) -> bytes:
    """A secret as it is stored."""
    return secrets.seal(secret, organization_id=organization_id, purpose=PURPOSE)


def keys_of(endpoint: Endpoint, *, at: datetime) -> list[str]:
    """The secrets that sign for an endpoint at `at`, the newest first. Raises CannotOpen."""
    kept = [endpoint.secret]
    if endpoint.previous_secret is not None and (endpoint.previous_until or at) > at:
        kept.append(endpoint.previous_secret)
    return [
        secrets.open(bytes(one), organization_id=endpoint.organization_id, purpose=PURPOSE)
        for one in kept
    ]
