"""Passkeys (WebAuthn): the challenges that a browser's session holds, each of which counts once."""

import json
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilder.foundation.identity.models import User
from guilder.foundation.identity.operations.second import add_passkey
from guilder.foundation.identity.operations.sessions import is_admitted
from guilder.foundation.identity.queries import NotSignedIn

MOST = 20_000  # characters of what a browser sends
# What bytes of strangers make the reading raise.
BROKEN = (ValidationError, ValueError, KeyError, TypeError, AttributeError, IndexError)


class UnknownPasskey(NotSignedIn):
    """The passkey is nobody's, or what it signed does not fit the challenge."""

    code = "identity.unknown_passkey"


def begin_passkey(user: User | None) -> dict[str, Any]:
    """What the browser asks a passkey: one of `user`, or of whoever there is."""
    return dict(webauthn.begin_authentication(user))


def finish_passkey(sent: bytes, *, expected: User | None, address: str = "") -> User:
    """The user whose passkey signed the session's challenge. Raises UnknownPasskey."""
    try:
        answer = json.loads(sent[:MOST])
        user: Any = expected or webauthn.extract_user_from_response(answer)
        if not is_admitted(user, address=address):
            raise ValueError("shut out")
        passkey = webauthn.complete_authentication(user, answer)
    except BROKEN as error:
        raise UnknownPasskey("This passkey is not known here. Try another way.") from error
    finally:
        webauthn.clear_state()
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["last_used_at"])
    return user


def begin_new_passkey(user: User) -> dict[str, Any]:
    """What the browser makes a new passkey from."""
    return dict(webauthn.begin_registration(user, passwordless=True))


def finish_new_passkey(sent: bytes, *, user: User) -> list[str]:
    """Keep the passkey that the browser made; gives recovery codes where there were none.

    Raises UnknownPasskey.
    """
    try:
        answer = json.loads(sent[:MOST])
        credential = answer["credential"]
        webauthn.complete_registration(credential)
    except BROKEN as error:
        raise UnknownPasskey("The browser made no usable passkey. Try again.") from error
    finally:
        webauthn.clear_state()
    return add_passkey(user, name=str(answer.get("name", "")), credential=credential)
