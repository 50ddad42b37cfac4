"""A file is known by its content; what is foreign, broken or hostile is refused with a sentence."""

import io
import xml.etree.ElementTree as ET
import zlib

import pikepdf
import pytest

from guilder.kernel import xml
from guilder.kernel.errors import Invalid
from guilder.papers.exchange import reading
from guilder.papers.exchange.check import check
from guilder.papers.exchange.formats import pdf
from guilder.papers.exchange.formats.record import Foreign
from guilder.papers.exchange.reading import Empty, Several, read, read_all
from tests.papers.exchange import full

CSV = b"number,currency,name,quantity,unit_price,tax_category,tax_rate\n1,EUR,A,1,2.00,S,19\n"
JSON = b'{"currency":"EUR","lines":[{"description":"A","quantity":"1","unit_price":"2","tax_rate":19}]}'


def hybrid(name: str = "factur-x.xml", content: bytes = full.CII, **keys: object) -> bytes:
    """A PDF with `content` attached; `keys` go into the stream's dictionary."""
    made = pikepdf.new()
    made.add_blank_page()
    stream = pikepdf.Stream(made, content)
    for key, value in keys.items():
        stream[f"/{key}"] = value
    entry = pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec,
        F=name,
        UF=name,
        EF=pikepdf.Dictionary(F=made.make_indirect(stream)),
    )
    names = pikepdf.Array([pikepdf.String(name), made.make_indirect(entry)])
    made.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))
    out = io.BytesIO()
    made.save(out, compress_streams=False)
    return out.getvalue()


def packed(content: bytes) -> bytes:
    return hybrid(content=zlib.compress(content), Filter=pikepdf.Name.FlateDecode)


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (full.UBL, "ubl-invoice"),
        (full.CII, "cii"),
        (b"\xef\xbb\xbf\n  " + full.UBL.split(b"?>", 1)[1], "ubl-invoice"),
        (full.UBL.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "ubl-invoice"),
        (hybrid(), "pdf-cii"),
        (hybrid(content=full.UBL, name="xrechnung.xml"), "pdf-ubl-invoice"),
        (packed(full.CII), "pdf-cii"),
        (b"\n\n" + hybrid(), "pdf-cii"),
        (CSV, "csv"),
        (b"\xef\xbb\xbf" + CSV, "csv"),
        (JSON, "json"),
        (b"\xef\xbb\xbf [" + JSON + b"]", "json"),
    ],
)
def test_the_format_is_told_by_the_content_alone(data: bytes, form: str):
    assert read(data, "misleading.docx").format == form


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\0\0\0"])
def test_an_empty_file_is_said_to_be_empty(data: bytes):
    with pytest.raises(Empty):
        read(data, "a.xml")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8brest", "compressed"),
        (b"\xd0\xcf\x11\xe0rest", "office"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"just some words\n", "header"),
        (b"\x7fELF\0\0\0", "text file"),
        (b"<html><body>Invoice</body></html>", "html"),
        (b"<Invoice/>", "Invoice"),
        (b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', "order"),
        (
            b'<CrossIndustryOrder xmlns="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>',
            "order",
        ),
        (b'<p:FatturaElettronica xmlns:p="http://ivaservizi"/>', "FatturaPA"),
        (b'<Faktura xmlns="http://crd.gov.pl/"/>', "KSeF"),
    ],
)
def test_a_foreign_file_is_named(data: bytes, word: str):
    with pytest.raises(Foreign) as caught:
        read(data)

    assert word in caught.value.detail


