"""Publishers' sheets without what nobody reads of their report, for a quarter of the time.

A report (SVRL) tells of each pattern and each rule that found a node to judge, whether or not it
has something to say. Only what it says is read here, so that account is taken out of the sheet
before it is compiled; the severity, the place and the words of every rule stay as they are
published, and each test answers as published (`absent` and `listed` ask some in a shorter way). Nor
are attributes visited for a pattern that has no rule on any, nor a whole document where names lead
to the elements of a pattern.
"""

from __future__ import annotations

import re
from pathlib import Path

from guilder.kernel import xml
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.rules import absent, listed

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
ACCOUNT = ("fired-rule", "active-pattern", "ns-prefix-in-attribute-values")
APPLY = XSL + "apply-templates"
CALLING = frozenset(XSL + name for name in ("apply-templates", "call-template", "apply-imports"))
DEFAULT_MODE, ALL = "#default", "#all"
# How the other compiler gathers what the rules of a pattern say.
ALL_SAID = "../schxslt:rule[@pattern = current()/@id]/node()"
DEFAULT = "@*|node()"  # how the compilers write the template that only goes on
TEXT = "text()"
START = "/"
NAMED = re.compile(r"[A-Za-z_][\w.-]*:[A-Za-z_][\w.-]*")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
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
    _silence(root)
    _pass_attributes_by(root)
    _go_straight(root)
    absent.look_once(root)
    listed.look_up(root, path.parent)
    for output in root.iter(XSL + "output"):
        output.set("indent", "no")
    if root.get(BASE) is None:  # code lists lie beside the sheet
        root.set(BASE, path.resolve().as_uri())
    return xml.serialize(root).decode().partition("?>")[2]


def _is_read(root: xml.Element) -> bool:
    """Whether the sheet itself looks at its account of rules."""
    told = (str(value) for one in root.iter() for value in one.attrib.values())
    return any(name in value for value in told for name in ACCOUNT)


def _silence(root: xml.Element) -> None:
    """Take the account out; what is called from within it stays where it might say something."""
    is_silent = _default_is_silent(root)
    for one in list(root.iter(*(SVRL + name for name in ACCOUNT))):
        calls = [call for call in one.iter() if call.tag in CALLING]
        if not calls or (
            is_silent and all(call.tag == APPLY and not call.attrib for call in calls)
        ):
            _remove(one)
    for one in root.iter(XSL + "sequence"):
        if one.get("select") == ALL_SAID:  # most rules say nothing: asked first, for it is cheap
            one.set("select", ALL_SAID.replace("[", "[node()][", 1))


def _default_is_silent(root: xml.Element) -> bool:
    """Whether going on without a mode, as each pattern of one compiler does, says nothing."""
    for template in root.iter(XSL + "template"):
        match = template.get("match")
        if match in {None, START} or template.get("mode", DEFAULT_MODE) not in {DEFAULT_MODE, ALL}:
            continue
        if match != TEXT or len(template) or (template.text or "").strip():
            return False
    return True


def _pass_attributes_by(root: xml.Element) -> None:
    """Where no template of a mode can match an attribute, visiting them says nothing."""
    modes: dict[str, list[xml.Element]] = {}
    for template in root.iter(XSL + "template"):
        modes.setdefault(template.get("mode", ""), []).append(template)
    for mode, templates in modes.items():
        matched = " ".join(template.get("match", "") for template in templates)
        if mode in {"", ALL} or MAY_BE_ATTRIBUTE.search(matched.replace(DEFAULT, "")):
            continue
        for template in templates:
            for onward in template.iter(XSL + "apply-templates"):
                if onward.get("mode") == mode and onward.get("select") == "@*|*":
                    onward.set("select", "*")


def _go_straight(root: xml.Element) -> None:
    """A mode whose rules are all on elements with a name starts at those, not at the document.

    Either way each element is judged once, in the order of the document.
    """
    modes: dict[str, list[xml.Element]] = {}
    calls: dict[str, list[xml.Element]] = {}
    for template in root.iter(XSL + "template"):
        modes.setdefault(template.get("mode", ""), []).append(template)
    for call in root.iter(APPLY):
        calls.setdefault(call.get("mode", ""), []).append(call)
    if "#current" in calls or ALL in modes:
        return
    for mode, templates in modes.items():
        starts = [one for one in calls.get(mode, ()) if one.get("select") == START]
        onward = [one for one in calls.get(mode, ()) if one.get("select") == "*"]
        names = _names_of(templates, mode)
        if mode and names and len(starts) == 1 and len(onward) + 1 == len(calls[mode]):
            starts[0].set("select", "|".join(f"/descendant::{name}" for name in names))
            for one in onward:
                _remove(one)


def _names_of(templates: list[xml.Element], mode: str) -> list[str]:
    """The names of the elements that a mode's rules are on; none where it has rules on others,
    or one that does not go on to all that is below.
    """
    names: dict[str, None] = {}
    for template in templates:
        match = template.get("match", "")
        if match == TEXT:
            continue
        onward = [one for one in template if one.tag == APPLY and one.get("mode") == mode]
        found = [] if match == DEFAULT else element_names(match)
        if len(onward) != 1 or (match != DEFAULT and not found):
            return []
        names.update(dict.fromkeys(found))
    return list(names)


def element_names(match: str) -> list[str]:
    """The names of the elements that a pattern can match; none where it names no element."""
    bare, last = QUOTED.sub("", match), ""
    while bare != last:  # from the innermost brackets outward
        bare, last = BRACKETED.sub("", bare), bare
    found = [one.rpartition("/")[2].strip() for one in bare.split("|")]
    return found if all(NAMED.fullmatch(name) for name in found) else []


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
