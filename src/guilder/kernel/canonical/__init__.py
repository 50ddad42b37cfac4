"""A paper as plain data, as canonical JSON, and the hashes that prove it never changed.

The shape (version 1, kept for ever) is told in docs/rooms/kernel.md: keys are the field names of
`Document`, empty fields are left out, amounts and decimals are strings.
"""

from guilder.kernel.canonical.hashing import (
    GENESIS,
    NotCanonical,
    canonical_bytes,
    canonical_json,
    chain_hash,
    content_hash,
    hash_of_content,
)
from guilder.kernel.canonical.reading import NotADocument, from_dict
from guilder.kernel.canonical.writing import VERSION, to_dict

__all__ = (
    "GENESIS",
    "VERSION",
    "NotADocument",
    "NotCanonical",
    "canonical_bytes",
    "canonical_json",
    "chain_hash",
    "content_hash",
    "from_dict",
    "hash_of_content",
    "to_dict",
)
