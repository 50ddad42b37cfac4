"""Live checks: break a rule, follow the shown fix, and it falls silent; no false alarm otherwise."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid
from guilder.papers.exchange import judging
from guilder.papers.exchange.check import completed
from guilder.papers.exchange.formats.prepared import prepared
from guilder.papers.exchange.formats.targets import target_of
from guilder.papers.exchange.formats.writing import write_ready
from guilder.papers.exchange.reading import read
from guilder.papers.exchange.rules import explain, live
from tests.papers.exchange import corpus
from tests.papers.exchange.rules import breaks
from tests.papers.exchange.rules.breaks import CATEGORIES, at, computed, lawful, put
from tests.papers.exchange.strategies import documents
from tests.stories.running import is_full_size

DAY = date(2026, 11, 1)
# Rule sets with rules of their own in place of those of EN 16931.
OTHER = {"pint", "extension", "cvd_0", "extended"}
FIELDS = {**breaks.FIELDS, **breaks.PEPPOL_FIELDS}
# Rules that the official sheets word twice, the second time under another id.
TWINS = {"BR-33": "BR-CO-21", "BR-38": "BR-CO-22", "BR-42": "BR-CO-23", "BR-44": "BR-CO-24"}


def flavour_of(rule: str) -> str:
    if rule in breaks.PEPPOL_FIELDS:
        return "peppol"
    return "xrechnung" if rule.startswith(("BR-DE", "PEPPOL")) else "en16931"


def rules_on(document: Document, flavour: str) -> set[str]:
    return {one.rule for one in live.check(document, flavour=flavour)}


def broken_by(rule: str) -> tuple[Document, Document]:
    """The lawful paper, and the same with one field broken."""
    good, pointer, value = FIELDS[rule]
    good = lawful(good)
    bad = put(good, pointer, value)
    return good, bad if rule in breaks.UNCOMPUTED else computed(bad)


def healed(bad: Document, good: Document, pointer: str) -> Document:
    """The broken paper with the shown field as it should be."""
    try:
        value = at(good, pointer)
    except (IndexError, AttributeError):
        pointer = pointer.rpartition("/")[0]
        value = at(good, pointer)
    try:
        return computed(put(bad, pointer, value))
    except (IndexError, AttributeError, TypeError):  # a part of it is missing: put the whole there
        return healed(bad, good, pointer.rpartition("/")[0])


@pytest.mark.parametrize("rule", sorted(FIELDS))
def test_breaking_a_field_is_told_and_its_fix_silences_it(rule: str):
    good, bad = broken_by(rule)
    flavour = flavour_of(rule)
    assert rule not in rules_on(good, flavour)

    (finding, *_) = [one for one in live.check(bad, flavour=flavour) if one.rule == rule]
    known = explain.meaning(rule)
    mended = healed(bad, good, finding.pointer)

    assert known is not None
    assert known.text
    assert known.fix
    assert rule not in rules_on(mended, flavour)


@pytest.mark.parametrize("letters", sorted(CATEGORIES))
@pytest.mark.parametrize("level", ["lines", "allowances", "charges"])
def test_a_category_needs_its_ids_and_its_rate(letters: str, level: str):
    _, paper, wrong = CATEGORIES[letters]
    number = ("lines", "allowances", "charges").index(level)
    good = lawful(paper)
    named, rated = f"BR-{letters}-{number + 2:02}", f"BR-{letters}-{number + 5:02}"
    assert {named, rated}.isdisjoint(rules_on(good, "en16931"))
    if letters == "O":
        bad = put(good, "/seller/vat_id", "DE123456788")
        mended = put(bad, "/seller/vat_id", "")
    else:
        bad = breaks.without_ids(good)
        mended = replace(bad, seller=good.seller, buyer=good.buyer)

    assert named in rules_on(bad, "en16931")
    assert named not in rules_on(mended, "en16931")

    pointer = f"/{level}/0/tax/rate"
    bad = put(good, pointer, None if wrong is None else Decimal(wrong))
    (finding, *_) = [one for one in live.check(bad) if one.rule == rated]

    assert finding.pointer == pointer
    assert rated not in rules_on(put(bad, finding.pointer, at(good, pointer)), "en16931")


@pytest.mark.parametrize("letters", sorted(CATEGORIES))
def test_a_category_has_its_reason_or_none(letters: str):
    code, paper, _ = CATEGORIES[letters]
    good = lawful(paper)
    rule = f"BR-{letters}-10"
    row = good.taxes[0]
    assert row.category == code
    wrong = "" if row.exemption_reason else "A reason"

    bad = put(good, "/taxes/0/exemption_reason", wrong)

    assert rule not in rules_on(good, "en16931")
    assert rule in rules_on(bad, "en16931")


def test_goods_to_a_member_state_need_a_day_and_a_country():
    good = lawful(CATEGORIES["IC"][1])
    bad = replace(good, delivery=None, period=None)

    assert {"BR-IC-11", "BR-IC-12"}.isdisjoint(rules_on(good, "en16931"))
    assert {"BR-IC-11", "BR-IC-12"} <= rules_on(bad, "en16931")


@pytest.mark.parametrize("rule", sorted(breaks.FIELDS))  # Peppol's own sheets are not at hand
def test_what_is_told_live_is_what_the_official_rules_say(rule: str):
    good, bad = broken_by(rule)
    flavour = flavour_of(rule)
    target = target_of("ubl" if flavour == "en16931" else "xrechnung-ubl")
    before = judging.judge(write_ready(good, target), on=DAY)
    after = judging.judge(write_ready(bad, target), on=DAY)

    assert before.valid is True, before.grave
    fired = {one.rule for one in after.fired}
    assert {rule, TWINS.get(rule, rule)} & fired, fired


def test_at_least_sixty_rules_are_checked_live():
    broken = set(FIELDS)
    broken |= {f"BR-{letters}-{n:02}" for letters in CATEGORIES for n in range(2, 8)}

    assert len(broken) >= 150
    assert broken <= live.RULES


def false_alarms(document: Document, fired: set[str], flavour: str) -> set[str]:
    """Grave live findings that the official rules do not share."""
    grave = {one.rule for one in live.check(document, flavour=flavour) if one.is_grave}
    return grave - fired


@pytest.mark.skipif(not (corpus.CORPUS / "MANIFEST.csv").exists(), reason="no staged invoices")
def test_files_that_the_official_rules_accept_raise_no_alarm():
    alarms, seen = [], 0
    accepted = set(corpus.valid_files())
    for row in corpus.rows():
        if row["path"] not in accepted or OTHER & set(re.findall(r"\w+", row["profile"])):
            continue
        try:
            document, faults = completed(read(corpus.data_of(row["path"])))
        except Invalid:
            continue
        if document is None or faults or "br-53-test-1" in row["path"]:
            continue  # that one states its tax in the other currency alone
        flavour = "xrechnung" if "xrechnung" in row["profile"] else "en16931"
        found = false_alarms(document, set(), flavour)
        seen += 1
        alarms += [(row["path"], sorted(found))] if found else []

    assert alarms == []
    assert seen >= 220


@settings(
    max_examples=1000 if is_full_size() else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(documents())
def test_generated_papers_that_the_official_rules_accept_raise_no_alarm(document: Document):
    ready = prepared(document)
    verdict = judging.judge(write_ready(ready, target_of("ubl")), on=DAY)

    found = false_alarms(ready, {one.rule for one in verdict.fired}, "en16931")

    assert found == set() or not verdict.valid
