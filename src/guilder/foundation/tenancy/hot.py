"""Hand-written prepared statements on Django's own connection, for the hot paths only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg import _queries

from guilder.foundation.tenancy import journeys

# psycopg translates a statement's placeholders anew on every execution once it is longer than 4 kB;
# ours are constants of up to 12 kB, and translating one costs more than the server needs for it.
_queries.MAX_CACHED_STATEMENT_LENGTH = 32 * 1024
_queries.MAX_CACHED_STATEMENT_PARAMS = 200

CURSOR: type[journeys.Cursor] = journeys.Cursor  # another kind where statements are followed
NULL = "NULL"
# What needs no quotes inside an array.
BARE = frozenset(("uuid", "bigint", "integer", "smallint", "numeric", "boolean", "date"))


def cursor(*, binary: bool = False, using: str = "default") -> Any:
    """A plain psycopg cursor: parameters are bound by the server, `prepare=True` works.

    Typed Any: hot statements are put together from constants; psycopg's types take literals only.

    It runs in whatever transaction is open on the connection, so call it inside
    `tenancy.transaction`. `binary` fetches results in PostgreSQL's binary form.
    """
    connection = connections[using]
    connection.ensure_connection()
    made = CURSOR(connection.connection)
    made.wrapper = connection
    if binary:
        made.format = psycopg.pq.Format.BINARY
    return made


def send_along(query: Any, parameters: Mapping[str, Any], *, using: str = "default") -> None:
    """A statement of the open transaction whose answer nobody needs: it goes with the next one or
    with COMMIT. Its error is raised there, so only where nobody's input can cause one."""
    journeys.send_along(connections[using], query, parameters)


def connection_of(using: str = "default") -> Any:
    """psycopg's own connection in the open transaction, for what cursors do not offer."""
    connection = connections[using]
    connection.ensure_connection()
    journeys.send_now(connection)
    return connection.connection


def array(values: Iterable[Any], kind: str) -> str:
    """`values` as the text of a PostgreSQL array of SQL type `kind`, to be bound as `%s::kind[]`.

    psycopg's own way looks at every element several times; with a dozen arrays in a statement that
    is most of what the statement costs this side.
    """
    values = tuple(values)
    if len(values) > 1 and values[0] is values[-1] and len(set(map(id, values))) == 1:
        return repeated(values[0], len(values), kind)
    if kind in BARE:
        return f"{{{','.join(['NULL' if one is None else str(one) for one in values])}}}"
    if kind == "bytea":
        hexed = [NULL if one is None else f'"\\\\x{bytes(one).hex()}"' for one in values]
        return f"{{{','.join(hexed)}}}"
    quoted = [NULL if one is None else f'"{escaped(str(one))}"' for one in values]
    return f"{{{','.join(quoted)}}}"


def repeated(value: Any, count: int, kind: str) -> str:
    """An array of one value many times: its text is made once."""
    only = array((value,), kind)[1:-1]
    return f"{{{','.join([only] * count)}}}"


def escaped(text: str) -> str:
    """A text inside the double quotes of an array."""
    if "\\" in text or '"' in text:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


@contextmanager
def together(*, using: str = "default") -> Iterator[None]:
    """Statements inside are sent one behind the other without waiting for their answers: the
    server works on one while the next is put together. Ask nothing inside; what the database
    refuses is raised at the end at the latest. One inside another joins it."""
    connection = connection_of(using)
    with connection.pipeline():
        yield


def insert_many(
    table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], *, using: str = "default"
) -> None:
    """Insert many rows in one prepared statement; `columns` are names with their SQL types.

    INSERT … SELECT unnest, because COPY into a table with row level security is refused.
    """
    if not rows:
        return
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    cursor(using=using).execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays})",  # noqa: S608
        [
            array(column, kind)
            for column, kind in zip(zip(*rows, strict=True), columns.values(), strict=True)
        ],
        prepare=True,
    )
