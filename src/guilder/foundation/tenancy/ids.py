"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

import os
import time
from uuid import UUID

VERSION_AND_VARIANT = (7 << 76) | (2 << 62)
RANDOM_BITS = (0xFFF << 64) | ((1 << 62) - 1)


def uuid7() -> UUID:
    """A new id: 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10)) & RANDOM_BITS
    return UUID(int=(milliseconds << 80) | VERSION_AND_VARIANT | random)
