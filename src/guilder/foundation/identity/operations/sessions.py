"""Signing in: passwords and second factors, and the tokens of programs.

A login opens a session, a family of refresh tokens of which only the newest works. Showing an older
one ends the family: somebody has a copy (RFC 9700, section 4.14.2).
"""

import hashlib
import hmac
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from guilder.foundation.edges import throttle
from guilder.foundation.identity import calc
from guilder.foundation.identity.hashing import fits, fits_nobody
from guilder.foundation.identity.models import LoginSession, Membership, User
from guilder.foundation.identity.operations.second import MfaRequired as MfaRequired
from guilder.foundation.identity.operations.second import WrongCode as WrongCode
from guilder.foundation.identity.operations.second import check_second_factor
from guilder.foundation.identity.queries import NotSignedIn, signing_keys
from guilder.foundation.tenancy.ids import uuid7

logger = logging.getLogger("guilder.security")

SESSION_LIFE = timedelta(days=14)
DEMO_EMAIL = "demo@guilder.example"
WRONG = "The mail address or the password is wrong."


class WrongPassword(NotSignedIn):
    """Unknown address, wrong password or a user who was shut out: all three told alike."""

    code = "identity.wrong_password"


class SessionEnded(NotSignedIn):
    """The refresh token is unknown, used before, expired, or its session was ended."""

    code = "identity.session_ended"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a program gets; `expires_in` are the seconds that the access token lives."""

    access: str
    refresh: str
    expires_in: int
    session_id: UUID
    user_id: UUID


def check_password(*, email: str, password: str, address: str = "", code: str = "") -> User:
    """The user whose password (and second factor, where there is one) this is.

    Counts the attempt for its address and for the account first. Raises TooManyRequests,
    SignInsBusy, WrongPassword, MfaRequired, WrongCode.
    """
    user = check_first_factor(email=email, password=password, address=address)
    check_second_factor(user, code)
    return user


def check_first_factor(*, email: str, password: str, address: str = "") -> User:
    """The user whose password this is; a second factor may still be wanted.

    Counts the attempt first. Raises TooManyRequests, WrongPassword, SignInsBusy.
    """
    wanted = email.strip().lower()
    count_attempt(wanted, address=address)
    user = User.objects.filter(email=wanted).first()
    if user is None or not is_admitted(user, address=address) or not user.has_usable_password():
        fits_nobody(password)
        raise WrongPassword(WRONG)
    if not fits(user, password):
        logger.warning("A wrong password for user %s from %s.", user.id, address or "here")
        raise WrongPassword(WRONG)
    return user


def check_code(user: User, code: str, *, address: str = "") -> str:
    """The second step after `check_first_factor`; counted like an attempt of its own.

    Gives what `check_second_factor` gives. Raises TooManyRequests, MfaRequired, WrongCode.
    """
    count_attempt(user.email, address=address)
    return check_second_factor(user, code)


def count_attempt(email: str, *, address: str) -> None:
    """Count a login for its address, for the pair of address and account, and more generously for
    the account from everywhere.

    A stranger can therefore slow an account down, never lock it. Raises TooManyRequests.
    """
    rate = throttle.rate_of("login")
    if not address or rate is None:
        return
    account = hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]
    where = throttle.who_at(address)
    throttle.spend("login", where)
    throttle.spend("pair", f"{where}|{account}")
    throttle.spend("account", account)


def is_admitted(user: User, *, address: str) -> bool:
    """Whether the user may sign in at all; the demo's user only on this machine."""
    near = address in {"", "127.0.0.1", "::1"}
    return user.is_active and (near or user.email != DEMO_EMAIL)


def login(
    *,
    email: str,
    password: str,
    address: str = "",
    agent: str = "",
    code: str = "",
    organization_id: UUID | None = None,
) -> Tokens:
    """Sign a program in. `organization_id` is the one that calls mean when they name none.

    Raises what `check_password` raises.
    """
    user = check_password(email=email, password=password, address=address, code=code)
    return open_session(user, address=address, agent=agent, organization_id=organization_id)


