"""Signing in through a directory (OpenID Connect): who may, whom it lets in, and as what."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction as database
from django.db.models.functions import Now

from guilder.foundation.edges import secrets
from guilder.foundation.identity import openid
from guilder.foundation.identity.models import User
from guilder.foundation.identity.operations.granting import grant, rule_fault, settled_rule
from guilder.foundation.identity.operations.sessions import is_admitted
from guilder.foundation.identity.operations.users import create_user, email_problems
from guilder.foundation.identity.signing import Directory, DirectoryAccount
from guilder.kernel.errors import Invalid, NotAllowed, NotFound, Problem

logger = logging.getLogger("guilder.security")

PURPOSE = "identity.directory"
OF_NO_ORGANIZATION = UUID(int=0)  # directories are of the installation
TEXTS = ("name", "issuer", "client_id", "scopes", "groups_claim")
SWITCHES = ("trusts_mail", "makes_users", "is_active")


@dataclass(frozen=True, slots=True)
class Returned:
    """Who came back from a directory; `is_linked` when an account of before was linked just now."""

    user: User
    is_linked: bool = False


class BadDirectory(Invalid):
    """Something about the directory is wrong; `problems` say what."""

    code = "identity.bad_directory"


class NoSuchDirectory(NotFound):
    """There is no such directory, or it is switched off."""

    code = "identity.no_such_directory"


class MailNotProved(NotAllowed):
    """The directory does not say that the person's address is their own."""

    code = "identity.mail_not_proved"


class NotLetIn(NotAllowed):
    """The directory knows the person, but nobody lets them in here."""

    code = "identity.not_let_in"


def set_directory(code: str, *, data: Mapping[str, Any]) -> Directory:
    """Make or change a directory; for operators and the command line, who have been judged.

    `data`: name, issuer, client_id, client_secret ("" keeps the stored one), scopes, groups_claim,
    rules, trusts_mail, makes_users, is_active. Raises BadDirectory with every fault found.
    """
    problems = faults(code, data)
    if problems:
        raise BadDirectory(problems=problems)
    with database.atomic():
        found = Directory.objects.select_for_update().filter(code=code).first()
        directory = found or Directory(code=code)
        for name in TEXTS:
            if str(data.get(name, "")).strip():
                setattr(directory, name, str(data[name]).strip())
        for name in SWITCHES:
            if name in data:
                setattr(directory, name, bool(data[name]))
        if "rules" in data:
            directory.rules = [settled_rule(rule) for rule in data["rules"]]
        if data.get("client_secret"):
            directory.sealed_secret = secrets.seal(
                str(data["client_secret"]), organization_id=OF_NO_ORGANIZATION, purpose=PURPOSE
            )
        directory.name = directory.name or code.title()
        directory.changed_at = Now()  # type: ignore[assignment]
        directory.save()
    logger.info("Directory %s was set.", code)
    directory.refresh_from_db()
    return directory


def remove_directory(code: str) -> None:
    """Take a directory away; its people keep their accounts. Raises NoSuchDirectory."""
    if not Directory.objects.filter(code=code).delete()[0]:
        raise NoSuchDirectory("There is no such directory.")
    logger.warning("Directory %s was removed.", code)


def begin_directory(
    code: str, *, redirect_uri: str, at: datetime, again: bool = False
) -> openid.Leaving:
    """The way to a directory. Raises NoSuchDirectory, ProviderFailed. Outside transactions only."""
    client = client_of(active_directory(code), redirect_uri=redirect_uri)
    leaving = openid.leave(client, at=at.timestamp(), again=again)
    leaving.kept["code"] = code
    return leaving


def finish_directory(
    *,
    answer: Mapping[str, str],
    kept: Mapping[str, Any],
    redirect_uri: str,
    address: str,
    at: datetime,
) -> Returned:
    """Who came back from a directory, with the memberships that it gives.

    Raises NotProved, ProviderFailed, MailNotProved, NotLetIn, NoSuchDirectory. Outside
    transactions only.
    """
    directory = active_directory(str(kept.get("code", "")))
    client = client_of(directory, redirect_uri=redirect_uri)
    claims = openid.arrive(client, answer=answer, kept=kept, at=at.timestamp())
    account, is_linked = account_of(directory, claims, address=address)
    if not is_admitted(account.user, address=address):
        raise NotLetIn("You may not sign in here. Ask an admin.")
    grant(directory, account, groups=openid.claim_at(claims, directory.groups_claim))
    return Returned(account.user, is_linked)


