"""Rules that are published as source: they judge as their author wrote them."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from guilder.kernel import xml
from guilder.papers.exchange import judging, rulekeeping
from guilder.papers.exchange.rules import engine, importing, schematron
from guilder.papers.exchange.rules.packs import Pack
from tests.faces.cli.papers import ubl

HEAD = (
    '<schema xmlns="http://purl.oclc.org/dsdl/schematron" xmlns:u="own" queryBinding="xslt2">'
    '<ns prefix="p" uri="urn:p"/><ns prefix="u" uri="own"/>'
)
RULES = f"""{HEAD}<title>Own</title><let name="most" value="3"/>
<function xmlns="http://www.w3.org/1999/XSL/Transform" name="u:double">
 <param name="of"/><value-of select="2 * number($of)"/></function>
<pattern><let name="all" value="count(//p:row)"/>
 <rule context="p:row[@kind = 'free']"><let name="told" value="@n"/>
  <assert test="$told" flag="warning" id="FREE">A free row &amp; its number</assert></rule>
 <rule context="p:row">
  <assert test="number(@n) &lt;= $most" flag="fatal" id="MOST">[MOST] <value-of select="@n"/> of
   <value-of select="$all"/> in <name/> {{kept}}</assert>
  <report test="number(u:double(@n)) = 4" role="warning" id="TWICE">Twice</report></rule>
</pattern>
<pattern><rule abstract="true" id="dated"><assert test="@on" id="DATED">No day</assert></rule>
 <rule context="p:row"><extends rule="dated"/></rule></pattern>
<pattern><rule context="p:row/@kind"><assert test=". = 'free'" id="KIND">Kind</assert></rule></pattern>
</schema>"""
PAPER = """<p:rows xmlns:p="urn:p"><p:row n="9" kind="free" on="1"/><p:row n="9" on="1"/>
<p:row n="2" kind="odd"/></p:rows>"""
PEPPOL = f"""{HEAD}<ns prefix="i" uri="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>
<pattern><rule context="i:Invoice"><assert id="PEPPOL-X" flag="fatal" test="false()">Never</assert>
</rule></pattern></schema>"""
BILLING = b"urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def fired(rules: str, paper: str, folder: Path) -> list[tuple[str, str, str, str]]:
    (folder / "own.xslt").write_bytes(schematron.sheet_of(rules.encode()))
    pack = Pack(
        name="own", version="1", title="", folder=folder, parts={"own": "own.xslt"}, source=""
    )
    found = engine.fired_by(paper.encode(), pack, "own")
    return [(one.rule, one.severity, one.where, one.text) for one in found]


def test_a_source_judges_as_it_is_written(tmp_path: Path):
    # The first row is judged by the first rule of its pattern alone, which has nothing against it.
    assert fired(RULES, PAPER, tmp_path) == [
        ("MOST", "fatal", "/rows/row[2]", "[MOST] 9 of 3 in p:row {kept}"),
        ("TWICE", "warning", "/rows/row[3]", "Twice"),
        ("DATED", "fatal", "/rows/row[3]", "No day"),
        ("KIND", "fatal", "/rows/row[3]/@kind", "Kind"),
    ]


@pytest.mark.parametrize(
    "inside",
    [
        '<include href="other.sch"/>',
        '<pattern abstract="true" id="a"/>',
        '<pattern><rule context="*"><extends rule="nobody"/></rule></pattern>',
        '<pattern><rule context="*"><assert id="A">No test</assert></rule></pattern>',
        '<pattern><rule><assert id="A" test="1">No context</assert></rule></pattern>',
        "<surprise/>",
    ],
    ids=["include", "abstract", "extends", "test", "context", "unknown"],
)
def test_a_source_that_is_not_understood_is_refused_whole(inside: str):
    with pytest.raises(schematron.SchematronUnknown):
        schematron.sheet_of(f"{HEAD}{inside}</schema>".encode())


@pytest.mark.parametrize("text", ["<rules/>", HEAD.replace("xslt2", "stx") + "</schema>"])
def test_other_languages_are_refused(text: str):
    with pytest.raises(schematron.SchematronUnknown):
        schematron.sheet_of(text.encode())


def zipped(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in files.items():
            target.writestr(f"peppol-bis-invoice-3-3.0.99/rules/sch/{name}.sch", content)
    return made.getvalue()


def test_the_release_of_peppol_is_imported_as_it_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GUILDER_RULES", str(tmp_path / "rules"))
    data = zipped(**{"PEPPOL-EN16931-UBL": PEPPOL, "XRechnung-UBL-validation": PEPPOL})

    (pack,) = rulekeeping.import_archive(data, filename="peppol-bis-invoice-3-3.0.99.zip")

    # Of KoSIT's rules the source is not the whole, so it is left alone.
    assert (pack.label, set(pack.parts)) == ("peppol-bis3 3.0.99", {"peppol-ubl"})
    paper = ubl().replace(b"urn:cen.eu:en16931:2017", BILLING)
    verdict = judging.judge(paper, on=date(2026, 11, 1))
    assert (verdict.scenario, verdict.valid, verdict.missing) == ("peppol-ubl", False, ())
    assert [one.rule for one in verdict.grave] == ["PEPPOL-X"]
    own = judging.judge(paper.replace(b"poacc:billing", b"poacc:selfbilling"), on=date(2026, 11, 1))
    assert own.missing == ("peppol-ubl-sb",)


def test_a_source_that_cannot_be_read_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GUILDER_RULES", str(tmp_path / "rules"))

    with pytest.raises(schematron.SchematronUnknown):
        rulekeeping.import_archive(
            zipped(**{"PEPPOL-EN16931-UBL": f"{HEAD}<surprise/></schema>"}), filename="p-3.0.zip"
        )
    with pytest.raises(xml.XmlMalformed):
        rulekeeping.import_archive(
            zipped(**{"PEPPOL-EN16931-UBL": "<schema"}), filename="p-3.0.zip"
        )

    assert not (tmp_path / "rules").exists()


def test_source_of_others_alone_is_no_release():
    with pytest.raises(importing.ArchiveUnknown):
        list(
            importing.packs_in(
                zipped(**{"XRechnung-UBL-validation": PEPPOL}), filename="", name="", version="1"
            )
        )
