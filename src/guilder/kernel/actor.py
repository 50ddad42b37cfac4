"""Who asks, in the name of which organization, and what they may do."""

from dataclasses import dataclass, field
from uuid import UUID

from guilder.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person, a key or the system itself, acting for one organization.

    `source` is the door: "web", "api", "cli", "job" or "system". `permissions` holds names such
    as "invoice.issue"; `own` those of them that hold for the actor's own things only (None: as the
    role has it). `row_rule` narrows what is seen ("all", "team", "assigned", "own", "portal").
    `standing` tells versions of a custom role apart ("" for a built-in one).
    """

    organization_id: UUID
    user_id: UUID | None = None
    key_id: UUID | None = None
    name: str = ""
    role: str = ""
    source: str = "system"
    permissions: frozenset[str] = field(default_factory=frozenset)
    own: frozenset[str] | None = None
    row_rule: str = "all"
    standing: str = ""
    request_id: str = ""
    address: str = ""

    def may(self, permission: str) -> bool:
        """Whether this actor holds `permission`."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise NotAllowed unless this actor holds `permission`."""
        if permission not in self.permissions:
            raise NotAllowed(
                f"This needs the permission “{permission}”."
                " Ask an admin of the organization for it."
            )
