"""What happens to organizations, their members and their keys."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganizationCreated:
    """An organization was made; its books are opened by who made it."""

    type: ClassVar[str] = "organization.created"
    organization_id: UUID
    name: str
    country: str
    base_currency: str


@dataclass(frozen=True, slots=True)
class OrganizationChanged:
    """Name, time zone, language or rounding of an organization changed."""

    type: ClassVar[str] = "organization.changed"
    organization_id: UUID


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """A user became a member, or came back."""

    type: ClassVar[str] = "member.added"
    user_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class MemberRoleChanged:
    """A member has another role."""

    type: ClassVar[str] = "member.role_changed"
    user_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    """A user is no longer a member."""

    type: ClassVar[str] = "member.removed"
    user_id: UUID


@dataclass(frozen=True, slots=True)
class RoleMade:
    """An organization made a role of its own."""

    type: ClassVar[str] = "role.made"
    role_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """A role of an organization's own holds something else now."""

    type: ClassVar[str] = "role.changed"
    role_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RoleDeleted:
    """A role of an organization's own is gone."""

    type: ClassVar[str] = "role.deleted"
    role_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ApiKeyRotated:
    """A key took the place of another, which works for a while yet."""

    type: ClassVar[str] = "key.rotated"
    key_id: UUID
    name: str
    replaced_id: UUID


@dataclass(frozen=True, slots=True)
class ApiKeyCreated:
    """A key was made for a program."""

    type: ClassVar[str] = "key.created"
    key_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked:
    """A key no longer works."""

    type: ClassVar[str] = "key.revoked"
    key_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class MemberInvited:
    """Somebody is asked to join; the mail with the link follows."""

    type: ClassVar[str] = "member.invited"
    invitation_id: UUID
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class InvitationWithdrawn:
    """An invitation works no more."""

    type: ClassVar[str] = "member.invitation_withdrawn"
    invitation_id: UUID
    email: str
