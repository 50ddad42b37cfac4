"""What is taken out of a sheet, or asked in a shorter way, changes nothing that it says."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.kernel.errors import Invalid
from guilder.papers.exchange.rules import engine, lean, packs
from tests.faces.cli.papers import ubl
from tests.papers.exchange import corpus
from tests.stories.running import is_full_size

NAMESPACES = (
    'xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:svrl="http://purl.oclc.org/dsdl/svrl"'
    ' xmlns:n="urn:n" version="2.0"'
)
ONWARD = """<xsl:template match="text()" mode="A"/>
<xsl:template match="@*|node()" mode="A"><xsl:apply-templates select="@*|*" mode="A"/></xsl:template>
"""
SHEET = f"""<xsl:stylesheet {NAMESPACES}><xsl:output indent="yes"/>
<xsl:template match="text()"/>
<xsl:template match="/"><r><svrl:active-pattern><xsl:apply-templates/></svrl:active-pattern>
<xsl:apply-templates select="/" mode="A"/></r></xsl:template>{ONWARD}
<xsl:template match="n:row[n:a = 'x']" mode="A"><svrl:fired-rule context="n:row"/>said
 <xsl:apply-templates select="@*|*" mode="A"/></xsl:template>%s</xsl:stylesheet>"""
# As the other compiler writes it: patterns of a group share a mode, one rule calls the next.
TOGETHER = f"""<xsl:stylesheet {NAMESPACES}>
<xsl:template match="root()"><r><xsl:apply-templates mode="A" select="root()"/>
<xsl:apply-templates mode="B" select="root()"/></r></xsl:template>
<xsl:template match="text() | @*" mode="#all" priority="-10"/>
<xsl:template match="/" mode="#all" priority="-10">
<xsl:apply-templates mode="#current" select="node()"/></xsl:template>
<xsl:template match="*" mode="#all" priority="-10"><xsl:apply-templates mode="#current"
 select="@*"/><xsl:apply-templates mode="#current" select="node()"/></xsl:template>
