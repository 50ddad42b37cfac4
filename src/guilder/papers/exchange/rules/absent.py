"""What a sheet forbids is looked for once, not by each of its rules from the start.

Hundreds of rules say of one element that something is not in it: `not(cac:Party/cbc:Name)`. Each
such test looks anew at every child. Here paths that begin alike share a variable with what they
begin with, and the others ask first, several at a time, whether any of their first steps is there
at all. By the algebra of paths each test answers as it is published; a test that is more than one
such path stays untouched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from guilder.kernel import xml

XSL = "{http://www.w3.org/1999/XSL/Transform}"
NAME = r"[A-Za-z_][\w.-]*:[A-Za-z_][\w.-]*"
EITHER = rf"\(\s*{NAME}(?:\s*\|\s*{NAME})*\s*\)"
ATTRIBUTE = r"@[A-Za-z][\w.-]*"
# A path of children, perhaps from one of several, perhaps to an attribute; or one anywhere.
PATH = rf"(?:{NAME}|{EITHER})(?:/{NAME})*(?:/{ATTRIBUTE})?|//{ATTRIBUTE}"
ABSENT = re.compile(rf"\s*not\s*\(\s*(not\s*\(\s*)?({PATH})\s*(?(1)\)\s*)\)\s*")
FEWEST = 12  # tests of a template; below it nothing is won
TOGETHER = 16  # first steps that one question asks for
# Inside these a path goes from something else than in the template around them.
ELSEWHERE = frozenset(
    XSL + name for name in ("for-each", "for-each-group", "analyze-string", "iterate", "merge")
)
ANYWHERE = "//"


@dataclass(frozen=True, slots=True)
class Test:
    """One test for absence: the instruction, what its path goes from, and its further steps."""

    holder: xml.Element
    steps: tuple[str, ...]
    is_twice: bool  # not(not(…)), as one compiler writes it

    def ask(self, expression: str) -> None:
        """Put `expression` in the place of the path."""
        told = f"not({expression})"
        self.holder.set("test", f"not({told})" if self.is_twice else told)


def look_once(root: xml.Element) -> None:
    """Rewrite the tests for absence in every template of the sheet `root`."""
    for template in root.iter(XSL + "template"):
        if template.get("match") is None:
            continue
        tests = [test for one in template.iter(XSL + "when", XSL + "if") if (test := _test(one))]
        if len(tests) >= FEWEST:
            _rewrite(template, tests)


def _test(holder: xml.Element) -> Test | None:
    told = ABSENT.fullmatch(holder.get("test", ""))
    if told is None or any(one.tag in ELSEWHERE for one in holder.iterancestors()):
        return None
    path = re.sub(r"\s", "", told[2])
    if path.startswith(ANYWHERE):
        steps: tuple[str, ...] = (ANYWHERE, path.removeprefix(ANYWHERE))
    else:
        steps = tuple(path.split("/"))
    return Test(holder, steps, is_twice=told[1] is not None)


def _rewrite(template: xml.Element, tests: list[Test]) -> None:
    """The tests of one template, and its variables after its parameters."""
    anywhere = [replace(t, steps=t.steps[1:]) for t in tests if t.steps[0] == ANYWHERE]
    below = [test for test in tests if test.steps[0] != ANYWHERE]
    variables = _Variables()
    _ask_together(anywhere, ANYWHERE, variables)
    _ask(below, "", variables)
    place = sum(1 for child in template if child.tag == XSL + "param")
    for name, select in reversed(list(variables)):
        made = xml.element("variable", XSL[1:-1])
        made.set("name", name)
        made.set("select", select)
        template.insert(place, made)


class _Variables:
    """Names and what they stand for, in the order in which they may use each other."""

    def __init__(self) -> None:
        self._select: list[str] = []

    def add(self, select: str) -> str:
        """A new variable, as expressions write it."""
        self._select.append(select)
        return f"$absent.{len(self._select)}"

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield from ((f"absent.{at}", select) for at, select in enumerate(self._select, start=1))


def _ask(tests: Iterable[Test], start: str, variables: _Variables) -> None:
    """The tests whose paths go on from `start` ("" or a variable and a slash)."""
    alike: dict[str, list[Test]] = {}
    for test in tests:
        alike.setdefault(test.steps[0], []).append(test)
    alone: list[Test] = []
    for first, several in alike.items():
        if len(several) == 1:
            alone += several
            continue
        name = variables.add(start + first)
        for test in several:
            if len(test.steps) == 1:
                test.ask(name)
        further = [replace(t, steps=t.steps[1:]) for t in several if len(t.steps) > 1]
        _ask(further, f"{name}/", variables)
    # What is wrong by being there is rarely there; what may be there would answer for it.
    _ask_together([test for test in alone if len(test.steps) == 1], start, variables)
    _ask_together([test for test in alone if len(test.steps) > 1], start, variables)


def _ask_together(tests: list[Test], start: str, variables: _Variables) -> None:
    """Tests with unlike first steps: each asks on only where one of them is there."""
    for at in range(0, len(tests), TOGETHER):
        several = tests[at : at + TOGETHER]
        firsts = "|".join(test.steps[0] for test in several)
        name = variables.add(f"exists({start}({firsts}))")
        for test in several:
            test.ask(f"{name} and {start}{'/'.join(test.steps)}")
