"""Users: made, changed, given a new password, shut out. A user is global, by mail address."""

import hashlib
import logging
from typing import Any
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from guilder.foundation.identity.hashing import fits
from guilder.foundation.identity.models import Membership, User, UserPicture
from guilder.foundation.identity.operations.browsers import end_other_sessions
from guilder.foundation.identity.operations.sessions import revoke_sessions
from guilder.foundation.identity.passwords import guessed_problems, words_of
from guilder.kernel.errors import Conflict, Invalid, NotFound, Problem
from guilder.kernel.zones import time_zones

logger = logging.getLogger("guilder.security")

CHANGEABLE = ("name", "phone", "language", "formats", "time_zone")


class BadUser(Invalid):
    """Something about the user's data is wrong; `problems` say what."""

    code = "identity.bad_user"


class EmailTaken(Conflict):
    """Another user has that mail address."""

    code = "identity.email_taken"


class NoSuchUser(NotFound):
    """There is no user of that id."""

    code = "identity.no_such_user"


def create_user(
    *,
    email: str,
    password: str | None,
    name: str = "",
    language: str = "",
    time_zone: str = "",
    is_operator: bool = False,
) -> User:
    """A user who may sign in at once; without a password only by other means (OpenID Connect).

    For operators, the command line and invitations: the caller has judged who may. Raises BadUser
    with every fault found, EmailTaken.
    """
    fields: dict[str, Any] = {"name": name.strip(), "language": language, "time_zone": time_zone}
    user = User(email=email.strip().lower(), is_operator=is_operator, **fields)
    problems = [*email_problems(user.email), *field_problems(fields)]
    if password is not None:
        problems += password_problems(password, user=user)
    if problems:
        raise BadUser(problems=problems)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            remember_address(user)
    except IntegrityError as error:
        raise EmailTaken(f"There is a user with the address {user.email} already.") from error
    logger.info("User %s was made.", user.id)
    return user


def remember_address(user: User) -> None:
    """Tell allauth that the address is the user's own: second factors may be set up."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def update_user(user_id: UUID, *, data: dict[str, Any]) -> User:
    """Change a user's own name, phone, language, locale of figures or time zone.

    Raises BadUser, NoSuchUser.
    """
    changes = {name: str(value).strip() for name, value in data.items() if name in CHANGEABLE}
    problems = field_problems(changes)
    if problems:
        raise BadUser(problems=problems)
    with transaction.atomic():
        user = locked_user(user_id)
        is_renamed = changes.get("name", user.name) != user.name
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=list(changes))
        if is_renamed:  # a user is nobody's row: what shows the name is told by the memberships
            Membership.objects.filter(user_id=user_id).update(user_id=user_id)
    return user


def set_password(user_id: UUID, *, password: str) -> None:
    """Give a user a new password and end all their sessions. Raises BadUser, NoSuchUser."""
    with transaction.atomic():
        user = locked_user(user_id)
        problems = password_problems(password, user=user)
        if problems:
            raise BadUser(problems=problems)
        user.set_password(password)
        user.save(update_fields=["password"])
        revoke_sessions(user_id, because="password_changed")
    logger.info("User %s has a new password.", user_id)


def set_picture(user_id: UUID, *, png: bytes) -> str:
    """Give a user a picture that is a PNG of our own making; b"" takes it away. Gives its mark.

    Raises NoSuchUser.
    """
    mark = hashlib.sha256(png).hexdigest()[:16] if png else ""
    with transaction.atomic():
        user = locked_user(user_id)
        UserPicture.objects.filter(user=user).delete()
        if png:
            UserPicture.objects.create(user=user, png=png)
        user.picture_mark = mark
        user.save(update_fields=["picture_mark"])
    return mark


def change_password(user_id: UUID, *, current: str, password: str) -> None:
    """A new password for oneself: asks for the one that holds. Ends all other sessions.

    Raises BadUser with every fault, NoSuchUser, SignInsBusy.
    """
    with transaction.atomic():
        user = locked_user(user_id)
        problems = password_problems(password, user=user)
        if not fits(user, current):
            words = "This is not your current password."
            problems.insert(0, Problem("/current", "identity.wrong_current", words))
    if problems:
        raise BadUser(problems=problems)
    set_password(user_id, password=password)


def deactivate_user(user_id: UUID) -> None:
    """Shut a user out of the installation: the next request of every session is refused."""
    with transaction.atomic():
        user = locked_user(user_id)
        user.is_active = False
        user.save(update_fields=["is_active"])
        revoke_sessions(user_id, because="deactivated")
        end_other_sessions(user_id, besides="")
    logger.info("User %s was shut out.", user_id)


def locked_user(user_id: UUID) -> User:
    """The user, locked until the end of the transaction. Raises NoSuchUser."""
    user = User.objects.select_for_update(no_key=True).filter(id=user_id).first()
    if user is None:
        raise NoSuchUser("There is no such user.")
    return user


def email_problems(email: str) -> list[Problem]:
    """What is wrong with a mail address."""
    try:
        validate_email(email)
    except ValidationError:
        return [Problem("/email", "identity.bad_email", "Enter a mail address like a@example.org.")]
    return []


def password_problems(password: str, *, user: User) -> list[Problem]:
    """What is wrong with a password, one problem for each rule that it breaks."""
    guessed = guessed_problems(password, words=words_of(user))
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        return guessed + [
            Problem("/password", f"identity.{fault.code}", message)
            for fault in error.error_list or ()
            for message in fault.messages
        ]
    return guessed


def field_problems(fields: dict[str, Any]) -> list[Problem]:
    """What is wrong with the rest."""
    problems = []
    if len(fields.get("name", "")) > 200:
        problems.append(
            Problem("/name", "identity.name_too_long", "Use at most 200 characters for the name.")
        )
    if len(fields.get("phone", "")) > 40:
        problems.append(
            Problem("/phone", "identity.phone_too_long", "Use at most 40 characters for the phone.")
        )
    language = fields.get("language", "")
    if language and language not in dict(settings.LANGUAGES):
        problems.append(
            Problem(
                "/language",
                "identity.unknown_language",
                f"Choose one of these languages: {', '.join(dict(settings.LANGUAGES))}.",
            )
        )
    formats = fields.get("formats", "")
    if formats and not is_locale(formats):
        problems.append(
            Problem("/formats", "identity.unknown_locale", "Enter a locale such as en-GB.")
        )
    zone = fields.get("time_zone", "")
    if zone and zone not in time_zones():
        problems.append(
            Problem(
                "/time_zone",
                "identity.unknown_time_zone",
                "Enter a time zone such as Europe/Berlin.",
            )
        )
    return problems


def is_locale(tag: str) -> bool:
    """Whether CLDR has a BCP 47 tag such as de-CH."""
    try:
        return bool(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False