<xsl:template match="//n:a[@id]" mode="A" priority="3"><xsl:param name="before"/>
<xsl:if test="not(n:b) and $before = ''"><svrl:failed-assert id="T-0" location="{{path()}}"/>
</xsl:if><xsl:next-match><xsl:with-param name="before" select="'A'"/></xsl:next-match>
</xsl:template>
<xsl:template match="n:a | //n:b/n:*" mode="A" priority="2"><xsl:param name="before"/>
<svrl:failed-assert id="T-1{{$before}}" location="{{path()}}"/>
<xsl:next-match/></xsl:template>
<xsl:template match="*[n:d]" mode="B" priority="1">
<svrl:failed-assert id="T-2" location="{{path()}}"/><xsl:next-match/></xsl:template>%s
</xsl:stylesheet>"""
ON_ATTRIBUTES = '<xsl:template match="row/@id" mode="A">{id}</xsl:template>'
READS = (
    '<xsl:template name="count"><xsl:value-of select="count(//svrl:fired-rule)"/></xsl:template>'
)
# Each way in which publishers write that something must not be there, and some that only look so.
ABSENT = (
    *("not(n:a)", "not(n:b)", "not(n:c)", "not(n:a/n:b)", "not(n:a/n:b/n:c)", "not(n:a/n:c/@id)"),
    *("not( n:b/n:b )", "not((n:a|n:b)/n:c)", "not((n:a | n:b)/n:b)", "not(not(n:c/n:a))"),
    *("not(n:c/@id)", "not(//@id)", "not(//@no)", "not(n:d/n:a)", "not(n:d)", "not(n:d/n:b/n:c)"),
    *("not(n:a or n:d)", "not(n:a) or n:b", "count(n:a) &lt;= 1", "not(//n:d)", "not(n:a[n:b])"),
)
WORDS = "' 1 AB ABC B '"
LISTED = tuple(
    f"(not(contains(normalize-space({code}), ' ')) and contains({words},"
    f" concat(' ', normalize-space({code}), ' ')))"
    for code in (".", "@id")
    for words in (WORDS, "' 1  2 '", "' ABC '")
)
CODES = """<codedb><cl id="1"><enumeration value="AB"/><enumeration value="1"/></cl>
<cl id="2"><enumeration value="B ABC"/></cl><cl id="5"/>%s</codedb>"""
OF_FILE = tuple(
    f"string-length($code)=0 or document('{name}.xml')/codedb/cl[@id={number}]"
    "/enumeration[@value=$code]"
    for name, number in (("codes", 1), ("codes", 2), ("codes", 4), ("codes", 5), ("more", 3))
)


def sheet(tests: tuple[str, ...], match: str, before: str = "") -> str:
    """A sheet of one rule, as the compilers of Schematron write it."""
    asserted = "".join(
        f'<xsl:choose><xsl:when test="{test}"/><xsl:otherwise>'
        f'<svrl:failed-assert id="T-{number}" location="{{count(preceding::*)}}"/>'
        "</xsl:otherwise></xsl:choose>"
        for number, test in enumerate(tests)
    )
    return SHEET % (
        f'<xsl:template match="{match}" mode="A" priority="9">{before}{asserted}'
        '<xsl:apply-templates select="@*|*" mode="A"/></xsl:template>'
    )


def leaner(folder: Path, more: str = "") -> str:
    path = folder / "sheet.xsl"
    path.write_text(SHEET % more)
    return lean.text_of(path)


@cache
def both_ways(folder: Path, text: str):
    """The sheet as it is, and as it is asked."""
    path = folder / "sheet.xsl"
    path.write_text(text)
    compiler = engine._processor().new_xslt30_processor()
    ours = lean.text_of(path)
    assert ours
    published = compiler.compile_stylesheet(stylesheet_file=str(path))
    return (published, compiler.compile_stylesheet(stylesheet_text=ours)), ours


def said(compiled, document: str) -> list[tuple[str | None, str | None]]:
    node = engine._processor().parse_xml(xml_text=document)
    report = engine.etree.fromstring(compiled.transform_to_string(xdm_node=node).encode())
    return [(one.get("id"), one.get("location")) for one in report.iter("{*}failed-assert")]


def elements(inside: st.SearchStrategy[list[str]]) -> st.SearchStrategy[str]:
    attributes = st.sampled_from(["", ' id="AB"', ' id="B ABC"', ' no=""', ' id=""'])
    text = st.sampled_from(["", " AB ", "A", "AB ABC", "2", " ", "1"])
    return st.tuples(st.sampled_from("abcd"), attributes, text, inside).map(
        lambda told: f"<n:{told[0]}{told[1]}>{told[2]}{''.join(told[3])}</n:{told[0]}>"
    )


trees = st.recursive(
    elements(st.just([])), lambda inner: elements(st.lists(inner, max_size=3)), max_leaves=12
)


def test_the_account_of_silent_rules_is_left_out_and_the_words_stay(tmp_path: Path):
    text = leaner(tmp_path)

    assert "fired-rule" not in text
    assert "active-pattern" not in text
    assert "said" in text
    assert 'indent="no"' in text
    assert f'xml:base="{(tmp_path / "sheet.xsl").as_uri()}"' in text


def test_a_pattern_from_whose_account_something_is_said_keeps_it(tmp_path: Path):
    more = '<xsl:template match="n:row">said too</xsl:template>'

    assert "active-pattern" in leaner(tmp_path, more)


def test_attributes_are_visited_only_where_a_rule_is_about_one(tmp_path: Path):
    assert 'select="@*|*"' not in leaner(tmp_path)
    assert leaner(tmp_path, ON_ATTRIBUTES).count('select="@*|*"') == 2


def test_a_mode_begins_at_the_elements_that_its_rules_name(tmp_path: Path):
    of = '<xsl:template match="%s" mode="A">%s<xsl:apply-templates select="*" mode="A"/></xsl:template>'
    many = " | ".join(f"n:{one}[@id]" for one in "abcdefghijk")

    assert 'select="/descendant::n:row"' in leaner(tmp_path)
    for anything in ("*[n:b]", "//n:*[@id]", many):
        assert 'select="/descendant::*"' in leaner(tmp_path, of % (anything, ""))
    for more in (ON_ATTRIBUTES, of % ("n:b", "{position()}"), of % ("/", ""), of % ("b", "")):
        told = more.replace("{position()}", '<xsl:if test="position() = last()">x</xsl:if>')
        assert "descendant" not in leaner(tmp_path, told)


def test_a_mode_that_goes_on_by_itself_stays_as_it_is(tmp_path: Path):
    (tmp_path / "sheet.xsl").write_text((SHEET % "").replace(ONWARD, ""))

    assert "descendant" not in lean.text_of(tmp_path / "sheet.xsl")


def test_patterns_that_share_what_goes_on_start_at_the_elements(
    tmp_path_factory: pytest.TempPathFactory,
):
    (published, shorter), text = both_ways(tmp_path_factory.mktemp("sheet"), TOGETHER % "")

    assert text.count('select="root()/descendant::*"') == 2
    assert text.count("apply-templates") == 2
    answers_are_the_same(published, shorter, at_least=4)


@pytest.mark.parametrize(
    "more",
    [
        '<xsl:template match="@id" mode="A">x</xsl:template>',
        '<xsl:template match="text()" mode="A">x</xsl:template>',
        '<xsl:template match="n:b" mode="A"><xsl:apply-templates mode="#current"/></xsl:template>',
        '<xsl:template match="n:b" mode="#all">x</xsl:template>',
        '<xsl:template match="n:b">x</xsl:template>',
        '<xsl:template match="n:b" mode="A"><xsl:if test="position() = 1">x</xsl:if></xsl:template>',
        '<xsl:template name="x"><xsl:apply-templates mode="A" select="n:b"/></xsl:template>',
    ],
)
def test_patterns_that_share_otherwise_stay_as_they_are(tmp_path: Path, more: str):
    (tmp_path / "sheet.xsl").write_text(TOGETHER % more)

    assert "descendant" not in lean.text_of(tmp_path / "sheet.xsl")


@pytest.mark.parametrize(
    ("match", "names"),
    [
        ("n:a", ["n:a"]),
        ("//n:a/n:b[n:c/n:d = ('x|y', \"]\")] | /n:c", ["n:b", "n:c"]),
        ("n:a[starts-with(name(), '/*')][2]", ["n:a"]),
        ("//n:*[true()]", []),
        ("n:a | *", []),
        ("n:a/@id", []),
        ("n:a/text()", []),
        ("/", []),
    ],
)
def test_a_pattern_tells_the_names_of_its_elements(match: str, names: list[str]):
    assert lean.element_names(match) == names


def test_a_sheet_that_reads_its_own_account_is_taken_as_it_is(tmp_path: Path):
    assert leaner(tmp_path, READS) == ""


def test_a_file_that_is_no_sheet_is_left_to_the_compiler(tmp_path: Path):
    (tmp_path / "broken.xsl").write_text("<xsl")

    assert lean.text_of(tmp_path / "broken.xsl") == ""


def test_a_sheet_that_cannot_be_shortened_is_asked_as_it_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "sheet.xsl"
    path.write_text(SHEET % "")
    monkeypatch.setattr(lean, "text_of", lambda path: "<xsl")

    assert said(engine._sheet(str(path)), "<n:a xmlns:n='urn:n'/>") == []


@pytest.mark.parametrize(
    ("tests", "match", "mark"),
    [
        (ABSENT, "n:a", "$absent."),
        (ABSENT, "/n:root | n:b[1] | n:c/n:d", "$absent."),
        (LISTED, "n:a | n:b", "$listed."),
        ((*ABSENT, *LISTED), "*", "$listed."),
    ],
)
def test_a_shorter_question_gets_the_answer_of_the_published_one(
    tmp_path_factory: pytest.TempPathFactory, tests: tuple[str, ...], match: str, mark: str
):
    (published, shorter), text = both_ways(tmp_path_factory.mktemp("sheet"), sheet(tests, match))
    assert mark in text
    answers_are_the_same(published, shorter, at_least=len(tests) // 2)


@pytest.mark.parametrize("code", ["@id", ".", "normalize-space(n:a[1])"])
def test_a_list_in_a_file_beside_the_sheet_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, code: str
):
    folder = tmp_path_factory.mktemp("sheet")
    (folder / "codes.xml").write_text(CODES % "")
    (folder / "more.xml").write_text(CODES % '<cl id="03"><enumeration value="AB"/></cl>')
    variable = f'<xsl:variable name="code" select="{code}"/>'

    (published, shorter), text = both_ways(folder, sheet(OF_FILE, "n:a | n:b", variable))

    assert text.count("document('codes.xml')/codedb/cl[@id=2]") == 1  # of more than plain words
    assert "document('codes.xml')/codedb/cl[@id=1]" not in text
    assert "document('more.xml')/codedb/cl[@id=3]" in text  # its number is not told as it is asked
    answers_are_the_same(published, shorter, at_least=len(OF_FILE))


@pytest.mark.parametrize(
    ("codes", "sheets_own"),
    [
        (None, ""),
        ("<codedb><cl", ""),
        ('<!DOCTYPE codedb><codedb><cl id="1"/></codedb>', ""),
        ('<other><cl id="1"/></other>', ""),
        (CODES % "", ' xml:base="elsewhere/"'),
        (CODES % "", ' xpath-default-namespace="urn:n"'),
    ],
)
def test_what_is_not_known_of_a_file_of_codes_is_left_to_the_sheet(
    tmp_path: Path, codes: str | None, sheets_own: str
):
    if codes is not None:
        (tmp_path / "codes.xml").write_text(codes)
    text = sheet(OF_FILE[:1], "n:a", '<xsl:variable name="code" select="@id"/>')
    (tmp_path / "sheet.xsl").write_text(
        text.replace(' version="2.0"', f'{sheets_own} version="2.0"')
    )

    assert OF_FILE[0] in lean.text_of(tmp_path / "sheet.xsl")


def answers_are_the_same(published, shorter, *, at_least: int) -> None:
    """On any paper; and as many of its rules fire."""
    fired: set[str | None] = set()

    @settings(max_examples=2000 if is_full_size() else 150, deadline=None)
    @given(st.lists(trees, max_size=4))
    def each(found: list[str]):
        document = f'<n:root xmlns:n="urn:n">{"".join(found)}</n:root>'
        wanted = said(published, document)
        fired.update(rule for rule, _ in wanted)
        assert said(shorter, document) == wanted

    each()

    assert len(fired) >= at_least


def test_in_a_loop_a_path_goes_from_elsewhere_and_stays(tmp_path: Path):
    inner = "".join(f'<xsl:if test="not(n:{one})">x</xsl:if>' for one in "abcdefghijklmnop")
    looped = f'<xsl:for-each select="*">{inner}</xsl:for-each>'
    rule = '<xsl:template match="n:x" mode="A">%s<xsl:apply-templates select="*" mode="A"/>'

    assert "$absent." not in leaner(tmp_path, rule % looped + "</xsl:template>")
    assert "$absent." in leaner(tmp_path, rule % inner + "</xsl:template>")


@cache
def published(path: str):
    """A sheet as its publisher wrote it."""
    return engine._processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=path)


def test_the_official_sheets_say_the_same_to_the_letter():
    chosen = packs.in_force(packs.all_packs(), on=date(2026, 11, 1))
    rows = [row for row in corpus.rows() if row["form"] == "full"] if corpus.CORPUS.is_dir() else []
    papers = [corpus.data_of(row["path"]) for row in (rows if is_full_size() else rows[::9])]
    papers += [ubl(), ubl().replace(b"cbc:IssueDate>", b"cbc:Unknown>")]
    asked, said_something = 0, 0

    for data in papers:
        try:
            paper = engine.read(data)
        except Invalid:
            continue
        wanted = engine._wanted(paper, "")
        for part in wanted.sheets if wanted else ():
            if (pack := chosen.get(part)) is None:
                continue
            node = engine._saxon_tree(paper.root)
            sheet = published(str(pack.folder / pack.parts[part]))
            theirs = tuple(engine._findings(sheet, node, pack))
            asked, said_something = asked + 1, said_something + bool(theirs)
            assert tuple(engine._sheet_findings(node, pack, part)) == theirs

    assert said_something >= 1
    assert asked >= len(papers) // 2
