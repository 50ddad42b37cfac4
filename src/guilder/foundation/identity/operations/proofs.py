"""Sensitive acts of programs: a fresh proof of who one is, or a key that was made for just this."""

from datetime import datetime, timedelta
from uuid import UUID

from guilder.foundation.identity import calc
from guilder.foundation.identity.models import ApiKey, LoginSession
from guilder.foundation.identity.operations.sessions import check_code, check_first_factor
from guilder.foundation.identity.queries import NotSignedIn, signing_keys
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, NotAllowed, Problem


class ProofWanted(NotAllowed):
    """Who asks proved who they are too long ago."""

    code = "auth.proof_wanted"


class ScopeWanted(NotAllowed):
    """A key does this only where its scopes name it; no scopes at all do not."""

    code = "auth.scope_wanted"


class NobodyToProve(NotAllowed):
    """A key has no person behind it who could prove anything."""

    code = "auth.nobody_to_prove"


class NoProofGiven(Invalid):
    """Neither a password nor a code was sent."""

    code = "auth.no_proof_given"


def prove_session(
    session_id: UUID, *, password: str = "", code: str = "", address: str = "", at: datetime
) -> None:
    """From now on, for a while, sensitive acts of this session need no further proof.

    A code of an authenticator app, a recovery code, or the password; each counts as a sign-in
    does. Call it outside transactions. Raises NotSignedIn, NoProofGiven, WrongPassword, WrongCode,
    TooManyRequests.
    """
    session = LoginSession.objects.select_related("user").filter(
        id=session_id, revoked_at=None, expires_at__gt=at, user__is_active=True
    )
    found = session.first()
    if found is None:
        raise NotSignedIn("This session has ended. Sign in again.")
    if not password and not code:
        text = "Send your password, or the code of your authenticator app."
        raise NoProofGiven(problems=[Problem("/password", "required", text)])
    if code:
        check_code(found.user, code, address=address)
    else:
        check_first_factor(email=found.user.email, password=password, address=address)
    session.update(proved_at=at)


def require_fresh_proof(
    session_id: UUID | None, *, at: datetime, within: timedelta, how: str
) -> None:
    """Raise ProofWanted where a session's last proof is older than `within`; `how` says what to
    do."""
    proved_at = (
        LoginSession.objects.filter(id=session_id).values_list("proved_at", flat=True).first()
    )
    if proved_at is None or not timedelta(0) <= at - proved_at < within:
        raise ProofWanted(how)


def require_key_for(permission: str, *, by: Actor) -> None:
    """Raise ScopeWanted unless the actor's key was given `permission` by name, or its thing.*."""
    scopes = ApiKey.objects.filter(id=by.key_id).values_list("scopes", flat=True).first() or []
    if permission not in scopes and f"{permission.partition('.')[0]}.*" not in scopes:
        raise ScopeWanted(
            f"Make a key whose scopes name “{permission}”; without scopes it does nothing such."
        )


def session_of(authorization: str) -> UUID | None:
    """The session of an Authorization header with an access token; None for everything else."""
    token = authorization.strip().partition(" ")[2].strip()
    if not token.isascii() or token.startswith(calc.KEY_START):
        return None
    claims = calc.read_access_token(token, keys=signing_keys())
    return claims.session_id if claims else None
