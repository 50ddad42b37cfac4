"""How texts are made alike before they are compared, and what a search may mean."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PAPERS = ("invoice", "credit_note", "debit_note", "deposit", "pro_forma", "quote", "payment")
LONGEST = 40  # letters of a word that are kept
MOST = 40  # words of a thing that are kept
LAST = "\U0010ffff"  # sorts behind every continuation of a prefix
SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
GAPS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: words, and the amount or day that the whole text may be."""

    text: str
    amount: Decimal | None = None
    on: date | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words, made alike; at most six."""
        return tuple(dict.fromkeys(plain(self.text).split()))[:6]

    @property
    def key(self) -> str:
        """The whole text as a number is kept: `INV-2026-001` is `inv2026001`."""
        return key_of(self.text)

    @property
    def tail(self) -> str:
        """The digits at the end without leading zeros, as somebody names a number: 00184 is 184.

        Empty for an amount or a day, whose last digits mean nothing by themselves.
        """
        last = self.text.split()[-1:] or [""]
        return "" if re.search(r"[.,:]|^[+-]", last[0]) else tail_of(last[0])

    @property
    def tail_end(self) -> str:
        """What the ends of fitting numbers stand before: 00184 is one number, 184 may go on."""
        digits = re.search(r"(\d+)\W*$", self.text)
        padded = digits is not None and digits[1].startswith("0")
        return f"{self.tail} " if padded else self.tail + LAST

    @property
    def minors(self) -> list[int]:
        """The amount in minor units of currencies with two, no and three decimals."""
        if self.amount is None:
            return []
        scaled = [abs(self.amount) * (10**digits) for digits in (2, 0, 3)]
        return [int(one) for one in scaled if one == one.to_integral_value() and one < 10**17]


def plain(text: str) -> str:
    """Small letters without accents, words parted by one blank: `Öresund-Ports AB` is
    `oresund ports ab`."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(SPECIAL))
    return GAPS.sub(" ", "".join(c for c in folded if not unicodedata.combining(c))).strip()


def key_of(number: str) -> str:
    """A number without its marks."""
    return plain(number).replace(" ", "")[:80]


def tail_of(number: str) -> str:
    """The digits that a number ends in, without leading zeros; empty where there are none."""
    found = re.search(r"(\d+)\W*$", number.strip())
    return found[1].lstrip("0")[:20] if found else ""


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Every word of some texts once, at most MOST; a text with marks is a word as a whole too."""
    found: dict[str, None] = {}
    for text in texts:
        parts = plain(text).split()
        found.update(dict.fromkeys(part[:LONGEST] for part in parts))
        if 1 < len(parts) <= 8 and re.search(r"\d|@", text):
            found["".join(parts)[:LONGEST]] = None
    return tuple(found)[:MOST]


def text_of(texts: Iterable[str]) -> str:
    """All of a thing's texts made alike, for words beside the one that led to it."""
    return " ".join(filter(None, (plain(text) for text in texts)))[:1000]