def account_of(
    directory: Directory, claims: Mapping[str, Any], *, address: str
) -> tuple[DirectoryAccount, bool]:
    """Who the claims mean: known by the subject, else linked by a proved address, else new; and
    whether an account of before was linked.

    Raises MailNotProved, NotLetIn.
    """
    subject = str(claims["sub"])[:255]
    with database.atomic():
        known = (
            DirectoryAccount.objects.select_related("user")
            .filter(directory=directory, subject=subject)
            .first()
        )
        if known is not None:
            DirectoryAccount.objects.filter(id=known.id).update(used_at=Now())
            return known, False
        email = proved_email(directory, claims)
        user = User.objects.filter(email=email).first()
        if user is None and not directory.makes_users:
            raise NotLetIn(f"Nobody lets {email} in yet. Ask an admin to invite you.")
        if user is not None and not is_admitted(user, address=address):
            raise NotLetIn("You may not sign in here. Ask an admin.")
        is_linked = user is not None
        user = user or create_user(email=email, password=None, name=named(claims))
        made = DirectoryAccount.objects.create(directory=directory, subject=subject, user=user)
    logger.info("User %s is linked with directory %s.", user.id, directory.code)
    return made, is_linked


def proved_email(directory: Directory, claims: Mapping[str, Any]) -> str:
    """The address that the directory proves. Raises MailNotProved."""
    email = str(claims.get("email", "")).strip().lower()
    if email_problems(email):
        raise MailNotProved("The directory tells no mail address. It needs the scope email.")
    if claims.get("email_verified") is not True and not directory.trusts_mail:
        raise MailNotProved(
            "The directory does not say that your mail address is verified. Verify it there."
        )
    return email


def named(claims: Mapping[str, Any]) -> str:
    """The person's name."""
    parts = [str(claims.get(name, "")).strip() for name in ("given_name", "family_name")]
    return (str(claims.get("name", "")).strip() or " ".join(part for part in parts if part))[:200]


def unlink(account_id: UUID, *, user_id: UUID) -> None:
    """A person parts with a directory, when they have another way in.

    Raises NoSuchDirectory, NotLetIn.
    """
    with database.atomic():
        account = DirectoryAccount.objects.select_for_update().filter(
            id=account_id, user_id=user_id
        )
        if not account.exists():
            raise NoSuchDirectory("You are not linked with this directory.")
        user = User.objects.get(id=user_id)
        others = DirectoryAccount.objects.filter(user_id=user_id).exclude(id=account_id)
        if not user.has_usable_password() and not others.exists():
            raise NotLetIn("Set a password first: this is your only way in.")
        account.delete()


def active_directory(code: str) -> Directory:
    """A directory that is switched on. Raises NoSuchDirectory."""
    found = Directory.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise NoSuchDirectory("There is no such way to sign in.")
    return found


def client_of(directory: Directory, *, redirect_uri: str) -> openid.Client:
    """How we are known there."""
    secret = ""
    if directory.sealed_secret:
        secret = secrets.open(
            bytes(directory.sealed_secret), organization_id=OF_NO_ORGANIZATION, purpose=PURPOSE
        )
    return openid.Client(
        issuer=directory.issuer,
        client_id=directory.client_id,
        secret=secret,
        scopes=directory.scopes,
        redirect_uri=redirect_uri,
    )


def check_directory(code: str) -> str:
    """Ask a directory for its description; gives where it sends people. Raises ProviderFailed."""
    found = Directory.objects.filter(code=code).first()
    if found is None:
        raise NoSuchDirectory("There is no such directory.")
    began = time.monotonic()
    described = openid.describe(found.issuer)
    logger.info("Directory %s answered in %.1f s.", code, time.monotonic() - began)
    return str(described["authorization_endpoint"])


def faults(code: str, data: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a directory."""
    problems = []

    def fault(name: str, words: str) -> None:
        problems.append(Problem(f"/{name}", f"identity.bad_{name}", words))

    known = Directory.objects.filter(code=code).exists()
    if not code or len(code) > 40 or not code.replace("-", "").isalnum() or code != code.lower():
        fault("code", "Use small letters, digits and hyphens for the code.")
    issuer = str(data.get("issuer", ""))
    if (issuer or not known) and not issuer.startswith(("https://", "http://")):
        fault("issuer", "Enter the issuer, such as https://login.example.com/realms/office.")
    if not known and not str(data.get("client_id", "")).strip():
        fault("client_id", "Enter the client id that the provider gave.")
    if data.get("scopes") and "openid" not in str(data["scopes"]).split():
        fault("scopes", "The scopes must hold openid.")
    for number, rule in enumerate(data.get("rules", [])):
        words = rule_fault(rule)
        if words:
            fault(f"rules/{number}", words)
    return problems
