"""The one door for XML: what hostile files get is one clear refusal."""

import pytest

from guilder.kernel import xml
from guilder.kernel.errors import Invalid

NS = "urn:example"
LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<lolz>&c;</lolz>"""
EXTERNAL = """<?xml version="1.0"?>
<!-- first --><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""
PARAMETER = """<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]><a/>"""


def refusal(data: bytes, **options) -> str:
    with pytest.raises(Invalid) as caught:
        xml.parse(data, **options)
    assert str(caught.value).endswith((".", ")."))
    return caught.value.code


@pytest.mark.parametrize("text", [LAUGHS, EXTERNAL, PARAMETER, "<!doctype a><a/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_document_type_is_refused_in_every_encoding(text: str, encoding: str):
    text = text.removeprefix('<?xml version="1.0"?>').lstrip()

    assert refusal(text.encode(encoding)) in {"xml.doctype", "xml.malformed"}


@pytest.mark.parametrize("text", [LAUGHS, EXTERNAL, PARAMETER, "<!doctype a><a/>"])
def test_a_document_type_is_refused_for_what_it_is(text: str):
    assert refusal(text.encode()) == "xml.doctype"


def test_what_only_looks_like_a_document_type_is_text():
    root = xml.parse(b"<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a>")

    assert root.text == "<!DOCTYPE a>"


def test_an_entity_that_nobody_declared_is_malformed():
    assert refusal(b"<a>&secret;</a>") == "xml.malformed"


def test_predefined_entities_and_characters_by_number_are_read():
    assert xml.parse(b"<a>&lt;&#228;&amp;</a>").text == "<ä&"


def test_inclusions_and_schema_locations_are_left_alone(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    text = (
        '<a xmlns:xi="http://www.w3.org/2001/XInclude"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="urn:a http://127.0.0.1:1/a.xsd">'
        f'<?xml-stylesheet href="file://{secret}"?>'
        f'<xi:include href="file://{secret}" parse="text"/></a>'
    )

    root = xml.parse(text.encode())

    assert "the secret" not in xml.serialize(root).decode()
    assert [xml.local_name(child) for child in root] == ["include"]


def test_a_comment_cannot_cut_a_value_short():
    assert xml.parse(b"<a>12<!-- x -->34<?pi?>56</a>").text == "123456"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"]
)
def test_unicode_is_read_with_mark_and_without(encoding: str):
    assert xml.parse("<a>Grüße €</a>".encode(encoding)).text == "Grüße €"


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "ISO-8859-15", "UTF-8"])
def test_declared_encodings_are_read(encoding: str):
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>Grüße</a>'

    assert xml.parse(text.encode(encoding)).text == "Grüße"


def test_a_declaration_that_contradicts_the_mark_loses():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><a>Grüße</a>'

    assert xml.parse(text.encode("utf-8-sig")).text == "Grüße"


def test_wrong_and_strange_encodings_are_refused():
    assert refusal(b"<a>\xff</a>") == "xml.encoding"
    assert refusal(b"\xef\xbb\xbf<a>\xff</a>") == "xml.encoding"
    assert refusal(b"\xff\xfe<\0a\0>") == "xml.encoding"  # half a character at the end
    assert refusal(b'<?xml version="1.0" encoding="UTF-7"?><a/>') == "xml.encoding"
    assert refusal(b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>') == "xml.encoding"
    assert refusal(b'<?xml version="1.0" encoding="ascii"?><a>\xe4</a>') == "xml.encoding"


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_is_told_apart_from_nonsense(data: bytes):
    assert refusal(data) == "xml.empty"


@pytest.mark.parametrize(
    "data",
    [
        *(b"hello", b"%PDF-1.7", b'{"a": 1}', b"<", b"<a>", b"<a></b>", b"<a/><b/>", b"<a b=c/>"),
        *(b"<!-- a", b"<?xml version='1.0'", b"<![CDATA[a]]>", b"<a>\0</a>", b"<a>\x0b</a>"),
        *(b"<a b='1' b='2'/>", b"<x:a/>", b"PK\x03\x04"),
    ],
)
def test_malformed_text_is_refused(data: bytes):
    assert refusal(data) == "xml.malformed"


def test_a_refusal_names_line_and_column():
    with pytest.raises(xml.XmlMalformed, match=r"line 2, column \d+"):
        xml.parse(b"<a>\n<b></c></a>")


def test_size_tags_attributes_and_depth_are_limited():
    small = xml.Limits(size=100, tags=10, quotes=10)

    assert refusal(b"<a>" + b"x" * 100 + b"</a>", limits=small) == "xml.too_large"
    assert refusal(b"<a>" + b"<b/>" * 10 + b"</a>", limits=small) == "xml.too_large"
    assert refusal(b"<a b='1' c='' d='' e='' f='' g=''/>", limits=small) == "xml.too_large"
    assert refusal(b"<a>" * 300 + b"</a>" * 300) == "xml.too_deep"
    assert refusal(b"<a>" + b"x" * 10_000_100 + b"</a>") == "xml.too_large"
    assert xml.parse(b"<a>" * 200 + b"</a>" * 200).tag == "a"


def test_a_hundred_megabytes_are_refused_unread():
    assert refusal(bytes(100 * 1024 * 1024)) == "xml.too_large"


def test_what_is_built_is_read_back():
    root = xml.element("Invoice", NS, prefixes={"n": NS})
    xml.append(root, "ID", " A & B ", namespace=NS, schemeID="0088")
    xml.append(xml.append(root, "Plain"), "Empty")

    again = xml.parse(xml.serialize(root))

    assert xml.local_name(again) == "Invoice"
    assert xml.namespace_of(again) == NS
    assert xml.namespace_of(again[1]) == ""
    assert xml.text_at(again, "n:ID", {"n": NS}) == "A & B"
    assert xml.text_at(again, "Plain/Empty") == ""
    assert xml.text_at(again, "Nowhere") == ""
    assert xml.text_at(None, "ID") == ""
    assert again[0].get("schemeID") == "0088"
    assert b"\n  <Plain>" in xml.serialize(again, pretty=True)


def test_what_xml_cannot_carry_is_refused_when_written():
    with pytest.raises(xml.XmlMalformed, match="control character"):
        xml.append(xml.element("a"), "b", "\x00")
