"""allauth's headless login (second factors, passkeys, OpenID Connect) gives out our own tokens.

Named in settings as HEADLESS_TOKEN_STRATEGY. While somebody is still signing in, allauth keeps a
session; once they are in, the tokens are those of `operations.open_session`.
"""

from typing import Any

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.http import HttpRequest

from guilder.foundation.identity.models import User
from guilder.foundation.identity.operations import sessions
from guilder.foundation.identity.queries import NotSignedIn


class TokenStrategy(SessionTokenStrategy):
    """Access and refresh tokens with a session that can be ended."""

    def create_access_token_payload(self, request: HttpRequest) -> dict[str, Any] | None:
        """Both tokens for the user who has just signed in."""
        user = request.user
        if not isinstance(user, User):
            return None
        tokens = sessions.open_session(
            user,
            address=request.META.get("REMOTE_ADDR", ""),
            agent=request.headers.get("User-Agent", ""),
        )
        return {
            "access_token": tokens.access,
            "refresh_token": tokens.refresh,
            "expires_in": tokens.expires_in,
        }

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        """(access token, next refresh token), or None where the session has ended."""
        try:
            tokens = sessions.refresh(refresh_token)
        except NotSignedIn:
            return None
        return tokens.access, tokens.refresh
