"""Hand-written prepared statements on Django's own connection, for the hot paths only."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections
from psycopg import _queries
from psycopg.adapt import Dumper

from guilder.foundation.tenancy import journeys

# psycopg translates a statement's placeholders anew on every execution once it is longer than 4 kB;
# ours are constants of up to 12 kB, and translating one costs more than the server needs for it.
_queries.MAX_CACHED_STATEMENT_LENGTH = 32 * 1024
_queries.MAX_CACHED_STATEMENT_PARAMS = 200

CURSOR: type[journeys.Cursor] = journeys.Cursor  # another kind where statements are followed
NULL = "NULL"
PLAIN = frozenset((str, int, bool, date, type(None)))  # quick to compare
ALONE = PLAIN | {UUID, datetime, Decimal}  # what may be the same in all rows
HEAD = struct.Struct("!iiIii")
PRESENT, ABSENT = struct.pack("!i", 16), struct.pack("!i", -1)
LENGTH = PRESENT.hex()
ELEMENT = psycopg.adapters.types["uuid"].oid
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
    if kind == "uuid":  # without hyphens, which the server does not need
        each = [f"{x.int:032x}" if x.__class__ is UUID else str(x or NULL) for x in values]
        return f"{{{','.join(each)}}}"
    if kind in BARE:
        return f"{{{','.join([NULL if one is None else str(one) for one in values])}}}"
    if kind == "bytea":
        hexed = [NULL if one is None else f'"\\\\x{bytes(one).hex()}"' for one in values]
        return f"{{{','.join(hexed)}}}"
    return quoted(values)


def quoted(values: Sequence[Any]) -> str:
    """The array of texts. Where all are there they are escaped in one go, parted by the one sign
    that no text of the server can have."""
    if all(one.__class__ is str for one in values):
        whole = "\0".join(values)
        if whole.count("\0") == len(values) - 1:
            return '{"' + escaped(whole).replace("\0", '","') + '"}'
    each = [NULL if one is None else f'"{escaped(str(one))}"' for one in values]
    return f"{{{','.join(each)}}}"


def repeated(value: Any, count: int, kind: str) -> str:
    """An array of one value many times: its text is made once."""
    only = array((value,), kind)[1:-1]
    return f"{{{','.join([only] * count)}}}"


def escaped(text: str) -> str:
    """A text inside the double quotes of an array."""
    if "\\" in text or '"' in text:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


def asked_together(*, using: str = "default") -> AbstractContextManager[None]:
    """Statements inside go in one journey; fetch their answers after it, never inside."""
    return journeys.asked_together(connections[using])


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

    INSERT … SELECT unnest, because COPY into a table with row level security is refused. What is
    the same in all rows goes once: taking an array apart costs the server more than most columns
    are worth.
    """
    if not rows:
        return
    once, many, shown, taken = list[Any](), list[Any](), list[str](), list[str]()
    for kind, values in zip(columns.values(), zip(*rows, strict=True), strict=True):
        if is_same(values):
            once.append(scalar(values[0]))
            shown.append(f"%s::{kind}")
        else:
            many.append(packed(values, kind))
            shown.append(f"v.c{len(taken)}")
            taken.append(f"%s::{kind}[]")
    # Rows that are the same throughout are told apart by nothing but how many they are.
    source = f"unnest({', '.join(taken)})" if taken else f"generate_series(1, {len(rows)})"
    names = ", ".join(f"c{place}" for place in range(len(taken) or 1))
    cursor(using=using).execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(shown)}"  # noqa: S608
        f" FROM {source} AS v({names})",
        [*once, *many],
        prepare=True,
    )


def is_same(values: Sequence[Any]) -> bool:
    """Whether all are one value; looking must cost little, so some that are equal are missed."""
    first, last = values[0], values[-1]
    if first is not last and not (first.__class__ in PLAIN and first == last):
        return False
    return first.__class__ in ALONE and values.count(first) == len(values)


def scalar(value: Any) -> Any:
    """A value to be bound with its type in the statement: as text, so that one prepared statement
    does for all."""
    return value if value is None or isinstance(value, (str, bytes)) else str(value)


def packed(values: Sequence[Any], kind: str) -> Any:
    """What to bind for the values of a column: in the server's own form where that is quicker."""
    if kind == "uuid":
        return Ids(values)
    if kind in SPELLED and all(one.__class__ is str for one in values):
        return SPELLED[kind](values)
    return array(values, kind)


class Texts:
    """Texts as an array of the server's own form: nothing in them has to be escaped."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values


class Jsons(Texts):
    """JSON texts as an array of jsonb."""


SPELLED: dict[str, type[Texts]] = {"text": Texts, "jsonb": Jsons}


class TextsDumper(Dumper):
    """How `Texts` go: the head of an array, then each with its length."""

    format = psycopg.pq.Format.BINARY
    kind = psycopg.adapters.types["text"]
    oid = kind.array_oid
    before = b""

    def dump(self, obj: Texts) -> bytes:
        """The bytes of an array."""
        parts = [HEAD.pack(1, 0, self.kind.oid, len(obj.values), 1)]
        for one in obj.values:
            said = self.before + one.encode()
            parts += (len(said).to_bytes(4), said)
        return b"".join(parts)


class JsonsDumper(TextsDumper):
    """How `Jsons` go: each begins with the number of its form (PostgreSQL, jsonb_recv)."""

    kind = psycopg.adapters.types["jsonb"]
    oid = kind.array_oid
    before = b"\x01"


class Ids:
    """Ids as an array of the server's own form, which it need not read."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[UUID | str | None]) -> None:
        self.values = values


class IdsDumper(Dumper):
    """How `Ids` go: dimensions, whether some are missing, the type, how many, from 1 on; then each
    with its length (PostgreSQL, array_recv)."""

    format = psycopg.pq.Format.BINARY
    oid = psycopg.adapters.types["uuid"].array_oid

    def dump(self, obj: Ids) -> bytes:
        """The bytes of an array."""
        try:
            return whole(obj.values)
        except AttributeError:  # some are missing
            parts = [ABSENT if one is None else PRESENT + bytes_of(one) for one in obj.values]
        return HEAD.pack(1, ABSENT in parts, ELEMENT, len(parts), 1) + b"".join(parts)


def whole(values: Sequence[Any]) -> bytes:
    """The array of ids that are all there, read from their digits in one go."""
    digits = [one if one.__class__ is str else f"{one.int:032x}" for one in values]
    said = LENGTH.join(["", *digits]).replace("-", "")
    return HEAD.pack(1, False, ELEMENT, len(digits), 1) + bytes.fromhex(said)


def bytes_of(one: UUID | str) -> bytes:
    """An id in sixteen bytes."""
    return one.bytes if isinstance(one, UUID) else bytes.fromhex(one.replace("-", ""))


psycopg.adapters.register_dumper(Ids, IdsDumper)
psycopg.adapters.register_dumper(Texts, TextsDumper)
psycopg.adapters.register_dumper(Jsons, JsonsDumper)
