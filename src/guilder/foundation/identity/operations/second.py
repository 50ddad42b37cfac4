"""Second factors: authenticator apps (RFC 6238), recovery codes, passkeys (WebAuthn).

allauth keeps them; a code counts once, over all processes.
"""

import hmac
import logging
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.db.models.functions import Now

from guilder.foundation.identity.models import User
from guilder.foundation.identity.queries import NotSignedIn
from guilder.kernel.errors import Conflict, Invalid, NotFound, Problem

logger = logging.getLogger("guilder.security")

PERIOD = 30  # seconds
DRIFT = 1  # periods that a clock may be off
Type = Authenticator.Type


class MfaRequired(NotSignedIn):
    """The password is right; a code of the second factor is needed too."""

    code = "mfa_required"


class WrongCode(NotSignedIn):
    """The code of the second factor is wrong or was used."""

    code = "identity.wrong_code"


class WrongFirstCode(Invalid):
    """The app's first code does not fit the secret that it was shown."""

    code = "identity.wrong_first_code"


class AlreadyThere(Conflict):
    """There is an authenticator app already."""

    code = "identity.app_already_there"


class NoSuchFactor(NotFound):
    """No second factor of that id among the person's own."""

    code = "identity.no_such_factor"


def has_second_factor(user: User) -> bool:
    """Whether a password alone does not let this person in."""
    return Authenticator.objects.filter(user=user, type__in=[Type.TOTP, Type.WEBAUTHN]).exists()


def check_second_factor(user: User, code: str) -> str:
    """Ask for and check a code of an app or a recovery code where the user has a second factor.

    Gives which it was: "app", "recovery", or "" where none is asked for. Raises MfaRequired,
    WrongCode.
    """
    if not has_second_factor(user):
        return ""
    if not code.strip():
        raise MfaRequired("Enter the code of your second factor too.")
    if app_code_fits(user, code):
        return "app"
    if recovery_code_fits(user, code):
        return "recovery"
    logger.warning("A wrong second factor for user %s.", user.id)
    raise WrongCode("This code is wrong or was used already; enter the next one.")


def app_code_fits(user: User, code: str) -> bool:
    """Whether an app's code is right and newer than the last that was used."""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(user=user, type=Type.TOTP).first()
        if kept is None:
            return False
        counter = counter_of(decrypt(kept.data["secret"]), code, at=time.time())
        if counter is None or counter <= kept.data.get("last_counter", 0):
            return False
        kept.data["last_counter"] = counter
        kept.last_used_at = Now()  # type: ignore[assignment]
        kept.save(update_fields=["data", "last_used_at"])
        return True


def counter_of(secret: str, code: str, *, at: float) -> int | None:
    """The period that a code is of; None where it is of none that is near."""
    plain = "".join(code.split())
    now = int(at) // PERIOD
    for counter in range(now - DRIFT, now + DRIFT + 1):
        expected = format_hotp_value(hotp_value(secret, counter))
        if plain.isascii() and hmac.compare_digest(plain, expected):
            return counter
    return None


def recovery_code_fits(user: User, code: str) -> bool:
    """Whether a recovery code is right and unused; it is used up."""
    kept = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    if kept is None or not code.isascii():
        return False
    plain = "".join(letter for letter in code if letter.isalnum())
    if not RecoveryCodes(kept).validate_code(plain):
        return False
    Authenticator.objects.filter(id=kept.pk).update(last_used_at=Now())
    logger.warning("User %s came in by a recovery code.", user.id)
    return True


def new_app_secret() -> str:
    """A secret for an authenticator app, in base 32."""
    return generate_totp_secret()


def add_app(user: User, *, secret: str, code: str) -> list[str]:
    """Keep an authenticator app that has shown a right code; gives recovery codes, new ones where
    there were none. Raises WrongFirstCode, AlreadyThere."""
    counter = counter_of(secret, code, at=time.time())
    if counter is None:
        words = "This is not the code that the app shows now. Check its clock."
        raise WrongFirstCode(problems=[Problem("/code", WrongFirstCode.code, words)])
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(id=user.id)
        if Authenticator.objects.filter(user=user, type=Type.TOTP).exists():
            raise AlreadyThere("You have an authenticator app already; remove it first.")
        kept = TOTP.activate(user, secret).instance
        kept.data["last_counter"] = counter
        kept.save(update_fields=["data"])
        codes = first_recovery_codes(user)
    logger.info("User %s has an authenticator app.", user.id)
    return codes


def add_passkey(user: User, *, name: str, credential: dict[str, Any]) -> list[str]:
    """Keep a passkey that the browser made and the server checked; gives recovery codes as
    `add_app` does."""
    with transaction.atomic():
        WebAuthn.add(user, name.strip()[:60] or "Passkey", credential)
        codes = first_recovery_codes(user)
    logger.info("User %s has a passkey more.", user.id)
    return codes


def first_recovery_codes(user: User) -> list[str]:
    """Recovery codes where there were none; [] where the person has theirs."""
    if Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        return []
    return RecoveryCodes.activate(user).generate_codes()


def new_recovery_codes(user: User) -> list[str]:
    """New recovery codes; those before are void. Raises NoSuchFactor without another factor."""
    if not has_second_factor(user):
        raise NoSuchFactor("Set up an authenticator app or a passkey first.")
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
        codes = RecoveryCodes.activate(user).generate_codes()
    logger.info("User %s has new recovery codes.", user.id)
    return codes


def remove_factor(factor_id: int, *, user: User) -> None:
    """Take an app or a passkey away; with the last one go the recovery codes. NoSuchFactor."""
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(
            id=factor_id, user=user, type__in=[Type.TOTP, Type.WEBAUTHN]
        )
        if not found.delete()[0]:
            raise NoSuchFactor("There is no such second factor.")
        if not has_second_factor(user):
            Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    logger.warning("User %s has a second factor less.", user.id)
