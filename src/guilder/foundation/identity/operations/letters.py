"""Links by mail that work once: activation of an account, and a new password.

Nobody learns from a request whether an address is known: the same is answered, and what differs is
the mail. A secret is made when its mail goes out, and only its SHA-256 is kept.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction as database

from guilder.foundation.identity import calc
from guilder.foundation.identity.models import User
from guilder.foundation.identity.operations.browsers import end_other_sessions
from guilder.foundation.identity.operations.users import (
    create_user,
    email_problems,
    set_password,
)
from guilder.foundation.identity.signing import PersonalLink
from guilder.kernel.errors import Invalid, NotAllowed, NotFound, Problem

logger = logging.getLogger("guilder.security")

LIVES = {
    PersonalLink.Kind.RESET: timedelta(hours=1),
    PersonalLink.Kind.ACTIVATE: timedelta(days=1),
}
OFF, INVITATION, OPEN = "off", "invitation", "open"


class NoSuchLink(NotFound):
    """The link is unknown, used, expired or withdrawn; all are told alike."""

    code = "identity.no_such_link"


class RegistrationClosed(NotAllowed):
    """This installation takes nobody in that way."""

    code = "identity.registration_closed"


class BadAddress(Invalid):
    """This is no mail address."""

    code = "identity.bad_email"


@dataclass(frozen=True, slots=True)
class Written:
    """A link that is about to be mailed: to whom, in which language, and its secret ("" where the
    mail only says that nothing is to be done)."""

    kind: str
    email: str
    name: str
    language: str
    secret: str
    user_id: UUID | None = None


def registration() -> str:
    """Who may make an account: "off", "invitation" or "open" (GUILDER_REGISTRATION)."""
    return str(getattr(settings, "REGISTRATION", INVITATION))


def write_activation(*, email: str, name: str = "", language: str = "", at: datetime) -> Written:
    """The link of somebody who registers; who has an account is told so, without a link.

    Raises RegistrationClosed, BadAddress.
    """
    if registration() != OPEN:
        raise RegistrationClosed("Ask an admin to invite you.")
    wanted = email.strip().lower()
    refuse_bad_email(wanted)
    known = User.objects.filter(email=wanted).first()
    if known is not None:
        return Written("known", known.email, known.name, known.language or language, "", known.id)
    secret = calc.new_secret()
    with database.atomic():
        PersonalLink.objects.filter(kind="activate", email=wanted, used_at=None).delete()
        keep(PersonalLink.Kind.ACTIVATE, secret, at=at, email=wanted, name=name[:200].strip(),
             language=language[:10])  # fmt: skip
    return Written("activate", wanted, name, language, secret)


def write_reset(*, email: str, language: str = "", at: datetime) -> Written | None:
    """The link for a new password, to the address that is stored; None where nobody has it."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return None
    secret = calc.new_secret()
    with database.atomic():
        PersonalLink.objects.filter(kind="reset", user=user, used_at=None).delete()
        keep(PersonalLink.Kind.RESET, secret, at=at, email=user.email, user=user)
    return Written("reset", user.email, user.name, user.language or language, secret, user.id)


def keep(kind: PersonalLink.Kind, secret: str, *, at: datetime, **fields: Any) -> PersonalLink:
    """A link with its secret."""
    return PersonalLink.objects.create(
        kind=kind, token_hash=calc.digest(secret), expires_at=at + LIVES[kind], **fields
    )


def find_link(kind: str, secret: str, *, at: datetime, lock: bool = False) -> PersonalLink:
    """The live link of a secret. Raises NoSuchLink. Count guesses in the scope "secret" first."""
    if not secret or not secret.isascii() or len(secret) > 100:
        raise NoSuchLink("This link is not valid any more; ask for a new one.")
    rows = PersonalLink.objects.all()
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(
        kind=kind,
        token_hash=calc.digest(secret),
        used_at=None,
        expires_at__gt=at,
    ).first()
    if found is None:
        raise NoSuchLink("This link is not valid any more; ask for a new one.")
    return found


def activate(secret: str, *, name: str, password: str, at: datetime) -> User:
    """The account of somebody who registered; the link is used up.

    Raises NoSuchLink, BadUser, EmailTaken.
    """
    with database.atomic():
        link = find_link("activate", secret, at=at, lock=True)
        user = create_user(
            email=link.email, password=password, name=name or link.name, language=link.language
        )
        use(link, at=at)
    return user


def reset_password(secret: str, *, password: str, at: datetime) -> User:
    """A new password by a link; all sessions and other links of the person end.

    Raises NoSuchLink, BadUser.
    """
    with database.atomic():
        link = find_link("reset", secret, at=at, lock=True)
        user = User.objects.filter(id=link.user_id, is_active=True).first()  # type: ignore[attr-defined]
        if user is None or user.email != link.email:
            raise NoSuchLink("This link is not valid any more; ask for a new one.")
        set_password(user.id, password=password)
        PersonalLink.objects.filter(user=user, used_at=None).update(used_at=at)
    end_other_sessions(user.id, besides="")
    logger.info("User %s has a new password by a link.", user.id)
    user.refresh_from_db()
    return user


def use(link: PersonalLink, *, at: datetime) -> None:
    """Note that a locked link was used."""
    link.used_at = at
    link.save(update_fields=["used_at"])


def refuse_bad_email(email: str) -> None:
    """Raise BadAddress."""
    problems: list[Problem] = email_problems(email)
    if problems:
        raise BadAddress(problems=problems)
