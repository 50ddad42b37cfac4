"""Firms and the people in them, made through the rooms' public operations."""

import itertools
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from guilder.kernel.actor import Actor
from tests.make import PASSWORD

_counter = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Firm:
    """An organization and one person in it, by default its admin."""

    organization: UUID
    name: str
    user: UUID
    email: str
    by: Actor
    password: str = PASSWORD

    def colleague(self, role: str, *, name: str = "") -> "Firm":
        """The same organization seen by another, new person with `role`."""
        from guilder.foundation.identity import operations as identity
        from guilder.foundation.identity import queries as identities

        user = new_user(name or role.title())
        identity.add_member(by=self.by, user_id=user.id, role=role)
        actor = identities.actor_for(user.id, self.organization, source="web")
        return replace(self, user=user.id, email=user.email, by=actor)

    def session(self) -> str:
        """The key of a new browser session of this person in this organization."""
        from django.conf import settings
        from django.test import Client

        from guilder.foundation.identity.models import User

        browser = Client()
        browser.force_login(User.objects.get(id=self.user), settings.AUTHENTICATION_BACKENDS[0])
        session = browser.session
        session["organization"] = str(self.organization)
        session["proved_at"] = int(time.time())
        session.save()
        return str(session.session_key)


def new_user(name: str = "Ada Admin", *, language: str = "") -> Any:
    """A user whose password is PASSWORD."""
    from guilder.foundation.identity import operations as identity

    email = f"{name.split()[0].lower()}-{next(_counter)}-{_mark()}@guilder.example"
    user = identity.create_user(email=email, password=None, name=name, language=language)
    set_password(user, PASSWORD)
    return user


def set_password(user: Any, password: str) -> None:
    """A password hashed as the running program does it; tests hash more cheaply."""
    user.password = hashed(password)
    user.save(update_fields=["password"])


@cache
def hashed(password: str) -> str:
    """Argon2 costs on purpose; one hash does for all who have the same password."""
    from django.contrib.auth.hashers import make_password

    return make_password(password, hasher="argon2")


def new_firm(
    name: str = "Quiet Harbour GmbH",
    *,
    country: str = "DE",
    currency: str = "EUR",
    language: str = "en",
    zone: str = "Europe/Berlin",
    furnished: bool = True,
) -> Firm:
    """A fresh, empty organization with its admin.

    Its books are open and the seller's profile is complete; not `furnished`, it is as set-up
    leaves it: open books and nothing about the seller.
    """
    from guilder.books.invoicing import operations as invoicing
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities
    from tests.make import open_books

    user = new_user()
    organization = identity.create_organization(
        name=name,
        country=country,
        base_currency=currency,
        owner=user,
        time_zone=zone,
        language=language,
    )
    by = identities.actor_for(user.id, organization.id, source="web")
    if furnished:
        open_books(by)
    else:
        invoicing.open_books(by=by)
    return Firm(organization.id, name, user.id, user.email, by)


def demo_firm() -> Firm:
    """The demo organization, made when it is not there, seen by a new admin of it."""
    from datetime import UTC, datetime

    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities
    from guilder.office.demo import cast, operations, queries

    with suppress(operations.DemoIsThere):
        operations.make_demo(at=datetime.now(UTC))
    organization: Any = queries.demo_organization()
    owner: Any = identities.user_by_email(cast.EMAIL)
    set_password(owner, cast.PASSWORD)
    by = identities.actor_for(owner.id, organization, source="web")
    user = new_user("Nora Northlight")
    identity.add_member(by=by, user_id=user.id, role="admin")
    actor = identities.actor_for(user.id, organization, source="web")
    return Firm(organization, cast.ORGANIZATION, user.id, user.email, actor)


def _mark() -> str:
    from guilder.foundation.tenancy.ids import uuid7

    return uuid7().hex[-10:]
