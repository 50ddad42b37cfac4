"""A channel as its transport sees it: secrets opened, a folder of its own, its address."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from guilder.foundation.edges import secrets
from guilder.office.channels.models import Channel
from guilder.papers.exchange.transports.base import Place

PURPOSE = "channels.secrets"


def place_of(channel: Channel, *, at: datetime) -> Place:
    """What a transport needs to know. Raises CannotOpen."""
    return Place(
        settings={**channel.settings, **opened(channel)},
        folder=folder_of(channel),
        at=at,
        address=address_of(channel),
    )


def opened(channel: Channel) -> dict[str, str]:
    """The secrets of a channel. Raises CannotOpen."""
    if channel.sealed_secrets is None:
        return {}
    text = secrets.open(
        bytes(channel.sealed_secrets), organization_id=channel.organization_id, purpose=PURPOSE
    )
    return msgspec.json.decode(text, type=dict[str, str])


def sealed(values: Mapping[str, Any], *, organization_id: UUID) -> bytes | None:
    """Secrets as they are stored; None where there are none."""
    kept = {name: str(value) for name, value in values.items() if value}
    if not kept:
        return None
    return secrets.seal(msgspec.json.encode(kept), organization_id=organization_id, purpose=PURPOSE)


def folder_of(channel: Channel) -> Path:
    """The folder of a channel, within that of its organization: nobody chooses a path."""
    base = Path(settings.CHANNEL_FOLDERS) / str(channel.organization_id)
    return base / str(channel.id)


def address_of(channel: Channel) -> str:
    """Where others call a channel; "" where the installation does not know its own address."""
    return f"{settings.BASE_URL}{path_of(channel)}" if settings.BASE_URL else ""


def path_of(channel: Channel) -> str:
    """The path at which others call a channel."""
    return f"/in/{channel.organization_id}/{channel.key}/"
