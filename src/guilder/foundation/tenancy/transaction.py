"""One transaction in the name of one organization."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from django.db import connections
from django.db import transaction as django_transaction

from guilder.foundation.tenancy import journeys, plans

SETTING = "guilder.organization"
SET = f"SELECT set_config('{SETTING}', %s, true)"


class WrongOrganization(RuntimeError):
    """A transaction of one organization was entered inside one of another: a bug, not an input."""


@contextmanager
def transaction(organization_id: UUID, *, using: str = "default") -> Iterator[None]:
    """Open a transaction (or join the open one) in which only `organization_id`'s rows exist.

    The organization is set with SET LOCAL, so it ends with the transaction and is safe behind a
    transaction-mode pool; BEGIN and SET travel with the first statement. Joining costs no statement
    and makes no savepoint: an error inside undoes the whole. Raises WrongOrganization when the open
    transaction belongs to another organization.
    """
    connection = connections[using]
    current = current_organization(using=using)
    if current is not None:
        if current != organization_id:
            raise WrongOrganization(f"In a transaction of {current}, not of {organization_id}.")
        yield
        return
    plans.freshen(connection)
    with journeys.open_until_commit(connection), django_transaction.atomic(using=using):
        connection.guilder_organization = organization_id  # type: ignore[attr-defined]
        journeys.send_first(connection, SET, [str(organization_id)])
        try:
            yield
            journeys.send_before_commit(connection)
        finally:
            journeys.forget_waiting(connection)
            connection.guilder_organization = None  # type: ignore[attr-defined]


@contextmanager
def one_view(*, using: str = "default") -> Iterator[None]:
    """Around a transaction: all its statements see one moment (REPEATABLE READ), and changing what
    others changed since fails with SQLSTATE 40001. Call it outside transactions."""
    connection = connections[using]
    connection.ensure_connection()
    plain = connection.connection
    before = plain.isolation_level
    plain.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        if not plain.closed:
            plain.isolation_level = before


def current_organization(*, using: str = "default") -> UUID | None:
    """The organization of the open transaction, if one is open."""
    connection = connections[using]
    if not connection.in_atomic_block:
        return None
    return getattr(connection, "guilder_organization", None)


def in_organization(organization_id: UUID, *, using: str = "default") -> bool:
    """Whether the open transaction belongs to `organization_id`."""
    return current_organization(using=using) == organization_id
