"""Publishers' sheets without what nobody reads of their report: a third of a verdict's time.

A report (SVRL) tells of each rule that found a node to judge, whether or not it has something to
say. Only what it says is read here, so that account is taken out of the sheet before it is
compiled; every test, its severity, its place and its words stay as they are published. Nor are
attributes visited for a pattern that has no rule on any.
"""

from __future__ import annotations

import re
from pathlib import Path

from guilder.kernel import xml
from guilder.kernel.errors import Invalid

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
ACCOUNT = "fired-rule"
DEFAULT = "@*|node()"  # how the compilers write the template that only goes on
MAY_BE_ATTRIBUTE = re.compile(r"@|attribute|node\(|document|\$")
LIMITS = xml.Limits(size=20 << 20)


def text_of(path: Path) -> str:
    """The sheet at `path` without that account; "" where it is to be taken as it is."""
    try:
        root = xml.parse(path.read_bytes(), limits=LIMITS)
    except Invalid:
        return ""  # more than we read ourselves, or of another kind: Saxon says what it makes of it
    if _is_read(root):
        return ""
    for one in list(root.iter(SVRL + ACCOUNT)):
        _remove(one)
    _pass_attributes_by(root)
    for output in root.iter(XSL + "output"):
        output.set("indent", "no")
    if root.get(BASE) is None:  # code lists lie beside the sheet
        root.set(BASE, path.resolve().as_uri())
    return xml.serialize(root).decode().partition("?>")[2]


def _is_read(root: xml.Element) -> bool:
    """Whether the sheet itself looks at its account of rules."""
    return any(ACCOUNT in str(value) for one in root.iter() for value in one.attrib.values())


def _pass_attributes_by(root: xml.Element) -> None:
    """Where no template of a mode can match an attribute, visiting them says nothing."""
    modes: dict[str, list[xml.Element]] = {}
    for template in root.iter(XSL + "template"):
        modes.setdefault(template.get("mode", ""), []).append(template)
    for mode, templates in modes.items():
        matched = " ".join(template.get("match", "") for template in templates)
        if mode in {"", "#all"} or MAY_BE_ATTRIBUTE.search(matched.replace(DEFAULT, "")):
            continue
        for template in templates:
            for onward in template.iter(XSL + "apply-templates"):
                if onward.get("mode") == mode and onward.get("select") == "@*|*":
                    onward.set("select", "*")


def _remove(one: xml.Element) -> None:
    """Take an element out; the text after it belongs to what is around it."""
    parent = one.getparent()
    if parent is None:
        return
    before, after = one.getprevious(), one.tail or ""
    if before is None:
        parent.text = (parent.text or "") + after
    else:
        before.tail = (before.tail or "") + after
    parent.remove(one)
