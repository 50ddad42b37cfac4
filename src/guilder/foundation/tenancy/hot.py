"""Hand-written prepared statements on Django's own connection, for the hot paths only."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connections
from psycopg import _queries

# psycopg translates a statement's placeholders anew on every execution once it is longer than 4 kB;
# ours are constants of up to 12 kB, and translating one costs more than the server needs for it.
_queries.MAX_CACHED_STATEMENT_LENGTH = 32 * 1024
_queries.MAX_CACHED_STATEMENT_PARAMS = 200


def cursor(*, binary: bool = False, using: str = "default") -> Any:
    """A plain psycopg cursor: parameters are bound by the server, `prepare=True` works.

    Typed Any: hot statements are put together from constants; psycopg's types take literals only.

    It runs in whatever transaction is open on the connection, so call it inside
    `tenancy.transaction`. `binary` fetches results in PostgreSQL's binary form.
    """
    connection = connections[using]
    connection.ensure_connection()
    made = psycopg.Cursor(connection.connection)
    if binary:
        made.format = psycopg.pq.Format.BINARY
    return made


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
        [list(column) for column in zip(*rows, strict=True)],
        prepare=True,
    )
