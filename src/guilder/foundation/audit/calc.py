"""Hashes of entries, Merkle roots over them, links between seals: pure, and checked the same way.

Leaves and nodes are hashed with different first bytes (RFC 6962, section 2.1), so that a node never
passes for a leaf. The link of a seal covers the link before it, its number, its count and its root.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.kernel.money import Money

LEAF, NODE, LINK, FIRST = b"\x00", b"\x01", b"\x02", b"\x03"
PLAIN = frozenset((str, int, bool, type(None)))  # what JSON has as it stands
MISSING = bytes(32)  # stands for an entry that was gone before it could be sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An entry as it is hashed; the last four are covered through `values_hash` only."""

    id: UUID
    organization_id: UUID
    at: datetime
    actor_id: UUID | None
    key_id: UUID | None
    source: str
    request_id: str
    action: str
    table_name: str
    row_id: UUID | None
    actor_name: str
    address: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A seal as it is stored."""

    number: int
    entries: tuple[UUID, ...]
    root: bytes
    previous_link: bytes
    link: bytes


@dataclass(frozen=True, slots=True)
class StoredHashes:
    """An entry's hashes as stored and as its columns give them (None: values were erased)."""

    values_hash: bytes
    content_hash: bytes
    values_found: bytes | None
    content_found: bytes


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that does not fit: in which seal, in which entry, and what."""

    what: str
    seal: int | None = None
    entry_id: UUID | None = None


def plain(value: Any) -> Any:
    """`value` in JSON's own types: ids, dates and decimals become strings, money an object."""
    if value.__class__ in PLAIN or isinstance(value, (str, int)):
        return value
    if value.__class__ is dict:
        return {
            name if name.__class__ is str else str(name): (
                inner if inner.__class__ in PLAIN else plain(inner)
            )
            for name, inner in value.items()
        }
    if isinstance(value, Money):
        return {"amount": str(value), "currency": value.currency}
    if isinstance(value, Mapping):
        values = cast("Mapping[Any, Any]", value)
        return {str(name): plain(inner) for name, inner in values.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in cast("Iterable[Any]", value)]
    return msgspec.to_builtins(value, enc_hook=refuse)


def refuse(value: Any) -> Any:
    """What JSON has no type for."""
    raise TypeError(f"{type(value).__name__} has no place in an audit entry")


def canonical(value: Any) -> bytes:
    """One spelling of a JSON value: sorted keys, no spaces."""
    return msgspec.json.encode(value, order="deterministic")


def values_hash(content: Content, *, salt: bytes) -> bytes:
    """The commitment to what may have to be erased one day."""
    told = [content.actor_name, content.address, content.before, content.after]
    return hashlib.sha256(salt + canonical(told)).digest()


def content_hash(content: Content, *, values: bytes, has_bare_id: bool = False) -> bytes:
    """The hash of everything that stays, with the commitment to the rest; an instant is in UTC.

    `has_bare_id`: the entry's id is spelled without hyphens, as it once was where many entries were
    written together.
    """
    entry_id = content.id.hex if has_bare_id else content.id
    told = [
        entry_id, content.organization_id, instant(content.at), content.actor_id, content.key_id,
        content.source, content.request_id, content.action, content.table_name, content.row_id,
    ]  # fmt: skip
    return hashlib.sha256(canonical(told) + values).digest()


def spelled(value: Any) -> str | None:
    """The canonical text of what an entry holds of a row; None where it holds nothing."""
    return None if value is None else canonical(plain(value)).decode()


def listed(*values: Any) -> str:
    """The spelling of values as they stand inside a canonical list."""
    return canonical(values).decode()[1:-1]


def values_hash_of(who: str, before: str, after: str, *, salt: bytes) -> bytes:
    """`values_hash` of parts that are spelled already."""
    return hashlib.sha256(salt + f"[{who},{before},{after}]".encode()).digest()


def instant(at: datetime) -> str:
    """A moment as it is hashed, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def stays_hash_of(
    entry_id: str, organization: str, at: str, middle: str, row_id: UUID, *, values: bytes
) -> bytes:
    """`content_hash` of parts: `at` is the instant, `middle` what stands between it and the row,
    spelled; of `entry_id` the 32 digits, which are spelled as `content_hash` spells an id."""
    first, rest = entry_id[:8], entry_id[8:]
    spelled_id = f"{first}-{rest[:4]}-{rest[4:8]}-{rest[8:12]}-{rest[12:]}"
    told = f'["{spelled_id}","{organization}","{at}",{middle},"{row_id}"]'
    return hashlib.sha256(told.encode() + values).digest()


def merkle_root(hashes: Sequence[bytes]) -> bytes:
    """The root over `hashes` in their order; an odd one at the end moves up unhashed."""
    level = [hashlib.sha256(LEAF + one).digest() for one in hashes]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(NODE + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0] if level else hashlib.sha256(b"").digest()


def first_link(organization_id: UUID) -> bytes:
    """What the first seal of an organization is linked to."""
    return hashlib.sha256(FIRST + organization_id.bytes).digest()


def link(previous: bytes, *, number: int, count: int, root: bytes) -> bytes:
    """The link of a seal to the one before it."""
    head = number.to_bytes(8, "big") + count.to_bytes(8, "big")
    return hashlib.sha256(LINK + previous + head + root).digest()


def verify_seals(
    seals: Iterable[SealedPart], *, organization_id: UUID, entries: Mapping[UUID, StoredHashes]
) -> list[Breach]:
    """Every way in which `seals`, in their order, do not fit each other or their `entries`."""
    breaches: list[Breach] = []
    expected_link, expected_number = first_link(organization_id), 1
    for seal in seals:
        if seal.number != expected_number:
            breaches.append(Breach("a seal before this one is missing", seal=seal.number))
        elif seal.previous_link != expected_link:
            breaches.append(Breach("the link to the seal before is broken", seal=seal.number))
        breaches += verify_seal(seal, entries=entries)
        expected_link, expected_number = seal.link, seal.number + 1
    return breaches


def verify_seal(seal: SealedPart, *, entries: Mapping[UUID, StoredHashes]) -> list[Breach]:
    """Whether one seal fits its own figures and the entries that it covers."""
    breaches = [
        Breach(what, seal=seal.number, entry_id=entry_id)
        for entry_id in seal.entries
        for what in entry_faults(entries.get(entry_id))
    ]
    hashes = [entries[one].content_hash if one in entries else MISSING for one in seal.entries]
    root = merkle_root(hashes)
    if root != seal.root and not breaches:
        breaches.append(Breach("the entries do not give the sealed root", seal=seal.number))
    link_found = link(
        seal.previous_link, number=seal.number, count=len(seal.entries), root=seal.root
    )
    if link_found != seal.link:
        breaches.append(Breach("the seal was changed", seal=seal.number))
    return breaches


def entry_faults(hashes: StoredHashes | None) -> list[str]:
    """What is wrong with one entry by itself."""
    if hashes is None:
        return ["the entry is missing"]
    if hashes.content_found != hashes.content_hash:
        return ["the entry was changed"]
    if hashes.values_found is not None and hashes.values_found != hashes.values_hash:
        return ["the entry's values were changed"]
    return []