def test_a_huge_file_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xml, "LIMITS", xml.Limits(size=1000))

    with pytest.raises(reading.TooLarge):
        read(full.UBL)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&b;</Invoice>"""
OUTSIDE = b"""<!DOCTYPE i [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&f;</Invoice>"""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (LAUGHS, "xml.doctype"),
        (OUTSIDE, "xml.doctype"),
        (full.UBL[:-40], "xml.malformed"),
        (full.CII[: len(full.CII) // 2], "xml.malformed"),
        (full.UBL.replace(b"BT-10<", b"\xff\xfe<"), "xml.encoding"),
        (full.UBL.replace(b"UTF-8", b"UTF-7"), "xml.encoding"),
        (b"<a>" * 300 + b"</a>" * 300, "xml.too_deep"),
        (full.UBL + b"<x/>", "xml.malformed"),
        (full.UBL.replace(b"BT-10<", b"&nbsp;<"), "xml.malformed"),
    ],
)
def test_hostile_xml_is_refused(data: bytes, code: str):
    result = check(data, "x.xml")

    assert not result.ok
    assert result.kind == ""
    assert [problem.code for problem in result.problems] == [code]
    assert set(result.totals.values()) == {None}


def test_an_inclusion_brings_nothing_in():
    data = full.UBL.replace(
        b"<cbc:BuyerReference>BT-10</cbc:BuyerReference>",
        b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>',
    )

    assert read(data).document.buyer_reference == ""


def test_elements_of_a_foreign_namespace_are_not_taken_for_ours():
    data = full.UBL.replace(
        b"<cbc:BuyerReference>BT-10</cbc:BuyerReference>",
        b'<x:BuyerReference xmlns:x="urn:x">BT-10</x:BuyerReference>',
    )

    found = read(data)

    assert found.document.buyer_reference == ""
    assert any("BuyerReference" in remark.detail for remark in found.remarks)


def test_a_business_envelope_is_opened():
    inner = full.UBL.split(b"?>", 1)[1]
    start = b'<s:StandardBusinessDocument xmlns:s="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
    data = start + b"<s:StandardBusinessDocumentHeader/>" + inner + b"</s:StandardBusinessDocument>"

    assert read(data).document.number == "BT-1"
    with pytest.raises(Foreign):
        read(start + b"</s:StandardBusinessDocument>")


# Hybrid PDFs --------------------------------------------------------------------------------------


def plain_pdf() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(hybrid())) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (plain_pdf(), pdf.PdfWithoutXml),
        (hybrid(name="notes.txt"), pdf.PdfWithoutXml),
        (locked_pdf(), pdf.PdfUnreadable),
        (b"%PDF-1.7\nnothing more", pdf.PdfUnreadable),
        (
            hybrid(content=zlib.compress(full.CII)[:-30], Filter=pikepdf.Name.FlateDecode),
            pdf.PdfUnreadable,
        ),
        (hybrid(content=b"not deflated", Filter=pikepdf.Name.FlateDecode), pdf.PdfUnreadable),
        (hybrid(Filter=pikepdf.Name.LZWDecode), pdf.PdfUnreadable),
        (hybrid(content=b"zz>", Filter=pikepdf.Name.ASCIIHexDecode), pdf.PdfUnreadable),
    ],
)
def test_a_pdf_without_readable_xml_says_why(data: bytes, error: type[Invalid]):
    with pytest.raises(error) as caught:
        read(data)

    assert caught.value.detail.endswith(".")


def test_a_pdf_bomb_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "MOST_BYTES", 100_000)
    bomb = packed(b"<a>" + b" " * 5_000_000)
    assert len(bomb) < 20_000

    with pytest.raises(pdf.PdfTooLarge):
        read(bomb)


def test_a_pdf_bomb_packed_twice_is_stopped_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "MOST_BYTES", 100_000)
    twice = zlib.compress(zlib.compress(b" " * 50_000_000))
    chain = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])

    with pytest.raises(pdf.PdfTooLarge):
        read(hybrid(content=twice, Filter=chain))


def test_an_oversized_pdf_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "MOST_BYTES", 100)

    with pytest.raises(pdf.PdfTooLarge):
        read(hybrid())


def test_text_filters_are_undone():
    chain = pikepdf.Array([pikepdf.Name.ASCIIHexDecode, pikepdf.Name.FlateDecode])
    hexed = zlib.compress(full.CII).hex().encode() + b">"

    assert read(hybrid(content=hexed, Filter=chain)).document == full.DOCUMENT


def test_hostile_xml_in_a_pdf_is_refused_like_any_other():
    assert [problem.code for problem in check(hybrid(content=LAUGHS)).problems] == ["xml.doctype"]


def test_the_named_attachment_wins_over_others():
    with pikepdf.open(io.BytesIO(hybrid(name="FACTUR-X.XML"))) as made:
        made.attachments["other.xml"] = pikepdf.AttachedFileSpec(made, b"<other/>")
        out = io.BytesIO()
        made.save(out)

    name, content = pdf.attached_xml(out.getvalue())

    assert (name, content) == ("FACTUR-X.XML", full.CII)


def test_several_unnamed_attachments_are_not_guessed_among():
    with pikepdf.open(io.BytesIO(hybrid(name="a.xml"))) as made:
        made.attachments["b.xml"] = pikepdf.AttachedFileSpec(made, b"<other/>")
        out = io.BytesIO()
        made.save(out)

    with pytest.raises(pdf.PdfWithoutXml):
        pdf.attached_xml(out.getvalue())


def two_invoices(second: bytes, *, name: str = "zugferd-invoice.xml") -> bytes:
    """A PDF with a second file beside its invoice."""
    with pikepdf.open(io.BytesIO(hybrid())) as made:
        made.attachments[name] = pikepdf.AttachedFileSpec(made, second)
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def another(data: bytes) -> list[str]:
    remarks = read(data).remarks
    return [one.detail for one in remarks if one.code == "exchange.another_invoice"]


def test_one_of_several_attachments_is_taken_by_its_name():
    data = two_invoices(full.UBL)

    assert pdf.attached_xml(data) == ("factur-x.xml", full.CII)
    assert pdf.attached_xml(data, "ZUGFeRD-invoice.xml") == ("zugferd-invoice.xml", full.UBL)
    with pytest.raises(pdf.PdfWithoutXml, match=r"factur-x\.xml, zugferd-invoice\.xml"):
        pdf.attached_xml(data, "other.xml")


def test_another_invoice_in_a_pdf_is_a_remark_that_says_whether_it_agrees():
    number = full.DOCUMENT.number
    unlike = full.UBL.replace(f">{number}<".encode(), b">R-99<", 1)

    alike = another(two_invoices(full.UBL, name="b.xml"))
    told = another(two_invoices(unlike))

    first = "This PDF holds another invoice, {}; factur-x.xml was read. "
    assert alike == [first.format("b.xml") + "Its number and sums are the same."]
    assert told == [
        first.format("zugferd-invoice.xml") + f"It disagrees: number R-99 instead of {number}."
    ]


@pytest.mark.parametrize("content", [b"<order/>", b"<broken", LAUGHS])
def test_what_is_no_invoice_beside_one_is_none(content: bytes):
    assert another(two_invoices(content, name="order.xml")) == []


def test_what_is_damaged_beside_an_invoice_does_not_harm_it(monkeypatch: pytest.MonkeyPatch):
    data = two_invoices(b"<a>" + b" " * 200_000 + b"</a>", name="bomb.xml")
    monkeypatch.setattr(pdf, "MOST_BYTES", 100_000)

    assert pdf.other_xml(data, "factur-x.xml") == []
    assert pdf.attached_xml(data)[1] == full.CII


def test_an_attachment_listed_under_af_alone_is_found():
    with pikepdf.open(io.BytesIO(hybrid())) as made:
        entry = made.Root.Names.EmbeddedFiles.Names[1]
        made.Root.AF = pikepdf.Array([entry])
        del made.Root.Names
        out = io.BytesIO()
        made.save(out)

    assert read(out.getvalue()).document == full.DOCUMENT


def test_a_name_tree_that_bites_its_tail_ends():
    with pikepdf.open(io.BytesIO(hybrid())) as made:
        tree = made.make_indirect(pikepdf.Dictionary())
        tree.Kids = pikepdf.Array([tree, tree, tree])
        made.Root.Names.EmbeddedFiles = tree
        out = io.BytesIO()
        made.save(out)

    with pytest.raises(pdf.PdfWithoutXml):
        read(out.getvalue())


# Several documents ---------------------------------------------------------------------------------


def test_one_is_wanted_where_there_are_several():
    two = b"[" + JSON + b"," + JSON + b"]"

    assert len(read_all(two)) == 2
    with pytest.raises(Several):
        read(two)


@pytest.mark.parametrize("size", range(0, len(full.UBL), 997))
def test_a_cut_file_never_raises_but_says_no(size: int):
    for data in (full.UBL[:size], full.CII[:size], hybrid()[:size]):
        result = check(data, "cut")

        assert not result.ok
        assert result.problems


NASTY = (
    *("", "-1", "0", "0.000", "1e9", "NaN", "Infinity", "9" * 18, "-" + "9" * 18, "9" * 19, "1,5"),
    *("0.123456789012", "٣", "\u202e", "20261399", "2026-13-01", "true", "XXX", "JPY", "x" * 5000),
)


@pytest.mark.parametrize("data", [full.UBL, full.CII], ids=["ubl", "cii"])
def test_no_value_in_any_place_breaks_the_reader(data: bytes):
    root = ET.fromstring(data)
    leaves = [element for element in root.iter() if not len(element)]

    for place, element in enumerate(leaves):
        before = element.text
        for value in NASTY[place % 4 :: 4]:
            element.text = value
            result = check(ET.tostring(root))
            assert result.ok == (not result.problems)
        element.text = before


@pytest.mark.parametrize("data", [full.UBL, full.CII], ids=["ubl", "cii"])
def test_no_missing_or_doubled_part_breaks_the_reader(data: bytes):
    root = ET.fromstring(data)

    for parent in list(root.iter()):
        for index, child in enumerate(list(parent)):
            parent.remove(child)
            assert check(ET.tostring(root)).problems is not None
            parent.insert(index, child)
            parent.insert(index, child)
            assert check(ET.tostring(root)).problems is not None
            parent.remove(child)
