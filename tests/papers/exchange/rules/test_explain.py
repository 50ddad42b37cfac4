"""What fired is told in plain words, with the field and what to do."""

import re

import pytest

from guilder.papers.exchange.rules import explain, packs
from guilder.papers.exchange.rules.verdict import Fired

IDS = re.compile(r"""<xsl:attribute name="id">([A-Z]+-[A-Za-z0-9-]+)</xsl:attribute>""")
QUOTED = re.compile(r"""<svrl:failed-assert[^>]*\sid="([^"]+)\"""")


def ids_in(part: str) -> set[str]:
    from datetime import date

    pack = packs.in_force(packs.all_packs(), on=date(2026, 11, 1))[part]
    text = (pack.folder / pack.parts[part]).read_text()
    return set(IDS.findall(text)) | set(QUOTED.findall(text))


@pytest.mark.parametrize("part", ["en16931-ubl", "en16931-cii"])
def test_every_business_rule_of_en_16931_has_words_and_a_fix(part: str):
    rules = {rule for rule in ids_in(part) if rule.startswith("BR-")}
    assert len(rules) > 200

    untold = {rule for rule in rules if explain.meaning(rule) is None}

    assert untold == set()
    for rule in rules:
        known = explain.meaning(rule)
        assert known is not None
        assert known.field, rule
        assert known.text.endswith("."), rule
        assert known.fix.endswith("."), rule
        assert "%" not in known.text.replace("0 %", ""), known.text


def test_the_german_rules_have_words():
    rules = {r for part in ("xrechnung-ubl", "xrechnung-cii") for r in ids_in(part)}
    german = {rule for rule in rules if rule.startswith("BR-DE-") and "CVD" not in rule}
    shared = {rule for rule in rules if rule.startswith("PEPPOL-")}
    assert len(german) >= 30

    assert {rule for rule in german if explain.meaning(rule) is None} == set()
    untold = {rule for rule in shared if explain.meaning(rule.removesuffix("-1")) is None}
    assert {rule for rule in untold if not rule.endswith("-2")} == set()


def test_a_rule_names_its_field_and_its_category():
    told = explain.told(Fired(rule="BR-AE-02", severity="fatal", text="[BR-AE-02]-An Invoice"))

    assert told["term"] == "BT-31"
    assert told["text"].startswith("“Reverse charge” needs your VAT ID")
    assert told["official"] == "[BR-AE-02]-An Invoice"


def test_what_has_no_words_is_told_in_its_authors_words():
    fired = Fired(
        rule="FX-SCH-A-000026", severity="fatal", text="Element 'ram:Name' (BT-44) must occur"
    )

    told = explain.told(fired)

    assert told["text"] == fired.text
    assert told["fix"] == ""
    assert (told["term"], told["field"]) == ("BT-44", "The client's name")


def test_words_are_translated_whole_and_their_gaps_too():
    known = explain.meaning("BR-CO-03", translate=lambda text: f"<{text}>")

    assert known is not None
    assert known.text == "<<Tax point date> and <Code of the tax point date> exclude each other.>"
    assert known.fix == "<Leave one of the two out.>"
