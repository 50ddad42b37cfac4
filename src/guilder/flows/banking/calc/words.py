"""Numbers and names as they come through banks: cut, folded, spaced and misspelt."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

RUN = re.compile(r"\d+", re.ASCII)
GLUE = re.compile(r"[\s./_-]{1,2}", re.ASCII)
RF = re.compile(r"\bRF\s?(\d{2})((?:\s?[0-9A-Z]){1,21})\b", re.ASCII)
OGM = re.compile(r"[+*]{3}\s?(\d{3})/?(\d{4})/?(\d{5})\s?[+*]{3}", re.ASCII)
QRR = re.compile(r"(?:\d[ ]?){26}\d", re.ASCII)
NORDIC = re.compile(r"\b(?:VIITE|REF|REFERENCE)[.:]?\s*(\d{4,20})\b", re.ASCII)
KID = re.compile(r"\bKID:?\s*(\d{4,25})\b", re.ASCII)
MOST_KEYS, SHORTEST, LONGEST = 40, 3, 30
# Mod 10 recursive, as Swiss QR and ESR references have it (SIX, QR-bill guidelines, annex B).
CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
LEGAL_WORDS = """
GMBH MBH UG AG KG OHG EG EK EV GBR SE CO COKG LTD LIMITED PLC LLP LLC INC CORP COMPANY BV NV VOF
SA SAS SARL SASU SCI EURL SNC SPA SRL SRLS SL SLU SAU LDA UNIPESSOAL AB AS ASA APS IVS OY OYJ OU
UAB SIA DOO DD KFT ZRT SRO SP ZOO Z O EOOD OOD PTY PVT PTE THE AND UND ET E Y
MR MRS MS HERR FRAU DR
"""
LEGAL = frozenset(LEGAL_WORDS.split())
FOLDS = str.maketrans({"ß": "SS", "Ø": "O", "ø": "O", "Ł": "L", "ł": "L", "Æ": "AE", "æ": "AE",
                       "Œ": "OE", "œ": "OE", "Đ": "D", "đ": "D", "&": " "})  # fmt: skip


def number_key(number: str) -> str:
    """The digits of an invoice number without leading zeros: INV-2026-00182 is 202600182."""
    return "".join(RUN.findall(number)).lstrip("0")


@lru_cache(maxsize=4_096)
def digit_keys(said: str) -> Mapping[str, bool]:
    """Candidate keys of invoice numbers in a text → whether a check digit vouches for it.

    Runs of digits alone and put together with their neighbours, up to four of them; and the bodies
    of structured references (RF, OGM, QRR, KID).
    """
    keys = dict.fromkeys(structured_bodies(said), True)
    runs = list(RUN.finditer(said))
    for place, run in enumerate(runs):
        if len(keys) >= MOST_KEYS:
            break
        text, end = run[0], run.end()
        add_key(keys, text)
        for following in runs[place + 1 : place + 4]:
            if not GLUE.fullmatch(said[end : following.start()]):
                break
            text, end = text + following[0], following.end()
            add_key(keys, text)
    return keys


def add_key(keys: dict[str, bool], text: str) -> None:
    """One more key, if it is of a length that numbers have."""
    bare = text.lstrip("0")
    if SHORTEST <= len(bare) <= LONGEST:
        keys.setdefault(bare, False)


def structured_bodies(said: str) -> Iterable[str]:
    """What stands in the references whose check digits are right, without those digits."""
    upper = said.upper()
    for found in RF.finditer(upper) if "RF" in upper else ():
        body = found[2].replace(" ", "")
        for end in range(len(body), 0, -1):
            if mod_97(f"{body[:end]}RF{found[1]}") == 1:
                yield number_key(body[:end])
                break
    for found in OGM.finditer(said) if "***" in said or "+++" in said else ():
        body, check = found[1] + found[2] + found[3][:3], int(found[3][3:])
        if (int(body) % 97 or 97) == check:
            yield body.lstrip("0")
    for found in QRR.finditer(said) if len(said) >= 27 else ():
        digits = found[0].replace(" ", "")
        if mod_10_recursive(digits[:-1]) == int(digits[-1]):
            yield digits[:-1].lstrip("0")
    for found in NORDIC.finditer(upper) if "VIITE" in upper or "REF" in upper else ():
        if seven_three_one(found[1][:-1]) == found[1][-1]:
            yield found[1][:-1].lstrip("0")
    for found in KID.finditer(upper) if "KID" in upper else ():
        digits = found[1]
        if luhn(digits[:-1]) == digits[-1] or mod_11(digits[:-1]) == digits[-1]:
            yield digits[:-1].lstrip("0")


def mod_97(text: str) -> int:
    """ISO 7064 over letters (A is 10) and digits."""
    return int("".join(str(int(one, 36)) for one in text)) % 97


def mod_10_recursive(digits: str) -> int:
    """The check digit of a Swiss reference."""
    carry = 0
    for one in digits:
        carry = CARRY[(carry + int(one)) % 10]
    return (10 - carry) % 10


def seven_three_one(digits: str) -> str:
    """The check digit of a Finnish reference number (Finance Finland)."""
    total = sum(int(one) * (7, 3, 1)[place % 3] for place, one in enumerate(reversed(digits)))
    return str(-total % 10)


def luhn(digits: str) -> str:
    """The mod 10 check digit of a Norwegian KID (Bits, KID specification)."""
    total = 0
    for place, one in enumerate(reversed(digits)):
        doubled = int(one) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def mod_11(digits: str) -> str:
    """The mod 11 check digit of a Norwegian KID; "-" stands for ten."""
    total = sum(int(one) * (2 + place % 6) for place, one in enumerate(reversed(digits)))
    rest = -total % 11
    return "-" if rest == 10 else str(rest)


@lru_cache(maxsize=65_536)
def words_of(name: str) -> tuple[str, ...]:
    """The telling words of a name: folded, large, without legal forms."""
    if name.isascii():
        bare = name.replace("&", " ").upper()
    else:
        decomposed = unicodedata.normalize("NFKD", name.translate(FOLDS).upper())
        bare = decomposed.encode("ascii", "ignore").decode()
    found = re.findall(r"[A-Z0-9]+", bare.replace(".", "").replace("'", ""))
    return tuple(one for one in found if one not in LEGAL) or tuple(found)


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """One spelling of a name: "Baltic Timber OÜ" and "BALTIC TIMBER OU" are the same."""
    return "".join(words_of(name))


def names_agree(told: str, known: str) -> bool:
    """Whether two names mean the same: one begins or holds the other, or most words agree."""
    if not told or not known:
        return False
    first, second = name_key(told), name_key(known)
    if not first or not second:
        return False
    shorter = min(len(first), len(second))
    if first == second or (shorter >= 6 and first[:shorter] == second[:shorter]):
        return True
    one, other = words_of(told), words_of(known)
    shared = sum(any(alike(word, match) for match in other) for word in one)
    return shared > 0 and shared * 2 >= max(len(one), len(other)) and letters(one, other) >= 5


def alike(word: str, other: str) -> bool:
    """Equal, or long enough to be told through one cut end or one wrong letter."""
    if word == other:
        return True
    if min(len(word), len(other)) < 5:
        return False
    return word.startswith(other) or other.startswith(word) or one_apart(word, other)


def one_apart(word: str, other: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two are swapped."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    rest, rest_other = word[start:], other[start:]
    swapped = rest[:2] == rest_other[:2][::-1] and rest[2:] == rest_other[2:]
    return rest[1:] == rest_other[1:] or rest[1:] == rest_other or rest == rest_other[1:] or swapped


def letters(one: Iterable[str], other: Iterable[str]) -> int:
    """How many letters the words have that both names share."""
    others = tuple(other)
    return sum(len(word) for word in one if any(alike(word, match) for match in others))
