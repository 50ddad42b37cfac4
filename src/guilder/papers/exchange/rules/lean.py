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
# What all patterns of the other compiler share: nothing is said of text, and elements go on.
SHARED = {"text() | @*": [], START: ["node()"], "*": ["@*", "node()"]}
CURRENT = "#current"
ROOT = "root()"
EVERY = "*"
MOST_NAMES = 8  # more are found sooner among all elements
NAMED = re.compile(r"[A-Za-z_][\w.-]*:[A-Za-z_][\w.-]*")
ELEMENT = re.compile(rf"{NAMED.pattern}|(?:[A-Za-z_][\w.-]*:)?\*")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
PLACE = re.compile(r"\b(?:position|last)\s*\(")
PREDICATE = re.compile(r"\[[^\[\]]*\]")
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
    if not _counts_places(root):
        _go_straight(root)
        _go_straight_together(root)
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
        matched = _without(PREDICATE, matched.replace(DEFAULT, ""))
        if mode in {"", ALL} or MAY_BE_ATTRIBUTE.search(matched):
            continue
        for template in templates:
            for onward in template.iter(XSL + "apply-templates"):
                if onward.get("mode") == mode and onward.get("select") == "@*|*":
                    onward.set("select", "*")


def _counts_places(root: xml.Element) -> bool:
    """Whether a rule asks how many were judged before it, outside a predicate."""
    return any(
        PLACE.search(value) and PLACE.search(_without(PREDICATE, value))
        for one in root.iter()
        for value in map(str, one.attrib.values())
    )


def _go_straight(root: xml.Element) -> None:
    """A mode whose rules are all on elements starts at those, not at the document: at the elements
    with their names where these are few, else at all.

    Either way each element is judged once, in the order of the document.
    """
    modes: dict[str, list[xml.Element]] = {}
    calls: dict[str, list[xml.Element]] = {}
    for template in root.iter(XSL + "template"):
        modes.setdefault(template.get("mode", ""), []).append(template)
    for call in root.iter(APPLY):
        calls.setdefault(call.get("mode", ""), []).append(call)
    if CURRENT in calls or ALL in modes:
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
    """The names of the elements that a mode's rules are on, or EVERY; none where it has rules on
    others, or one that does not go on to all that is below.
    """
    if DEFAULT not in {template.get("match") for template in templates}:
        return []  # then what no rule is on goes on by itself
    names: dict[str, None] = {}
    for template in templates:
        match = template.get("match", "")
        if match == TEXT:
            continue
        onward = [one for one in template if one.tag == APPLY and one.get("mode") == mode]
        found = [] if match == DEFAULT else element_names(match) or every_element(match)
        if len(onward) != 1 or (match != DEFAULT and not found):
            return []
        names.update(dict.fromkeys(found))
    return [EVERY] if EVERY in names or len(names) > MOST_NAMES else list(names)


def _go_straight_together(root: xml.Element) -> None:
    """The same for the other compiler, whose patterns share the templates that go on."""
    templates = [one for one in root.iter(XSL + "template") if one.get("match") is not None]
    shared = [one for one in templates if one.get("mode") == ALL]
    onward = {one.get("match", ""): [call.get("select") for call in one] for one in shared}
    calls = [call for call in root.iter(APPLY) if call.get("mode") is not None]
    starts = [call for call in calls if call.get("mode") != CURRENT]
    own = [one for one in templates if one.get("mode") != ALL]
    if onward != SHARED or len(calls) - len(starts) != sum(len(one) for one in shared):
        return
    if any(call.get("select") != ROOT or len(call) for call in starts):
        return
    for one in own:
        match = one.get("match", "")
        if not every_element(match) if one.get("mode") is not None else match != ROOT:
            return
    for one in shared:
        for call in list(one):
            _remove(call)
    for start in starts:
        start.set("select", f"{ROOT}/descendant::{EVERY}")


def element_names(match: str) -> list[str]:
    """The names of the elements that a pattern can match; none where it names no element."""
    found = _last_steps(match)
    return found if all(NAMED.fullmatch(name) for name in found) else []


def every_element(match: str) -> list[str]:
    """EVERY where a pattern can match nothing but elements; else nothing."""
    return [EVERY] if all(ELEMENT.fullmatch(name) for name in _last_steps(match)) else []


def _last_steps(match: str) -> list[str]:
    return [one.rpartition("/")[2].strip() for one in _without(BRACKETED, match).split("|")]


def _without(brackets: re.Pattern[str], text: str) -> str:
    """`text` without what stands in brackets or quotes."""
    bare, last = QUOTED.sub("", text), ""
    while bare != last:  # from the innermost brackets outward
        bare, last = brackets.sub("", bare), bare
    return bare


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
