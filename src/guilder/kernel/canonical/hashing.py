"""Canonical JSON (RFC 8785), the content hash of a paper and the chain that links papers."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any, cast

import msgspec

from guilder.kernel.canonical.writing import to_dict
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid

GENESIS = bytes(32)  # what the first link of a chain follows
LABEL = b"guilder-chain-1\n"
LARGEST = 2**53 - 1  # the whole numbers that every JSON reader keeps exact

_encoder = msgspec.json.Encoder()


class NotCanonical(Invalid):
    """The data hold what canonical JSON here does not: a fraction, a date, half a character."""

    code = "canonical.unfit"


def canonical_json(data: Any) -> bytes:
    """RFC 8785 of plain data: dict with text keys, list, tuple, str, bool, None, and int up to 2⁵³.

    NotCanonical for anything else, floats before all.
    """
    return _encoded(_ordered(data))


def canonical_bytes(document: Document) -> bytes:
    """The canonical JSON of `document`, with its number."""
    return _encoded(to_dict(document))


def content_hash(document: Document) -> bytes:
    """SHA-256 (32 bytes) of the canonical JSON of `document` without its number (DESIGN 3.2)."""
    data = to_dict(document)
    data.pop("number", None)
    return sha256(_encoded(data)).digest()


def hash_of_content(data: dict[str, Any]) -> bytes:
    """The content hash of a paper that is stored as plain data, in whatever order its keys come."""
    return sha256(
        canonical_json({key: value for key, value in data.items() if key != "number"})
    ).digest()


def chain_hash(
    previous: bytes, *, series: str, number: str, issued_on: date, content_hash: bytes
) -> bytes:
    """The next link: SHA-256 (32 bytes) of these bytes, one after the other.

    "guilder-chain-1" and a line feed · previous link (32; the first follows 32 zero bytes) ·
    length of series in UTF-8 (4, big-endian) · series · length of number (4) · number ·
    issue date as YYYY-MM-DD (10) · content hash (32). ValueError where a hash is not 32 bytes.
    """
    if len(previous) != 32 or len(content_hash) != 32:
        raise ValueError("A link of the chain is 32 bytes long.")
    return sha256(
        b"".join(
            (
                LABEL,
                previous,
                _measured(series),
                _measured(number),
                issued_on.isoformat().encode("ascii"),
                content_hash,
            )
        )
    ).digest()


def _measured(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(4, "big") + data


def _encoded(data: Any) -> bytes:
    try:
        return _encoder.encode(data)
    except UnicodeEncodeError:
        raise NotCanonical("A text holds half a character. Type it again.") from None


def _ordered(data: Any) -> Any:
    if data is None or isinstance(data, str | bool):
        return data
    if isinstance(data, int):
        if abs(data) > LARGEST:
            raise NotCanonical("Whole numbers beyond 2⁵³ are written as text.")
        return data
    if isinstance(data, dict):
        found = cast("dict[Any, Any]", data)
        if not all(isinstance(key, str) for key in found):
            raise NotCanonical("Keys are text.")
        try:
            keys = sorted(found, key=_utf16)
        except UnicodeEncodeError:
            raise NotCanonical("A key holds half a character. Type it again.") from None
        return {key: _ordered(found[key]) for key in keys}
    if isinstance(data, list | tuple):
        return [_ordered(one) for one in cast("list[Any]", data)]
    raise NotCanonical(f"A {type(data).__name__} is written as text first.")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")
