"""Whether two records of a bank are one and the same entry, in whichever formats they came."""

import hashlib
from datetime import date

from guilder.flows.banking.calc.facts import Line
from guilder.flows.banking.calc.words import words_of


def fingerprint(
    *, booked_on: date, amount: int, bank_reference: str, end_to_end: str, said: str
) -> str:
    """What an entry is told by when the same file, or its like, comes again."""
    parts = (
        booked_on.isoformat(),
        str(amount),
        bank_reference,
        end_to_end,
        " ".join(words_of(said)),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def is_same(one: Line, other: Line, *, same_format: bool) -> int:
    """How well two entries of one day and amount agree; 0 where something tells them apart.

    A bank reference decides within one format; between formats banks write it differently, so
    only its agreement counts.
    """
    if one.amount != other.amount or one.booked_on != other.booked_on:
        return 0
    score = 1
    if one.bank_reference and other.bank_reference:
        if one.bank_reference == other.bank_reference:
            score += 100
        elif same_format:
            return 0
    for mine, theirs, weight in (
        (one.end_to_end, other.end_to_end, 20),
        (one.account, other.account, 10),
    ):
        if mine and theirs:
            if bare(mine) == bare(theirs):
                score += weight
            elif score < 100:
                return 0
    alike = told_alike(one, other)
    return 0 if alike < 0 and score < 100 else score + max(alike, 0)


def bare(text: str) -> str:
    """Without what formats add."""
    return "".join(one for one in text.upper() if one.isalnum())


def told_alike(one: Line, other: Line) -> int:
    """How much both tell alike, up to 10; −1 where what they tell differs."""
    mine, theirs = (
        set(words_of(f"{one.name} {one.said}")),
        set(words_of(f"{other.name} {other.said}")),
    )
    if not mine or not theirs:
        return 0
    if numbers_differ(mine, theirs):
        return -1
    shared, least = len(mine & theirs), min(len(mine), len(theirs))
    if shared * 2 >= least:
        return shared * 10 // least
    first, second = "".join(sorted(mine)), "".join(sorted(theirs))
    return 5 if first in second or second in first else -1


def numbers_differ(mine: set[str], theirs: set[str]) -> bool:
    """Whether each side has a number that the other one lacks, cut or split as it may be."""
    only_mine = {one for one in mine - theirs if any(map(str.isdigit, one))}
    only_theirs = {one for one in theirs - mine if any(map(str.isdigit, one))}
    if not only_mine or not only_theirs:
        return False
    whole_mine, whole_theirs = digits_of(mine), digits_of(theirs)
    return not (
        all(part in whole_theirs for part in map(bare_digits, only_mine))
        or all(part in whole_mine for part in map(bare_digits, only_theirs))
    )


def digits_of(words: set[str]) -> str:
    """All digits in one row, in the order of the words."""
    return "".join(bare_digits(one) for one in sorted(words))


def bare_digits(word: str) -> str:
    """The digits of a word."""
    return "".join(one for one in word if one.isdigit())
