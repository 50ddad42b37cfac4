"""Statements that travel together: what opens a transaction with its first, the last with COMMIT.

A journey to the server costs more than most of our statements, so nothing travels alone that can
travel in company. psycopg's pipeline mode carries them; errors come out where the answer is read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

Parameters = Sequence[Any] | Mapping[str, Any]


class Cursor(psycopg.Cursor[Any]):
    """A cursor whose first statement in a transaction takes along what must go before it."""

    wrapper: BaseDatabaseWrapper

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Cursor":
        """As psycopg's."""
        opening = take_first(self.wrapper)
        if opening is None:
            return super().execute(query, params, **options)
        with self.connection.pipeline():
            psycopg.Cursor(self.connection).execute(*opening, prepare=True)
            return super().execute(query, params, **options)


def send_first(connection: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any]) -> None:
    """Have `sql` sent before the next statement of `connection`, whoever makes that."""
    connection.guilder_first = (sql, parameters)  # type: ignore[attr-defined]
    connection.execute_wrappers.append(ahead)
    connection.cursor = partial(opened, connection)  # COPY asks the cursor past the wrappers


def forget_first(connection: BaseDatabaseWrapper) -> None:
    """Nothing was asked in the transaction: what should have gone first need not go at all."""
    take_first(connection)


def take_first(connection: BaseDatabaseWrapper) -> tuple[Any, Sequence[Any]] | None:
    """What still has to go first; it counts as sent now."""
    opening = getattr(connection, "guilder_first", None)
    if opening is not None:
        connection.guilder_first = None  # type: ignore[attr-defined]
        connection.execute_wrappers.remove(ahead)
        vars(connection).pop("cursor", None)
    return opening


def opened(connection: BaseDatabaseWrapper) -> Any:
    """A cursor of Django's, made after what must go first has gone."""
    send_now(connection)
    return connection.cursor()


def ahead(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Django's way to a statement: what goes first, then the statement itself."""
    send_now(context["connection"])
    return execute(sql, params, many, context)


def send_now(connection: BaseDatabaseWrapper) -> None:
    """Send what must go first by itself; BEGIN travels with it."""
    opening = take_first(connection)
    if opening is not None:
        connection.ensure_connection()
        with connection.connection.pipeline():
            psycopg.Cursor(connection.connection).execute(*opening, prepare=True)


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
) -> None:
    """The last statement of the open transaction: its error is raised by the COMMIT, inside
    `around`. Nothing may be asked after it."""
    company: ExitStack = connection.guilder_company  # type: ignore[attr-defined]
    opening = take_first(connection)
    company.enter_context(around)
    company.enter_context(connection.connection.pipeline())
    if opening is not None:
        psycopg.Cursor(connection.connection).execute(*opening, prepare=True)
    psycopg.Cursor(connection.connection).execute(sql, parameters, prepare=True)
