"""Keeping channels: made, changed, tried, taken away."""

import secrets as chances
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db import transaction as database

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Stale
from guilder.office.channels import places, queries
from guilder.office.channels.events import ChannelChanged, ChannelDeleted
from guilder.office.channels.models import Agreement, Channel, Transmission
from guilder.office.channels.reading import ChannelInput, read_channel
from guilder.papers.exchange.transports import signing
from guilder.papers.exchange.transports.registry import transport_of

MOST = 50


class TooManyChannels(Conflict):
    """An organization has as many channels as it may."""

    code = "channel.too_many"


class NameTaken(Conflict):
    """Another channel has this name."""

    code = "channel.name_taken"


class InUse(Conflict):
    """Clients or transmissions hang on the channel."""

    code = "channel.in_use"


def create_channel(*, by: Actor, data: Mapping[str, Any], at: datetime) -> tuple[Channel, str]:
    """(channel, its secret): a secret that was made here is shown now and never again.

    Raises Invalid with every fault, NameTaken, TooManyChannels.
    """
    by.require("settings.edit")
    read, made = with_secret(read_channel(data), kept={})
    with transaction(by.organization_id):
        if Channel.objects.of(by.organization_id).count() >= MOST:
            raise TooManyChannels(f"There are {MOST} channels already. Delete one first.")
        channel = Channel(
            organization_id=by.organization_id,
            key=chances.token_urlsafe(32),
            created_by_id=by.user_id,
            created_at=at,
        )
        fill(channel, read, kept={})
        saved(channel, is_new=True)
        note(channel, by=by, action="channel.create", before=None, secrets=read.secrets)
        bus.publish(ChannelChanged(channel_id=channel.id, name=channel.name), by=by)
    return channel, made


def update_channel(
    channel_id: UUID,
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
) -> Channel:
    """Change what `data` names; a secret that is not sent stays, its transport too.

    Raises Invalid, NameTaken, Stale, NoSuchChannel.
    """
    del at
    by.require("settings.edit")
    with transaction(by.organization_id):
        channel = locked(channel_id, by=by, version=version)
        kept = places.opened(channel)
        before = told(channel)
        read = read_channel(
            {**data, "transport": channel.transport}, kept=before, kept_secrets=kept
        )
        fill(channel, read, kept=kept)
        channel.version += 1
        saved(channel, is_new=False)
        note(channel, by=by, action="channel.change", before=before, secrets=read.secrets)
        bus.publish(ChannelChanged(channel_id=channel.id, name=channel.name), by=by)
    return channel


def delete_channel(channel_id: UUID, *, by: Actor, version: int | None = None) -> None:
    """Take away a channel that nothing has used yet. Raises InUse, NoSuchChannel, Stale."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        channel = locked(channel_id, by=by, version=version)
        for table in (Agreement, Transmission):
            if table.objects.of(by.organization_id).filter(channel_id=channel_id).exists():
                raise InUse("Clients or documents use this channel. Switch it off instead.")
        note(channel, by=by, action="channel.delete", before=told(channel), secrets={})
        channel.delete()
        bus.publish(ChannelDeleted(channel_id=channel_id, name=channel.name), by=by)


def try_channel(channel_id: UUID, *, by: Actor, at: datetime) -> str:
    """See whether a channel would work; one sentence. Call it outside transactions.

    Raises what transports raise (Temporary, Refused), NoSuchChannel.
    """
    by.require("settings.edit")
    channel = queries.get_channel(channel_id, by=by)
    said = transport_of(channel.transport).try_out(places.place_of(channel, at=at))
    with transaction(by.organization_id):
        Channel.objects.of(by.organization_id).filter(id=channel_id).update(
            problem="", problem_at=None
        )
    return said


def with_secret(read: ChannelInput, *, kept: Mapping[str, str]) -> tuple[ChannelInput, str]:
    """Where a transport signs with a secret and none was entered, one is made."""
    signs = any(one.name == "secret" and one.kind == "secret" for one in read.transport.fields)
    if not signs or read.secrets.get("secret") or kept.get("secret"):
        return read, ""
    made = signing.new_secret()
    read.secrets["secret"] = made
    return read, made


def fill(channel: Channel, read: ChannelInput, *, kept: Mapping[str, str]) -> None:
    """Put what was read into the row."""
    channel.name, channel.transport = read.name, read.transport.name
    channel.settings, channel.is_active = read.settings, read.is_active
    channel.receives, channel.answers = read.receives, read.answers
    channel.sealed_secrets = places.sealed(
        {**kept, **read.secrets}, organization_id=channel.organization_id
    )


def saved(channel: Channel, *, is_new: bool) -> None:
    """Save it. Raises NameTaken."""
    try:
        with database.atomic():
            channel.save(force_insert=is_new)
    except IntegrityError as error:
        if "channels_name_once" not in str(error):
            raise
        raise NameTaken(f"There is a channel called “{channel.name}” already.") from error


def locked(channel_id: UUID, *, by: Actor, version: int | None) -> Channel:
    """The channel under lock, in the version that the caller read."""
    found = Channel.objects.of(by.organization_id).lock().filter(id=channel_id).first()
    if found is None:
        raise queries.NoSuchChannel("There is no such channel.")
    if version is not None and version != found.version:
        raise Stale("This channel was changed in the meantime. Read it again.")
    return found


def told(channel: Channel) -> dict[str, Any]:
    """What may be shown and audited."""
    return {
        "name": channel.name,
        "transport": channel.transport,
        "settings": dict(channel.settings),
        "is_active": channel.is_active,
        "receives": channel.receives,
        "answers": channel.answers,
    }


def note(
    channel: Channel,
    *,
    by: Actor,
    action: str,
    before: dict[str, Any] | None,
    secrets: Mapping[str, str],
) -> None:
    """The audit entry; of secrets only that they changed."""
    gone = action == "channel.delete"
    audit.record(
        by=by,
        action=action,
        table="channels_channel",
        row_id=channel.id,
        before=before,
        after=None if gone else told(channel) | dict.fromkeys(secrets, "changed"),
    )
