"""What a sensitive route asks first: a fresh proof of a person, or a key that names the right."""

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from guilder.foundation.identity import operations as identity

if TYPE_CHECKING:
    from guilder.faces.rest.routes import Call

# Whoever may do these can let others in, take everything along, or have it vanish. A route that
# changes something under one of them asks for a proof, whoever writes it.
SENSITIVE = frozenset(
    (
        *("member.edit", "partner.assign", "key.edit", "webhook.edit"),
        *("export.run", "backup.run", "partner.erase"),
    )
)
HOW = (
    "Send your password or a code to /api/v1/auth/prove/ and then this again; for a quarter of an"
    " hour you are not asked once more."
)
IN_BROWSER = "Confirm that it is you at /confirm/, and send this again."


def is_sensitive(permission: str, *, changes: bool) -> bool:
    """Whether a route of the table asks for a proof by itself."""
    return changes and permission in SENSITIVE


def guard(permission: str) -> "Guard":
    """The question of a route under `permission`, as its `before`."""
    return Guard(permission)


class Guard:
    """Asks for the proof that one route wants."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, call: "Call") -> None:
        """Raise ProofWanted, ScopeWanted."""
        if call.by.key_id is not None:
            identity.require_key_for(self.permission, by=call.by)
        elif call.by.source == "web":
            require_browser(call)
        else:
            identity.require_fresh_proof(
                identity.session_of(call.request.headers.get("Authorization", "")),
                at=call.at,
                within=timedelta(seconds=settings.PROOF_SECONDS),
                how=HOW,
            )


def require_browser(call: "Call") -> None:
    """Raise ProofWanted for a browser's session whose last proof is too old."""
    age = time.time() - call.request.session.get("proved_at", 0)
    if not 0 <= age < settings.PROOF_SECONDS:
        raise identity.ProofWanted(IN_BROWSER)
