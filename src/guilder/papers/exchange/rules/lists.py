"""The code lists of EN 16931, read from the sheets that judge: so both always agree.

A list that no sheet at hand holds says yes to everything: the verdict will know.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from guilder.papers.exchange.rules import packs

CODES = re.compile(r"contains\(\s*' ([^']+) '")
MIMES = re.compile(r"@mimeCode = '([^']+)'")
NOW = date.max


def knows(rule: str, code: str) -> bool:
    """Whether `code` is of the list that `rule` demands."""
    known = codes_of(rule)
    return not known or code in known


@cache
def codes_of(rule: str) -> frozenset[str]:
    """The codes that `rule` allows; empty where no sheet at hand says so."""
    text = _sheet()
    end = text.find(f'<xsl:attribute name="id">{rule}</xsl:attribute>')
    found: set[str] = set()
    while end >= 0:
        test = text[text.rfind("<xsl:choose>", 0, end) : end]
        for codes in CODES.findall(test):
            found |= set(codes.split())
        found |= set(MIMES.findall(test))
        end = text.find(f'<xsl:attribute name="id">{rule}</xsl:attribute>', end + 1)
    return frozenset(found)


@cache
def _sheet() -> str:
    pack = packs.in_force(packs.all_packs(), on=NOW).get("en16931-ubl")
    if pack is None:
        return ""
    return (pack.folder / pack.parts["en16931-ubl"]).read_text(encoding="utf-8")
