"""Text as SEPA carries it: the Latin set that every bank of the scheme takes (EPC217-08)."""

import re
import unicodedata

CHARACTERS = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]", re.ASCII)
WRITTEN = {
    "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "SS",
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l",
    "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "TH", "þ": "th", "ı": "i", "Ħ": "H", "ħ": "h",
    "&": "+", "€": "EUR", "_": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "“": "'", "”": "'",
    '"': "'", "@": "(at)", ";": ",", "!": ".", "*": ".",
}  # fmt: skip
# A letter and how it sounds, by turns.
GREEK = """α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y
 φ f χ ch ψ ps ω o"""
CYRILLIC = """а a б b в v г g д d е e ж zh з z и i к k л l м m н n о o п p р r с s т t у u ф f х h
 ц ts ч ch ш sh щ sht ъ a ы y ь y э e ю yu я ya є ye і i ґ g ђ dj ј j љ lj њ nj ћ c џ dz"""
PAIRS = f"{GREEK} {CYRILLIC}".split()
LETTERS = dict(zip(PAIRS[::2], PAIRS[1::2], strict=True))


def latin(text: str, *, most: int) -> str:
    """`text` in the scheme's characters, at most that many; never begins with a slash."""
    written = "".join(WRITTEN.get(one) or spelt(one) for one in unicodedata.normalize("NFC", text))
    plain = " ".join(CHARACTERS.sub(".", written).replace("//", "/").split())
    return plain.lstrip("/")[:most].strip()


def spelt(letter: str) -> str:
    """One character by its base letter, Greek and Cyrillic by sound."""
    base = unicodedata.normalize("NFKD", letter)
    bare = "".join(one for one in base if not unicodedata.combining(one))
    small = bare.lower()
    if small not in LETTERS:
        return bare
    sound = LETTERS[small]
    return sound if bare == small else sound.capitalize()


def identifier(text: str, *, most: int) -> str:
    """`text` as a part of an identifier: letters, digits and dashes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", latin(text, most=200)).strip("-")[:most].strip("-")
