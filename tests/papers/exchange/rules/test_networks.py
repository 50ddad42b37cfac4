"""The rules of Peppol and PINT, where their releases are at hand: our verdicts, and what we write.

`GUILDER_NETWORK_RULES` names a folder with the archives as OpenPeppol publishes them.
"""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from guilder.kernel.document import Document
from guilder.papers.exchange import judging
from guilder.papers.exchange.roundtrip import written
from guilder.papers.exchange.rules import engine, importing, packs
from tests.papers.exchange import corpus
from tests.papers.exchange.networks import for_network, self_billed
from tests.papers.exchange.test_writing import EXAMPLES, drawn
from tests.stories.running import is_full_size

corpus.needed()
ARCHIVES = Path(os.environ.get("GUILDER_NETWORK_RULES", "/nonexistent"))
if not ARCHIVES.is_dir():
    pytest.skip(
        "OpenPeppol's releases (GUILDER_NETWORK_RULES) are not here", allow_module_level=True
    )

DAY = date(2026, 11, 1)
FORMATS = ("peppol", "pint-eu", "pint-aunz", "pint-jp", "pint-sg")
SELF_BILLING = ("peppol", "pint-aunz")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("networks")
    for path in sorted(ARCHIVES.glob("*.zip")):
        importing.taken(path.read_bytes(), folder, filename=path.name)
    return folder


@pytest.fixture(scope="module")
def rules(imported: Path):
    return packs.in_force(packs.all_packs(imported), on=DAY)


def test_every_staged_paper_of_a_network_is_judged_as_its_rules_judge_it(imported: Path):
    rows = [
        row
        for row in corpus.rows()
        if row["form"] == "full" and ("pint-" in row["rulesets"] or "Peppol" in row["rulesets"])
    ]
    differing = []

    for row in rows:
        verdict = judging.judge(corpus.data_of(row["path"]), on=DAY, imported=imported)
        fired = {one.rule for one in verdict.fired}
        wanted = set(filter(None, row["fired"].split(";")))
        same = verdict.valid == (row["verified"] == "valid") and wanted <= fired
        if verdict.missing or not same:
            differing.append((row["path"], verdict.valid, verdict.missing, wanted - fired))

    assert differing == []
    assert len(rows) == 42


def test_each_national_rule_fires_or_stays_silent(rules):
    rows = [row for row in corpus.rows() if row["rulesets"] == "Peppol-BIS3-2026.5-UBL"]
    wrong = []

    for row in rows if is_full_size() else rows[::6]:
        data = corpus.data_of(row["path"])
        fired = {one.rule for one in engine.fired_by(data, rules["peppol-ubl"], "peppol-ubl")}
        wanted = set(filter(None, row["fired"].split(";")))
        silent = row["must_not_fire"]
        wrong += [row["path"]] if (silent in fired if silent else not wanted <= fired) else []

    assert wrong == []
    assert len(rows) == 296


@pytest.mark.timeout(1800)  # 3,500 papers where all are proved
def test_all_that_is_drawn_is_lawful_in_each_network(rules):
    faults: Counter[tuple[str, ...]] = Counter()
    lost: Counter[tuple[str, str]] = Counter()

    @drawn(EXAMPLES)
    def each(document: Document):
        for name in FORMATS:
            made = written(for_network(document, name), name)
            _count(made, rules, name, faults, lost)
        for name in SELF_BILLING:
            made = written(self_billed(for_network(document, name)), name)
            _count(made, rules, f"{name} self-billed", faults, lost)

    each()

    assert faults == Counter()
    assert lost == Counter()


def _count(made, rules, name: str, faults, lost) -> None:
    verdict = engine.judge(made.data, rules)
    assert verdict.missing == ()
    faults.update((name, one.rule, one.text) for one in verdict.grave)
    lost.update((name, one.term) for one in made.losses if one.term)
