"""What a rule that fired means: the field, plain words, and what to do.

Pure: the words come in English, and `translate` (gettext, where a page asks) turns each of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guilder.papers.exchange.rules import scenarios
from guilder.papers.exchange.rules.verdict import Fired, Verdict
from guilder.papers.exchange.rules.wording import en16931, families, national
from guilder.papers.exchange.rules.wording.families import Rule
from guilder.papers.exchange.rules.wording.terms import ADVICE, CATEGORIES, TERMS

Translate = Callable[[str], str]
RULES: dict[str, Rule] = {**en16931.RULES, **national.RULES}
# What no rule of a publisher says, but the way of asking them.
OF_THE_FILE = {
    "XSD": families.SCHEMA,
    "XSLT-ABORT": families.ABORTED,
    "PDF-SEVERAL": families.SEVERAL,
}
# Rules that speak of the file's own syntax, by how their names begin.
OF_SYNTAX = re.compile(r"(UBL|CII)-(CR|DT|SR)-")
IN_TEXT = re.compile(r"\(?((?:BT|BG)-\d+)\)?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule says, for people."""

    term: str  # such as BT-10; "" where it is about no single one
    field: str
    text: str
    fix: str


def untranslated(text: str) -> str:
    """English, as it stands."""
    return text


def meaning(rule: str, *, translate: Translate = untranslated) -> Meaning | None:
    """What `rule` means; None for one that has no words here."""
    known = RULES.get(rule)
    if known is not None:
        return _of(known, translate)
    if rule in OF_THE_FILE:
        return _whole(OF_THE_FILE[rule], translate)
    if OF_SYNTAX.match(rule):
        return _whole(families.SYNTAX, translate)
    return None


def told(one: Fired, *, translate: Translate = untranslated) -> dict[str, str]:
    """A rule that fired as plain values: in our words where there are any, else in its authors'."""
    known = meaning(one.rule, translate=translate)
    # The authors' words name the element at fault, which ours about syntax cannot.
    ours = known is not None and known.term != ""
    term = known.term if known else _term_in(one.text)
    name = translate(TERMS[term][0]) if term in TERMS else ""
    return {
        "rule": one.rule,
        "severity": one.severity,
        "published": one.published,
        "where": one.where,
        "text": known.text if known is not None and ours else one.text,
        "fix": known.fix if known else "",
        "term": term,
        "field": name,
        "official": one.text,
        "pack": one.pack,
    }


def told_verdict(verdict: Verdict, *, translate: Translate = untranslated) -> dict[str, Any]:
    """A verdict as plain values, its rules explained."""
    scenario = scenarios.BY_NAME.get(verdict.scenario)
    return {
        "scenario": verdict.scenario,
        "title": scenario.title if scenario else "",
        "valid": verdict.valid,
        "fired": [told(one, translate=translate) for one in verdict.fired],
        "packs": list(verdict.packs),
        "missing": list(verdict.missing),
        "kind": verdict.kind,
        "profile": verdict.profile,
        "sha256": verdict.sha256,
        "attachment": verdict.attachment,
        "others": [told_verdict(other, translate=translate) for other in verdict.others],
    }


def _of(rule: Rule, translate: Translate) -> Meaning:
    name, place = TERMS[rule.term]
    gaps = {
        "field": translate(name),
        "other": translate(TERMS[rule.other][0]) if rule.other else "",
        "category": translate(CATEGORIES[rule.category]) if rule.category else "",
        "list": rule.list_name,
    }
    fix = rule.words.fix or ADVICE[place]
    return Meaning(
        term=rule.term,
        field=gaps["field"],
        text=translate(rule.words.text) % gaps,
        fix=translate(fix) % gaps,
    )


def _whole(words: families.Words, translate: Translate) -> Meaning:
    return Meaning(term="", field="", text=translate(words.text), fix=translate(words.fix))


def _term_in(text: str) -> str:
    found = IN_TEXT.search(text)
    return found[1] if found and found[1] in TERMS else ""
