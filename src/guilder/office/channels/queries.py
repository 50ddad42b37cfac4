"""Reading channels, agreements and transmissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from guilder.flows.intake.models import ReceivedDocument
from guilder.foundation.files import queries as files
from guilder.foundation.identity import queries as organizations
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.channels.models import Agreement, Channel, Status, Transmission
from guilder.office.channels.places import address_of, folder_of, path_of
from guilder.office.channels.proofs import PROOFS
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.transports.registry import transport_of, transports
from guilder.registers.parties.models import Partner

__all__ = ("address_of", "folder_of", "path_of", "transport_of", "transports")

MOST_DUE = 100
WITH = ("channel", "invoice", "partner")


class NoSuchChannel(NotFound):
    """There is no such channel in this organization."""

    code = "channel.not_found"


class NoSuchTransmission(NotFound):
    """There is no such transmission in this organization."""

    code = "transmission.not_found"


class NoBytes(NotFound):
    """Nothing travelled yet: the bytes are made with the first try."""

    code = "transmission.no_bytes"


@dataclass(frozen=True, slots=True)
class Bytes:
    """What travelled, exactly."""

    data: bytes
    filename: str
    media_type: str


def list_channels(*, by: Actor) -> list[Channel]:
    """Every channel, the oldest first."""
    by.require("partner.view")
    with transaction(by.organization_id):
        return list(Channel.objects.of(by.organization_id).order_by("created_at", "id"))


def get_channel(channel_id: UUID, *, by: Actor) -> Channel:
    """One channel; NoSuchChannel."""
    by.require("settings.view")
    with transaction(by.organization_id):
        return channel_of(channel_id, by=by)


def channel_of(channel_id: UUID, *, by: Actor) -> Channel:
    """One channel, whoever asks; NoSuchChannel."""
    found = Channel.objects.of(by.organization_id).filter(id=channel_id).first()
    if found is None:
        raise NoSuchChannel("There is no such channel.")
    return found


def called_channel(organization_id: UUID, key: str) -> Channel:
    """The channel that others call at this address; NoSuchChannel for any that is off."""
    with transaction(organization_id):
        rows = Channel.objects.of(organization_id).filter(key=key, is_active=True, receives=True)
        found = rows.first()
    if found is None or not transport_of(found.transport).is_called:
        raise NoSuchChannel("There is no such channel.")
    return found


def figures(*, by: Actor) -> dict[UUID, dict[str, int]]:
    """How the transmissions of each channel stand, in one look."""
    by.require("settings.view")
    with transaction(by.organization_id):
        rows = (
            Transmission.objects.of(by.organization_id)
            .values("channel_id")
            .annotate(
                waiting=Count("id", filter=Q(state__in=["queued", "sending", "received"])),
                failed=Count("id", filter=Q(state__in=["failed", "refused"])),
                total=Count("id"),
            )
        )
        return {row.pop("channel_id"): row for row in rows}


def agreement_with(partner_id: UUID, *, by: Actor) -> Agreement | None:
    """What was agreed with a client, its channel read too; None for mail."""
    by.require("partner.view")
    with transaction(by.organization_id):
        rows = Agreement.objects.of(by.organization_id).filter(partner_id=partner_id)
        return rows.select_related("channel").first()


def route_of(partner_id: UUID, *, by: Actor) -> Agreement | None:
    """By which channel documents go to a client now; None for mail, also where it is off."""
    rows = Agreement.objects.of(by.organization_id).filter(
        partner_id=partner_id, channel__is_active=True
    )
    return rows.select_related("channel").first()


def format_of(partner: Partner) -> str:
    """The format that a client wants; "pdf" for a plain PDF."""
    agreed = (one for one in partner.partnerships.all() if one.side == "customer")
    found = next(agreed, None)
    return found.delivery_format if found else "pdf"


def is_xml(name: str) -> bool:
    """Whether a format is plain XML, rather than a PDF."""
    return name in TARGETS and not name.startswith("facturx")


def list_transmissions(
    *,
    by: Actor,
    invoice_id: UUID | None = None,
    partner_id: UUID | None = None,
    channel_id: UUID | None = None,
    states: Sequence[str] = (),
    direction: str = "",
    before_id: UUID | None = None,
    limit: int = 50,
) -> list[Transmission]:
    """Transmissions with channel, invoice and client, newest first."""
    by.require("invoice.view")
    wanted: dict[str, Any] = {
        "invoice_id": invoice_id,
        "partner_id": partner_id,
        "channel_id": channel_id,
        "direction": direction or None,
        "id__lt": before_id,
    }
    with transaction(by.organization_id):
        rows = visible_to(by).filter(
            **{name: value for name, value in wanted.items() if value is not None}
        )
        if states:
            rows = rows.filter(state__in=states)
        return list(rows.select_related(*WITH).order_by("-id")[:limit])


def get_transmission(transmission_id: UUID, *, by: Actor) -> Transmission:
    """One transmission; NoSuchTransmission also for what this actor may not see."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        found = visible_to(by).select_related(*WITH).filter(id=transmission_id).first()
    if found is None:
        raise NoSuchTransmission("There is no such transmission.")
    return found


