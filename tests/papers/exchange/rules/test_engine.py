"""Hostile and broken files at the door of the rules: one clear refusal each, and the worker lives."""

import os
from datetime import date
from pathlib import Path

import pytest

from guilder.papers.exchange import confining, judging, rulekeeping
from guilder.papers.exchange.rules.verdict import Verdict
from tests.faces.cli.papers import ubl
from tests.papers.exchange.rules.test_packs import TINY, archive, own

DAY = date(2026, 11, 1)
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
NAMESPACE = b'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'


def judged(data: bytes) -> Verdict:
    return judging.judge(data, on=DAY)


def first(verdict: Verdict) -> str:
    return verdict.fired[0].rule


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the-secret-of-this-machine")
    return path


def test_a_good_invoice_is_valid_by_en_16931():
    verdict = judged(ubl())

    assert verdict.valid is True, verdict.grave
    assert verdict.scenario == "en16931-ubl"
    assert verdict.packs[0] == "ubl-schema 2.1"
    assert verdict.packs[1].startswith("en16931-ubl 1.")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml.empty"),
        (b"\0\0\0", "xml."),
        (HEAD + b"<!DOCTYPE a><a/>", "xml.doctype"),
        (HEAD + b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>', "xml.doctype"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "xml.encoding"),
        (HEAD + b"<a>\xff\xfe</a>", "xml.encoding"),
        (HEAD + b"<a>" * 300 + b"</a>" * 300, "xml.too_deep"),
        (HEAD + b"<a><b></a>", "xml.malformed"),
        (b"%PDF-1.7 nothing", "exchange.pdf_unreadable"),
        (b"<a>" + b" " * (65 << 20) + b"</a>", "xml.too_large"),
        (b"hello", "xml.malformed"),
    ],
)
def test_a_hostile_file_gets_one_clear_refusal(data: bytes, code: str):
    verdict = judged(data)

    assert verdict.valid is False
    assert len(verdict.fired) == 1
    assert first(verdict).startswith(code)


def test_an_external_entity_is_never_read(secret: Path):
    attack = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a>&x;</a>'.encode()

    verdict = judged(attack)

    assert first(verdict) == "xml.doctype"
    assert "the-secret" not in str(verdict)


def test_an_inclusion_and_a_schema_location_are_only_text(secret: Path):
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}"'
        ' parse="text"/>'
    ).encode()
    location = b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    location += b'xsi:schemaLocation="urn:a http://127.0.0.1:9/a.xsd" '
    attack = HEAD + b"<Invoice " + NAMESPACE + b" " + location + b">" + include + b"</Invoice>"

    verdict = judged(attack)

    assert verdict.valid is False
    assert "the-secret" not in str(verdict)
    assert "XSD" in {one.rule for one in verdict.fired}


def test_a_value_that_aborts_the_sheets_is_a_finding_and_the_worker_lives():
    charge = (
        b"<cac:AllowanceCharge><cbc:ChargeIndicator>no</cbc:ChargeIndicator>"
        b'<cbc:Amount currencyID="EUR">1.00</cbc:Amount></cac:AllowanceCharge>'
    )
    data = ubl().replace(b"<cac:LegalMonetaryTotal>", charge + b"<cac:LegalMonetaryTotal>")
    assert charge in data
    judged(ubl())
    workers = judging.pool().process_ids()

    verdict = judged(data)

    assert verdict.valid is False
    assert {"XSD", "XSLT-ABORT"} <= {one.rule for one in verdict.fired}
    assert judging.pool().process_ids() == workers
    assert judged(ubl()).valid is True


def test_a_worker_that_is_killed_costs_nobody_an_answer():
    judged(ubl())
    (worker,) = judging.pool().process_ids()

    os.kill(worker, 9)

    assert judged(ubl()).valid is True
    assert judging.pool().process_ids() != [worker]


def test_a_sheet_that_asks_for_a_file_of_the_machine_gets_none(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if not confining.confine_is_possible():
        pytest.skip("this system has no Landlock")
    monkeypatch.setenv("GUILDER_RULES", str(tmp_path / "rules"))
    text = f"unparsed-text('file://{secret}')"
    sheet = TINY.replace(b"[OWN-1] Always (BT-10).", f'<xsl:value-of select="{text}"/>'.encode())
    data = archive({"pack.json": own({"en16931-ubl": "a.xsl"}), "a.xsl": sheet})
    rulekeeping.import_archive(data, filename="mine.zip", valid_from=date(2026, 1, 1))

    verdict = judged(ubl())

    assert verdict.packs[1] == "mine 1.0"
    assert verdict.valid is False
    assert "the-secret" not in str(verdict)
    assert {one.rule for one in verdict.fired} == {"XSLT-ABORT"}


def test_the_worker_is_bounded_and_has_no_network():
    judged(ubl())
    (worker,) = judging.pool().process_ids()

    limits = Path(f"/proc/{worker}/limits").read_text()
    data = next(line for line in limits.splitlines() if line.startswith("Max data size"))
    network = Path(f"/proc/{worker}/net/dev").read_text().splitlines()[2:]

    assert str(judging.MEMORY_BYTES) in data
    assert [line.split(":")[0].strip() for line in network] == ["lo"] or os.geteuid() != 0


def test_forty_papers_leave_the_memory_as_it_was():
    for _ in range(5):
        judged(ubl())
    (worker,) = judging.pool().process_ids()

    def resident() -> int:
        return int(Path(f"/proc/{worker}/statm").read_text().split()[1]) * 4096

    before = resident()
    for _ in range(40):
        judged(ubl())

    assert judging.pool().process_ids() == [worker]
    assert resident() - before < 150 << 20
