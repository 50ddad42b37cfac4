"""Statements that travel together: what opens a transaction with its first, the last with COMMIT.

A journey to the server costs more than most of our statements, so nothing travels alone that can
travel in company; errors come out where the answer is read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from guilder.foundation.tenancy.company import in_company

Parameters = Sequence[Any] | Mapping[str, Any]


Statement = tuple[Any, Parameters]


class Cursor(psycopg.Cursor[Any]):
    """A cursor whose first statement in a transaction takes along what must go before it."""

    wrapper: BaseDatabaseWrapper

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Cursor":
        """As psycopg's."""
        waiting = take_waiting(self.wrapper)
        if not waiting:
            return super().execute(query, params, **options)
        with in_company(self.connection):
            queue(self.connection, waiting)
            return super().execute(query, params, **options)


def send_first(connection: BaseDatabaseWrapper, sql: str, parameters: Parameters) -> None:
    """Have `sql` sent before the next statement of `connection`, whoever makes that."""
    send_along(connection, sql, parameters)
    connection.guilder_asked = False  # type: ignore[attr-defined]


def send_along(connection: BaseDatabaseWrapper, sql: Any, parameters: Parameters) -> None:
    """Have `sql`, whose answer nobody needs, sent with the next statement of `connection` or with
    COMMIT, whichever comes first. Its error is raised there, so it must not be one that a person
    could have caused."""
    waiting: list[Statement] = getattr(connection, "guilder_waiting", None) or []
    if not waiting:
        connection.execute_wrappers.append(ahead)
        connection.cursor = partial(opened, connection)  # COPY asks the cursor past the wrappers
    connection.guilder_waiting = [*waiting, (sql, parameters)]  # type: ignore[attr-defined]
    connection.guilder_asked = True  # type: ignore[attr-defined]


def forget_waiting(connection: BaseDatabaseWrapper) -> None:
    """The transaction is undone: what waits need not go at all."""
    take_waiting(connection)


def send_before_commit(connection: BaseDatabaseWrapper) -> None:
    """What still waits goes before COMMIT; where nothing was asked at all, nothing goes."""
    if getattr(connection, "guilder_asked", False):
        send_now(connection)
    forget_waiting(connection)


def take_waiting(connection: BaseDatabaseWrapper) -> list[Statement]:
    """What still has to go; it counts as sent now."""
    waiting: list[Statement] = getattr(connection, "guilder_waiting", None) or []
    if waiting:
        connection.guilder_waiting = []  # type: ignore[attr-defined]
        connection.execute_wrappers.remove(ahead)
        vars(connection).pop("cursor", None)
    return waiting


def queue(connection: psycopg.Connection[Any], statements: Sequence[Statement]) -> None:
    """Put statements into the open pipeline."""
    for sql, parameters in statements:
        psycopg.Cursor(connection).execute(sql, parameters, prepare=True)


def opened(connection: BaseDatabaseWrapper) -> Any:
    """A cursor of Django's, made after what must go first has gone."""
    send_now(connection)
    return connection.cursor()


def ahead(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Django's way to a statement: what goes first, then the statement itself."""
    send_now(context["connection"])
    return execute(sql, params, many, context)


def send_now(connection: BaseDatabaseWrapper) -> None:
    """Send what waits by itself; BEGIN travels with it."""
    waiting = take_waiting(connection)
    if waiting:
        connection.ensure_connection()
        with in_company(connection.connection):
            queue(connection.connection, waiting)


@contextmanager
def asked_together(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Statements inside leave in one journey, with what waits before them. Their answers can be
    fetched after it; what the database refuses is raised at its end."""
    connection.ensure_connection()
    waiting = take_waiting(connection)
    with in_company(connection.connection):
        queue(connection.connection, waiting)
        yield


@contextmanager
def open_until_commit(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Around a transaction: what `send_last` is given inside goes out together with its COMMIT."""
    with ExitStack() as company:
        connection.guilder_company = company  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.guilder_company = None  # type: ignore[attr-defined]


def send_last(
    connection: BaseDatabaseWrapper,
    sql: Any,
    parameters: Parameters,
    *,
    around: AbstractContextManager[Any],
) -> psycopg.Cursor[Any]:
    """The last statement of the open transaction: its error is raised by the COMMIT, inside
    `around`. Nothing may be asked after it; what it answers can be fetched after the COMMIT."""
    company: ExitStack = connection.guilder_company  # type: ignore[attr-defined]
    waiting = take_waiting(connection)
    company.enter_context(around)
    company.enter_context(in_company(connection.connection))
    queue(connection.connection, waiting)
    last = psycopg.Cursor(connection.connection)
    return last.execute(sql, parameters, prepare=True)
