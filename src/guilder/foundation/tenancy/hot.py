"""Hand-written prepared statements on Django's own connection, for the hot paths only."""

from typing import Any

import psycopg
from django.db import connections


def cursor(*, binary: bool = False, using: str = "default") -> psycopg.Cursor[Any]:
    """A plain psycopg cursor: parameters are bound by the server, `prepare=True` works.

    It runs in whatever transaction is open on the connection, so call it inside
    `tenancy.transaction`. `binary` fetches results in PostgreSQL's binary form.
    """
    connection = connections[using]
    connection.ensure_connection()
    made = psycopg.Cursor(connection.connection)
    if binary:
        made.format = psycopg.pq.Format.BINARY
    return made
