"""What is taken out of a sheet before it is compiled changes nothing that it says."""

from datetime import date
from pathlib import Path

from guilder.papers.exchange.rules import engine, lean, packs
from tests.faces.cli.papers import ubl

XSL = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:svrl="http://purl.oclc.org/dsdl/svrl"'
SHEET = f"""<xsl:stylesheet version="2.0" {XSL}><xsl:output indent="yes"/>
<xsl:template match="/"><r><xsl:apply-templates select="*" mode="A"/></r></xsl:template>
<xsl:template match="@*|node()" mode="A"><xsl:apply-templates select="@*|*" mode="A"/></xsl:template>
<xsl:template match="row" mode="A"><svrl:fired-rule context="row"/>said
 <xsl:apply-templates select="@*|*" mode="A"/></xsl:template>%s</xsl:stylesheet>"""
ON_ATTRIBUTES = '<xsl:template match="row/@id" mode="A">{id}</xsl:template>'
READS = (
    '<xsl:template name="count"><xsl:value-of select="count(//svrl:fired-rule)"/></xsl:template>'
)


def leaner(folder: Path, more: str = "") -> str:
    path = folder / "sheet.xsl"
    path.write_text(SHEET % more)
    return lean.text_of(path)


def test_the_account_of_silent_rules_is_left_out_and_the_words_stay(tmp_path: Path):
    text = leaner(tmp_path)

    assert "fired-rule" not in text
    assert "said" in text
    assert 'indent="no"' in text
    assert f'xml:base="{(tmp_path / "sheet.xsl").as_uri()}"' in text


def test_attributes_are_visited_only_where_a_rule_is_about_one(tmp_path: Path):
    assert 'select="@*|*"' not in leaner(tmp_path)
    assert leaner(tmp_path, ON_ATTRIBUTES).count('select="@*|*"') == 2


def test_a_sheet_that_reads_its_own_account_is_taken_as_it_is(tmp_path: Path):
    assert leaner(tmp_path, READS) == ""


def test_a_file_that_is_no_sheet_is_left_to_the_compiler(tmp_path: Path):
    (tmp_path / "broken.xsl").write_text("<xsl")

    assert lean.text_of(tmp_path / "broken.xsl") == ""


def test_the_official_sheet_says_the_same_to_the_letter():
    pack = packs.in_force(packs.all_packs(), on=date(2026, 11, 1))["en16931-ubl"]
    path = str(pack.folder / pack.parts["en16931-ubl"])
    published = engine._processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=path)
    broken = ubl().replace(b"cbc:IssueDate>", b"cbc:Unknown>")
    seen = []

    for data in (ubl(), broken):
        node = engine._saxon_tree(engine.read(data).root)
        ours = tuple(engine._sheet_findings(node, pack, "en16931-ubl"))
        seen.append(len(ours))
        assert tuple(engine._findings(published, node, pack)) == ours

    assert seen[0] == 0
    assert seen[1] >= 1
