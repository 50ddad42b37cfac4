"""The staged e-invoices: our verdicts and rules are the official ones, row by row."""

from collections import Counter
from datetime import date

import pytest

from guilder.papers.exchange import judging
from guilder.papers.exchange.rules import engine, packs
from guilder.papers.exchange.rules.verdict import Verdict
from tests.papers.exchange import corpus
from tests.stories.running import is_full_size

corpus.needed()
# The manifest was made with XRechnung 2.5.0, which judged until 2026-08-30.
DAY = date(2026, 6, 1)
# Rows that cannot agree, each with its cause.
NAMED = {
    "xrechnung-negative/cii-bt-20-cardinality-check-2@illegal-specified-trade-payment-terms.xml": (
        "KoSIT raises CII-SR-452 and CII-SR-453 to errors; the row was made without that"
    ),
    "zugferd-pdf/ZUGFeRDv2-fail-MustangRE-20171118_506_ZUGFeRD1and2.pdf": (
        "two invoices in one PDF: the row judged the older, readers take factur-x.xml"
    ),
}
PEPPOL = "XSD+EN16931-UBL-1.3.16+Peppol-BIS3-2026.5-UBL"


def whole_rows() -> list[dict[str, str]]:
    return [
        row
        for row in corpus.rows()
        if row["verified"] in {"valid", "invalid"}
        and (row["form"] == "full" or row["form"].startswith("pdf:"))
    ]


def verdict_on(row: dict[str, str]) -> Verdict:
    # Rows with a Peppol id that were judged by EN 16931 alone say so in `rulesets`.
    forced = "en16931-ubl" if row["rulesets"] == "XSD+EN16931-UBL-1.3.16" else ""
    return judging.judge(
        corpus.data_of(row["path"]), on=DAY, scenario=forced, imported=packs.OWN / "none"
    )


def agrees(row: dict[str, str], verdict: Verdict) -> bool:
    wanted = {rule for rule in row["fired"].split(";") if rule}
    fired = {one.rule for one in verdict.fired}
    return verdict.valid == (row["verified"] == "valid") and (verdict.valid or wanted <= fired)


def test_verdicts_are_the_official_ones_row_by_row():
    rows = whole_rows()
    differing, unjudged = [], Counter[str]()

    for row in rows:
        verdict = verdict_on(row)
        if verdict.valid is None or (row["rulesets"] == PEPPOL and verdict.missing):
            unjudged[row["rulesets"]] += 1
        elif row["path"] not in NAMED and not agrees(row, verdict):
            differing.append((row["path"], verdict.valid, sorted({f.rule for f in verdict.fired})))

    assert differing == []
    # Only what OpenPeppol publishes is not at hand: its rules are imported by the operator.
    assert all("pint-" in name or name == PEPPOL for name in unjudged), unjudged
    assert len(rows) == 655
    assert len(rows) - unjudged.total() == 613


def test_the_rows_that_differ_do_so_for_the_named_cause():
    rows = {row["path"]: row for row in whole_rows()}

    raised, hybrid = (verdict_on(rows[path]) for path in NAMED)

    assert {one.rule for one in raised.grave} == {"CII-SR-452", "CII-SR-453"}
    assert all(one.severity == "error" for one in raised.grave)
    assert (hybrid.scenario, hybrid.valid) == ("facturx-extended", False)


def test_what_changed_on_the_last_day_of_august_judges_from_then_on():
    row = next(r for r in whole_rows() if "ubl-inv-BT-124-invalid-urls-v0" in r["path"])
    data = corpus.data_of(row["path"])

    before = judging.judge(data, on=date(2026, 8, 30))
    after = judging.judge(data, on=date(2026, 8, 31))

    assert (before.valid, after.valid) == (True, False)
    assert "xrechnung 2.5.0" in before.packs
    assert "xrechnung 2.6.0" in after.packs
    assert {one.rule for one in after.grave} == {"BR-TMP-2"}


def test_a_fragment_fires_its_rule_or_stays_silent():
    """The official unit tests of EN 16931: pieces of invoices, judged rule by rule."""
    at_hand = packs.in_force(packs.all_packs(), on=DAY)
    parts = {"EN16931-UBL-1.3.16": "en16931-ubl", "EN16931-CII-1.3.16": "en16931-cii"}
    rows = [r for r in corpus.rows() if r["form"] == "fragment" and r["rulesets"] in parts]
    wrong, fires, silent = [], 0, 0

    for row in rows if is_full_size() else rows[::3]:
        part = parts[row["rulesets"]]
        fired = {
            one.rule for one in engine.fired_by(corpus.data_of(row["path"]), at_hand[part], part)
        }
        if row["must_not_fire"]:
            silent += 1
            wrong += [row["path"]] if row["must_not_fire"] in fired else []
        else:
            fires += 1
            wanted = set(filter(None, row["fired"].split(";")))
            wrong += [] if wanted <= fired else [row["path"]]

    assert wrong == []
    assert fires >= 90
    assert silent >= 90


@pytest.mark.parametrize("name", ["pint/pint-eu-base-example.xml", "ksef/invoice-pl-pl.xml"])
def test_without_rules_there_is_no_verdict(name: str):
    verdict = judging.judge(corpus.data_of(name), on=DAY, imported=packs.OWN / "none")

    assert verdict.valid is None
    assert verdict.missing
    assert verdict.fired == ()
