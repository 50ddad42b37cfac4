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


def uuid7_texts(count: int) -> list[str]:
    """`count` new ids as text for a bulk statement, in rising order of time, not of each other."""
    head = f"{time.time_ns() // 1_000_000:012x}7"
    noise = os.urandom(count * 10).hex()
    return [
        f"{head}{noise[at : at + 3]}{VARIANTS[noise[at + 3]]}{noise[at + 4 : at + 19]}"
        for at in range(0, count * 20, 20)
    ]


# The first digit of the last half says the variant (RFC 9562): two bits 10, two bits of chance.
VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