def visible_to(by: Actor) -> Any:
    """The transmissions that an actor may see: all, or those of their own papers."""
    rows = Transmission.objects.of(by.organization_id)
    if by.row_rule == "all":
        return rows
    owner = by.user_id or by.organization_id
    return rows.filter(Q(invoice__created_by_id=owner) | Q(created_by_id=owner))


def history_of(transmission_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, list[Status]]:
    """Every status of some transmissions, oldest first; of those that were read before."""
    by.require("invoice.view")
    found: dict[UUID, list[Status]] = {one: [] for one in transmission_ids}
    with transaction(by.organization_id):
        rows = Status.objects.of(by.organization_id).filter(transmission_id__in=transmission_ids)
        for row in rows.order_by("transmission_id", "step"):
            found[row.transmission_id].append(row)
    return found


def responses_to(transmission_id: UUID, *, by: Actor) -> list[Transmission]:
    """What was answered, by either side, oldest first."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = Transmission.objects.of(by.organization_id).filter(answers_id=transmission_id)
        return list(rows.order_by("id"))


def bytes_of(transmission_id: UUID, *, by: Actor, evidence: bool = False) -> Bytes:
    """The exact bytes that travelled, or what the other side signed for them.

    Raises NoSuchTransmission, NoBytes.
    """
    row = get_transmission(transmission_id, by=by)
    file_id = row.evidence_id if evidence else row.file_id
    if file_id is None:
        raise NoBytes("Its bytes are made when it is sent for the first time.")
    stored = files.get_file(file_id, by=by)
    return Bytes(files.read(file_id, by=by), stored.filename, stored.media_type)


def due(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """(organization, transmission) of what is to be tried at `at`, or was never handed over."""
    found: list[tuple[UUID, UUID]] = []
    for organization in all_organizations():
        with transaction(organization):
            rows = Transmission.objects.of(organization).filter(
                state__in=["queued", "sending"], next_attempt_at__lte=at
            )
            ids = rows.order_by("next_attempt_at").values_list("id", flat=True)[:MOST_DUE]
            found += [(organization, one) for one in ids]
    return found


def unread() -> list[tuple[UUID, UUID]]:
    """(organization, transmission) of what came in and was not handed over yet."""
    found: list[tuple[UUID, UUID]] = []
    for organization in all_organizations():
        with transaction(organization):
            rows = Transmission.objects.of(organization).filter(state="received")
            ids = rows.order_by("id").values_list("id", flat=True)[:MOST_DUE]
            found += [(organization, one) for one in ids]
    return found


def collecting() -> list[tuple[UUID, UUID]]:
    """(organization, channel) of every channel where something may wait to be picked up."""
    names = [one.name for one in transports().values() if one.collects]
    found: list[tuple[UUID, UUID]] = []
    for organization in all_organizations():
        with transaction(organization):
            rows = Channel.objects.of(organization).filter(
                is_active=True, receives=True, transport__in=names
            )
            found += [(organization, one) for one in rows.values_list("id", flat=True)]
    return found


def all_organizations() -> list[UUID]:
    """Every organization of the installation."""
    return list(organizations.organizations().values_list("id", flat=True))


def proofs() -> tuple[tuple[str, str, str], ...]:
    """What always holds of transmissions, for `verify`."""
    return PROOFS


def answers_by_itself(organization_id: UUID) -> bool:
    """Whether any channel tells senders what becomes of their documents."""
    with transaction(organization_id):
        return Channel.objects.of(organization_id).filter(answers=True).exists()


def papers_of_bill(organization_id: UUID, bill_id: UUID) -> list[str]:
    """The hashes of the files that a bill was made of."""
    with transaction(organization_id):
        found = ReceivedDocument.objects.of(organization_id).filter(bill_id=bill_id)
        return sorted(set(found.values_list("sha256", flat=True)))


def hash_of_paper(organization_id: UUID, document_id: UUID) -> str:
    """The hash of a received paper's file; "" where it is gone."""
    with transaction(organization_id):
        found = ReceivedDocument.objects.of(organization_id).filter(id=document_id)
        return found.values_list("sha256", flat=True).first() or ""
