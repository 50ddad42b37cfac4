"""A new master key, and every sealed value in the database under it; nothing is opened on the way.

Sealed values are found by how they begin (version and key), whatever table keeps them, so a room
that seals something new need not be known here.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

from guilder.foundation.edges import secrets

STEP = 500
# Where sealed values lie as base64 inside JSON: (app, model, column).
IN_JSON = (("mfa", "Authenticator", "data"),)


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What came of it: values under the new key, and those whose key is gone, by table."""

    moved: int
    lost: dict[str, int]


def rotate(*, using: str = "owner") -> tuple[str, Rewrapped]:
    """Make a new master key, move every sealed value under it; gives the key's id as hex.

    Raises secrets.BadMasterKey where the keys come from GUILDER_MASTER_KEY; then a new one is put
    in front there, and `rewrap_all` is called. The old key stays readable until it is taken away.
    """
    key_id = secrets.rotate()
    return key_id, rewrap_all(using=using)


def rewrap_all(*, using: str = "owner") -> Rewrapped:
    """Move every sealed value that is not under the first master key; may run again and again.

    `using` must see all organizations: the owner's connection.
    """
    moved, lost = 0, dict[str, int]()
    for table, key, column in sealed_columns():
        for row, value in stale(table, key, column, using=using):
            try:
                fresh = secrets.rewrap(value)
            except secrets.CannotOpen:
                lost[table] = lost.get(table, 0) + 1
                continue
            moved += replaced(table, key, column, row, old=value, new=fresh, using=using)
    for label, name, column in IN_JSON:
        moved += rewrap_json(apps.get_model(label, name), column, using=using)
    return Rewrapped(moved, lost)


def sealed_columns() -> Iterator[tuple[str, str, str]]:
    """(table, primary key, column) of every column of bytes."""
    for model in apps.get_models():
        key = model._meta.pk
        for field in model._meta.concrete_fields:
            if isinstance(field, models.BinaryField) and key is not None and not field.max_length:
                yield model._meta.db_table, key.column or "id", field.column or field.name


def stale(table: str, key: str, column: str, *, using: str) -> Iterator[tuple[Any, bytes]]:
    """Rows whose value is sealed under a key that is ours and not the first."""
    heads = [secrets.VERSION + key_id for key_id, _ in secrets.master_keys()[1:]]
    if not heads:
        return
    sql = (
        f"SELECT {quoted(key)}, {quoted(column)} FROM {quoted(table)} "  # noqa: S608 (our tables)
        f"WHERE substring({quoted(column)} from 1 for %s) = ANY(%s) AND "
        f"length({quoted(column)}) > %s ORDER BY 1 LIMIT %s"
    )
    seen: set[Any] = set()
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(sql, [len(heads[0]), heads, secrets.HEAD, STEP + len(seen)])
            rows = [(row, bytes(value)) for row, value in cursor.fetchall() if row not in seen]
        yield from rows
        seen |= {row for row, _ in rows}
        if len(rows) < STEP:
            return


def replaced(
    table: str, key: str, column: str, row: Any, *, old: bytes, new: bytes, using: str
) -> int:
    """Put `new` where `old` still stands; gives how many rows that were."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            f"UPDATE {quoted(table)} SET {quoted(column)} = %s "  # noqa: S608 (our tables)
            f"WHERE {quoted(key)} = %s AND {quoted(column)} = %s",
            [new, row, old],
        )
        return cursor.rowcount


def rewrap_json(model: Any, column: str, *, using: str) -> int:
    """Move the sealed texts in a column of JSON; gives how many rows changed."""
    changed = 0
    for row in model._base_manager.using(using).all().iterator(chunk_size=STEP):
        before = getattr(row, column)
        after = rewrapped_json(before)
        if after != before:
            setattr(row, column, after)
            row.save(using=using, update_fields=[column])
            changed += 1
    return changed


def rewrapped_json(value: Any) -> Any:
    """`value` with every sealed text in it under the first key."""
    if isinstance(value, dict):
        return {name: rewrapped_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [rewrapped_json(one) for one in value]
    if not isinstance(value, str):
        return value
    try:
        sealed = base64.b64decode(value, validate=True)
        return base64.b64encode(secrets.rewrap(sealed)).decode()
    except (ValueError, secrets.CannotOpen):
        return value


def quoted(name: str) -> str:
    """A name of ours in SQL."""
    return connections["default"].ops.quote_name(name)
