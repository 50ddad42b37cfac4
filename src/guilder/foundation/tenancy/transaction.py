"""One transaction in the name of one organization."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from django.db import connections
from django.db import transaction as django_transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SETTING = "guilder.organization"
SET = f"SELECT set_config('{SETTING}', %s, true)"


class WrongOrganization(RuntimeError):
    """A transaction of one organization was entered inside one of another: a bug, not an input."""


@contextmanager
def transaction(organization_id: UUID, *, using: str = "default") -> Iterator[None]:
    """Open a transaction (or join the open one) in which only `organization_id`'s rows exist.

    The organization is set with SET LOCAL, so it ends with the transaction and is safe behind a
    transaction-mode pool. Joining costs no statement and makes no savepoint: an error inside undoes
    the whole. Raises WrongOrganization when the open transaction belongs to another organization.
    """
    connection = connections[using]
    current = current_organization(using=using)
    if current is not None:
        if current != organization_id:
            raise WrongOrganization(f"In a transaction of {current}, not of {organization_id}.")
        yield
        return
    with django_transaction.atomic(using=using):
        set_organization(connection, organization_id)
        try:
            yield
        finally:
            connection.guilder_organization = None  # type: ignore[attr-defined]


def current_organization(*, using: str = "default") -> UUID | None:
    """The organization of the open transaction, if one is open."""
    connection = connections[using]
    if not connection.in_atomic_block:
        return None
    return getattr(connection, "guilder_organization", None)


def set_organization(connection: BaseDatabaseWrapper, organization_id: UUID) -> None:
    """Make `organization_id` current until the end of the open transaction.

    Where this is the transaction's first statement, BEGIN travels with it: one journey, not two.
    """
    connection.ensure_connection()
    raw = connection.connection
    with raw.pipeline():
        psycopg.Cursor(raw).execute(SET, [str(organization_id)], prepare=True)
    connection.guilder_organization = organization_id  # type: ignore[attr-defined]


def in_organization(organization_id: UUID, *, using: str = "default") -> bool:
    """Whether the open transaction belongs to `organization_id`."""
    return current_organization(using=using) == organization_id
