"""What happens to partners."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PartnerCreated:
    """A partner was entered, or became customer or supplier for the first time."""

    type: ClassVar[str] = "partner.created"
    partner_id: UUID
    side: str
    name: str


@dataclass(frozen=True, slots=True)
class PartnerChanged:
    """Something about a partner or what is agreed with it was changed."""

    type: ClassVar[str] = "partner.changed"
    partner_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PartnerArchived:
    """A partner was put away; its documents stay."""

    type: ClassVar[str] = "partner.archived"
    partner_id: UUID


@dataclass(frozen=True, slots=True)
class PartnerDeleted:
    """A partner that nothing refers to was deleted."""

    type: ClassVar[str] = "partner.deleted"
    partner_id: UUID


@dataclass(frozen=True, slots=True)
class SellerProfileChanged:
    """What documents say about the organization itself was changed."""

    type: ClassVar[str] = "seller.changed"
    organization_id: UUID


@dataclass(frozen=True, slots=True)
class ClientsAssigned:
    """A person looks after other clients than before, or belongs to others."""

    type: ClassVar[str] = "member.clients_assigned"
    user_id: UUID
    clients: int
