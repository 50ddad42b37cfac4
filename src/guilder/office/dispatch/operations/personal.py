"""Mail to one person about their account: activation, a new password, what changed.

The job that calls these is the retrying outbox: a secret is made for each try and is stored nowhere
in clear, so nobody can read it in an outbox.
"""

import logging
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotFound, Unavailable
from guilder.office.dispatch import queries, texts
from guilder.office.dispatch.calc import Failure
from guilder.office.dispatch.mail import Letter, NotDelivered, Server, all_refused, deliver

logger = logging.getLogger("guilder.mail")

NO_SERVER = "No mail server is set for the installation: set EMAIL_HOST."


class NoServerForPeople(Unavailable):
    """Neither the installation nor the person's one organization has a mail server."""

    code = "mail.no_server_for_people"


class GivenUp(Unavailable):
    """The server will never take this mail; trying again does not help."""

    code = "mail.given_up"


def mail_activation(*, email: str, name: str, language: str, base: str, at: datetime) -> None:
    """Mail who registers their link; who has an account is told that instead.

    `base` is our own address. Raises NoServerForPeople, NotDelivered, GivenUp.
    """
    written = identity.write_activation(email=email, name=name, language=language, at=at)
    with translation.override(texts.language_of(written.language)):
        if written.secret:
            subject = _("Activate your account")
            words = [
                _("You (or somebody else) asked for an account at %(host)s with this address.")
                % {"host": host_of(base)},
                _("Open this link within 24 hours to choose a password:"),
                f"{base}/activate/{written.secret}/",
                _("If it was not you, do nothing: no account is made."),
            ]
        else:
            subject = _("You have an account already")
            words = [
                _("Somebody asked for an account at %(host)s with this address. You have one.")
                % {"host": host_of(base)},
                _("Sign in, or choose a new password there:"),
                f"{base}/sign-in/",
                _("If it was not you, do nothing."),
            ]
        send(written.email, subject, words, user_id=written.user_id, at=at)


def mail_reset(*, email: str, language: str, base: str, at: datetime) -> bool:
    """Mail the link for a new password to the stored address; False where nobody has it.

    Raises NoServerForPeople, NotDelivered, GivenUp.
    """
    written = identity.write_reset(email=email, language=language, at=at)
    if written is None:
        return False
    with translation.override(texts.language_of(written.language)):
        words = [
            _("You (or somebody else) asked for a new password at %(host)s.")
            % {"host": host_of(base)},
            _("Open this link within an hour to choose one:"),
            f"{base}/reset/{written.secret}/",
            _("If it was not you, do nothing: your password stays as it is."),
        ]
        send(written.email, _("Choose a new password"), words, user_id=written.user_id, at=at)
    return True


def mail_change(user_id: UUID, *, kind: str, base: str, at: datetime) -> None:
    """Tell a person that a password, a second factor or a way in changed.

    Raises NoServerForPeople, NotDelivered, GivenUp.
    """
    try:
        user = identities.get_user(user_id)
    except NotFound:
        return
    with translation.override(texts.language_of(user.language)):
        told = {
            "password": _("Your password was changed"),
            "app": _("An authenticator app was added to your account"),
            "passkey": _("A passkey was added to your account"),
            "factor_removed": _("A second factor was removed from your account"),
            "codes": _("You have new recovery codes"),
            "recovery": _("Somebody signed in with one of your recovery codes"),
            "directory": _("Another way to sign in was linked with your account"),
        }[kind]
        words = [
            _("%(what)s at %(host)s.") % {"what": told, "host": host_of(base)},
            _("If it was you, nothing is to be done. If not, choose a new password at once:"),
            f"{base}/forgotten/",
        ]
        send(user.email, told, words, user_id=user.id, at=at)


def send(to: str, subject: str, words: list[str], *, user_id: UUID | None, at: datetime) -> None:
    """Hand one mail over now. Call it outside transactions."""
    server, (sender_name, sender_email) = server_for(user_id)
    text = "\n\n".join(words) + "\n"
    language = texts.language_of(translation.get_language() or "")
    letter = Letter(
        sender_name=sender_name,
        sender_email=sender_email,
        to=(to,),
        copy_to=(),
        reply_to="",
        subject=subject,
        text=text,
        html=texts.html_of(text, subject=subject, language=language),
        message_id=f"<account-{uuid4().hex}@{sender_email.rpartition('@')[2]}>",
        at=at,
    )
    try:
        refusals = deliver(letter, to=[to], through=server, timeout=settings.EMAIL_TIMEOUT)
        if refusals:
            raise all_refused(refusals)
    except NotDelivered as error:
        if error.failure is Failure.PERMANENT:
            raise GivenUp(error.detail) from error
        raise


def server_for(user_id: UUID | None) -> tuple[Server, tuple[str, str]]:
    """The installation's server, else that of the person's only organization, with its sender.

    Whoever runs a server can read what goes through it, and so sign in as who is written to:
    nobody's who belongs to several organizations, or looks after all of them.
    """
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if settings.EMAIL_HOST:
        security = "tls" if settings.EMAIL_USE_SSL else "none"
        return Server(
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            "starttls" if settings.EMAIL_USE_TLS else security,
            settings.EMAIL_HOST_USER,
            settings.EMAIL_HOST_PASSWORD,
            is_trusted=True,
        ), (sender[0] or "Guilder", sender[1])
    if user_id is None:
        raise NoServerForPeople(NO_SERVER)
    theirs = identities.memberships_of(user_id)
    if len(theirs) == 1 and not identities.get_user(user_id).is_operator:
        organization_id = theirs[0].organization_id
        with transaction(organization_id):
            chosen = queries.mail_settings(organization_id)
        if chosen.host and (server := queries.server_of(chosen)) is not None:
            return server, (chosen.sender_name or theirs[0].name, chosen.sender_email or sender[1])
    raise NoServerForPeople(NO_SERVER)


def host_of(base: str) -> str:
    """Our own name, as people know it."""
    return base.partition("://")[2] or base
