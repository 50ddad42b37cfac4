"""Second factors at rest: allauth keeps their secrets sealed. Named in settings as MFA_ADAPTER."""

import base64
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter

from guilder.foundation.edges import secrets

PURPOSE = "identity.second_factor"
OF_NO_ORGANIZATION = UUID(int=0)  # users are global


class MfaAdapter(DefaultMFAAdapter):
    """Seals the secrets of authenticator apps and recovery codes."""

    def _get_site_name(self) -> str:
        """What a passkey is shown as being for."""
        return "Guilder"

    def encrypt(self, text: str) -> str:
        """`text` sealed, as base64."""
        sealed = secrets.seal(text, organization_id=OF_NO_ORGANIZATION, purpose=PURPOSE)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The reverse. Raises CannotOpen."""
        sealed = base64.b64decode(encrypted_text)
        return secrets.open(sealed, organization_id=OF_NO_ORGANIZATION, purpose=PURPOSE)
