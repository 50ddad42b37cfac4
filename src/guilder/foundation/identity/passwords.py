"""Passwords that are easily guessed here: names of the place, and what leaked elsewhere."""

import hashlib
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from guilder.foundation.identity.models import Membership, User
from guilder.kernel.errors import Problem

logger = logging.getLogger("guilder.security")

PRODUCT = "guilder"
SHORTEST_WORD = 4  # letters; shorter ones are in too many good passwords
REST = 8  # characters that must be left without the words of the place
LONGEST_LINE = 64  # of a list: forty digits, a colon, a count


def guessed_problems(password: str, *, words: Iterable[str]) -> list[Problem]:
    """What is wrong with a password in this place: `words` are names that everybody here knows."""
    found = []
    if is_of_the_place(password, words=[PRODUCT, *words]):
        text = "This is little more than a name that everybody here knows. Add a few words."
        found.append(Problem("/password", "identity.password_of_the_place", text))
    if is_breached(password):
        text = "This password has leaked somewhere and is on lists that are tried. Choose another."
        found.append(Problem("/password", "identity.password_breached", text))
    return found


def words_of(user: User) -> list[str]:
    """The names of the organizations that somebody belongs to."""
    if user._state.adding:
        return []
    inside = Membership.objects.filter(user_id=user.id, is_active=True)
    return list(inside.values_list("organization__name", flat=True))


def is_of_the_place(password: str, *, words: Iterable[str]) -> bool:
    """Whether fewer than eight characters are left of a password without the names of the place."""
    rest = plain(password)
    names = {part for word in words for part in (plain(word), *map(plain, word.split()))}
    for name in sorted(names, key=lambda one: (-len(one), one)):
        if len(name) >= SHORTEST_WORD:
            rest = rest.replace(name, "")
    return rest != plain(password) and len(rest) < REST


def plain(text: str) -> str:
    """Letters and digits, whatever their case."""
    return "".join(one for one in text.casefold() if one.isalnum())


def is_breached(password: str) -> bool:
    """Whether a password is on the operator's list (GUILDER_BREACHED_PASSWORDS); no list, no.

    The list is a file of SHA-1 hashes in hexadecimal, sorted, one a line, each with `:count` or
    without: as they are given away. It is searched where it lies, however many gigabytes it has.
    """
    place = settings.BREACHED_PASSWORDS
    if not place:
        return False
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with Path(place).open("rb") as file:
            return is_listed(wanted, file)
    except OSError:
        logger.exception("The list of breached passwords at %s cannot be read.", place)
        return False


def is_listed(wanted: bytes, file: BinaryIO) -> bool:
    """Whether a sorted file has a line that begins with `wanted`."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle:
            file.readline(LONGEST_LINE)  # the rest of a line that began before
        line = file.readline(LONGEST_LINE)[:40].upper()
        if line == wanted:
            return True
        if line and line < wanted:
            low = middle + 1
        else:
            high = middle
    file.seek(0)
    return file.readline(LONGEST_LINE)[:40].upper() == wanted
