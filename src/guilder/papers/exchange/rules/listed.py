"""Code lists of a sheet are looked up in, not read through from their beginning for each code.

Publishers write a list as one text and ask `contains(' AED … ', concat(' ', code, ' '))`, having
refused a code with a space in it before. That is: whether the code is one of the list's words,
which a map answers at once. Others ask a file beside the sheet, `document('codes.xml')/codedb/
cl[@id=3]/enumeration[@value=$code]`, which is parsed anew with each paper: its lists are maps too.
A test that is written in another way stays untouched, and so is a list of more than plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from guilder.kernel import xml
from guilder.kernel.errors import Invalid

XSL = "{http://www.w3.org/1999/XSL/Transform}"
FIRST = frozenset({XSL + "import", XSL + "include"})
MAP = "Q{http://www.w3.org/2005/xpath-functions/map}"
CODE = r"(?P<code>\.|@[A-Za-z][\w.-]*)"
TEXT = r"'(?P<list> [^' \s]+(?: [^' \s]+)* )'"
LISTED = re.compile(
    rf"not\s*\(\s*contains\s*\(\s*normalize-space\s*\(\s*{CODE}\s*\)\s*,\s*' '\s*\)\s*\)"
    rf"\s+and\s+contains\s*\(\s*{TEXT}\s*,"
    r"\s*concat\s*\(\s*' '\s*,\s*normalize-space\s*\(\s*(?P=code)\s*\)\s*,\s*' '\s*\)\s*\)"
)
FILED = re.compile(
    r"(?P<before>string-length\(\$(?P<code>[A-Za-z]\w*)\)\s*=\s*0 or )"
    r"document\('(?P<file>[\w.-]+\.xml)'\)/codedb/cl\[@id=(?P<id>\d+)\]"
    r"/enumeration\[@value=\$(?P=code)\]"
)
BASE = "{http://www.w3.org/XML/1998/namespace}base"
NUMBER = re.compile(r"0|[1-9]\d*")
PLAIN = re.compile(r"[^\s']+")
MOVED = (BASE, "xpath-default-namespace")


def look_up(root: xml.Element, folder: Path) -> None:
    """Rewrite the tests for a listed code in the sheet `root`, which lies in `folder`."""
    known: dict[str, str] = {}
    files: dict[str, dict[str, str]] = {}

    def named(words: str) -> str:
        return known.setdefault(words, f"listed.{len(known) + 1}")

    def looked_up(found: re.Match[str]) -> str:
        return f"exists(${named(found['list'])}(normalize-space({found['code']})))"

    def asked_of_a_file(found: re.Match[str]) -> str:
        if found["file"] not in files:
            files[found["file"]] = _lists_in(folder / found["file"])
        words = files[found["file"]].get(found["id"])
        if words is None:
            return found[0]
        answer = f"exists(${named(words)}(string($each)))"
        return f"{found['before']}(some $each in ${found['code']} satisfies {answer})"

    is_beside = not any(name in one.attrib for one in root.iter() for name in MOVED)

    for one in root.iter(XSL + "when", XSL + "if"):
        test = one.get("test", "")
        if " and contains" in test:
            one.set("test", LISTED.sub(looked_up, test))
        elif is_beside and (found := FILED.fullmatch(test)):
            one.set("test", asked_of_a_file(found))
    place = 1 + max((at for at, one in enumerate(root) if one.tag in FIRST), default=-1)
    for text, name in known.items():
        made = xml.element("variable", XSL[1:-1])
        made.set("name", name)
        made.set("static", "yes")  # made with the sheet, not with each paper
        words = f"tokenize('{text.strip()}', ' ')"
        made.set("select", f"{MAP}merge(for $word in {words} return {MAP}entry($word, 1))")
        root.insert(place, made)


def _lists_in(path: Path) -> dict[str, str]:
    """The lists of a file by their number, as words; none where it is not built as they are."""
    try:
        root = xml.parse(path.read_bytes())
    except (OSError, Invalid):
        return {}
    found: dict[str, list[str]] = {}
    for one in root.findall("cl") if root.tag == "codedb" else ():
        codes = (code.get("value") for code in one.findall("enumeration"))
        found.setdefault(one.get("id", ""), []).extend(code for code in codes if code)
    if not all(NUMBER.fullmatch(number) for number in found):  # “03” is 3 too
        return {}
    return {number: " ".join(codes) for number, codes in found.items() if _are_plain(codes)}


def _are_plain(codes: Iterable[str]) -> bool:
    return all(PLAIN.fullmatch(code) for code in codes)