def open_session(
    user: User, *, address: str = "", agent: str = "", organization_id: UUID | None = None
) -> Tokens:
    """Tokens for a user who has proved who they are."""
    if organization_id is not None:
        belongs = Membership.objects.filter(
            user=user, organization_id=organization_id, is_active=True
        ).exists()
        organization_id = organization_id if belongs else None
    session_id = uuid7()
    refresh_token = calc.new_refresh_token(session_id, 1)
    LoginSession.objects.create(
        id=session_id,
        user=user,
        organization_id=organization_id,
        refresh_hash=calc.digest(refresh_token),
        address=address[:45],
        agent=agent[:200],
        expires_at=Now() + SESSION_LIFE,
    )
    User.objects.filter(id=user.id).update(last_login=Now())
    return tokens_of(user.id, session_id, refresh_token)


def refresh(token: str) -> Tokens:
    """New tokens for the newest refresh token of a session; the old one is used up.

    Raises SessionEnded; an older token of the same session ends it.
    """
    parts = calc.read_refresh_token(token)
    if parts is None:
        raise SessionEnded("This is no valid refresh token. Sign in again.")
    with transaction.atomic():
        session = (
            LoginSession.objects.select_for_update(no_key=True, of=("self",))
            .filter(
                id=parts.session_id,
                revoked_at=None,
                expires_at__gt=Now(),
                user__is_active=True,
            )
            .first()
        )
        fresh = session and renewed(session, token, parts)
    if session is None or fresh is None:
        raise SessionEnded("This session has ended. Sign in again.")
    return tokens_of(session.user_id, session.id, fresh)  # type: ignore[attr-defined]


def renewed(session: LoginSession, token: str, parts: calc.RefreshParts) -> str | None:
    """The next refresh token of a locked session; None where `token` is not its newest."""
    if not hmac.compare_digest(bytes(session.refresh_hash), calc.digest(token)):
        if parts.generation < session.generation:
            logger.warning("A used refresh token came back; session %s ends.", session.id)
            end(session, because="replayed")
        return None
    session.generation += 1
    fresh = calc.new_refresh_token(session.id, session.generation)
    LoginSession.objects.filter(id=session.id).update(
        generation=session.generation, refresh_hash=calc.digest(fresh), refreshed_at=Now()
    )
    return fresh


def logout(token: str) -> None:
    """End the session of a refresh token; one that is unknown or ended is no error."""
    parts = calc.read_refresh_token(token)
    if parts is None:
        return
    session = LoginSession.objects.filter(id=parts.session_id, revoked_at=None).first()
    if session and hmac.compare_digest(bytes(session.refresh_hash), calc.digest(token)):
        end(session, because="signed_out")


def revoke_sessions(user_id: UUID, *, because: str, session_id: UUID | None = None) -> int:
    """End the token sessions of a user, or one of them; gives how many ended.

    Browser sessions end by themselves when the password changes or the user is shut out.
    """
    live = LoginSession.objects.filter(user_id=user_id, revoked_at=None)
    if session_id is not None:
        live = live.filter(id=session_id)
    return live.update(revoked_at=Now(), revoked_because=because[:40])


def end(session: LoginSession, *, because: str) -> None:
    """End one session."""
    revoke_sessions(session.user_id, because=because, session_id=session.id)  # type: ignore[attr-defined]


def tokens_of(user_id: UUID, session_id: UUID, refresh_token: str) -> Tokens:
    """Both tokens, as the program gets them."""
    claims = calc.AccessClaims(user_id=user_id, session_id=session_id)
    access = calc.access_token(claims, key=signing_keys()[0], at=int(time.time()))
    return Tokens(access, refresh_token, calc.ACCESS_SECONDS, session_id, user_id)
