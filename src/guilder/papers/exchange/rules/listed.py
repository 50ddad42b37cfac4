"""Code lists of a sheet are looked up in, not read through from their beginning for each code.

Publishers write a list as one text and ask `contains(' AED … ', concat(' ', code, ' '))`, having
refused a code with a space in it before. That is: whether the code is one of the list's words,
which a map answers at once. A test that is written in another way stays untouched.
"""

from __future__ import annotations

import re

from guilder.kernel import xml

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


def look_up(root: xml.Element) -> None:
    """Rewrite the tests for a listed code in the sheet `root`."""
    known: dict[str, str] = {}

    def looked_up(found: re.Match[str]) -> str:
        name = known.setdefault(found["list"], f"listed.{len(known) + 1}")
        return f"exists(${name}(normalize-space({found['code']})))"

    for one in root.iter(XSL + "when", XSL + "if"):
        test = one.get("test", "")
        if " and contains" in test:
            one.set("test", LISTED.sub(looked_up, test))
    place = 1 + max((at for at, one in enumerate(root) if one.tag in FIRST), default=-1)
    for text, name in known.items():
        made = xml.element("variable", XSL[1:-1])
        made.set("name", name)
        made.set("static", "yes")  # made with the sheet, not with each paper
        words = f"tokenize('{text.strip()}', ' ')"
        made.set("select", f"{MAP}merge(for $word in {words} return {MAP}entry($word, 1))")
        root.insert(place, made)
