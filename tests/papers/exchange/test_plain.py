"""Our own JSON and CSV: what they may hold, and what each fault is called."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guilder.kernel import canonical, totals
from guilder.kernel.document import Identifier, Kind
from guilder.kernel.errors import Invalid
from guilder.kernel.money import Money
from guilder.papers.exchange.check import check, check_all
from guilder.papers.exchange.formats.record import Foreign, Reading, Unreadable
from guilder.papers.exchange.reading import read, read_all
from tests.papers.exchange import full

# 2 × 80.00 = 160.00; less 10 % = 144.00; 1 × 9.90 with 7 %; 19 % of 144 = 27.36; 7 % of 9.90 = 0.69
SIMPLE: dict[str, Any] = {
    "number": "R-1",
    "currency": "EUR",
    "issued_on": "2026-03-02",
    "due_on": "2026-03-16",
    "client": {
        "kind": "company",
        "name": "Muster GmbH",
        "email": "ap@muster.example",
        "address": {"line1": "Weg 1", "postal_code": "10115", "city": "Berlin", "country": "DE"},
        "tax_ids": [
            {"scheme": "vat", "value": "DE123456789"},
            {"scheme": "tax", "value": "12/345"},
        ],
    },
    "note": "Thank you",
    "lines": [
        {
            "description": "Consulting",
            "quantity": "2",
            "unit": "HUR",
            "unit_price": "80.00",
            "discount_percent": "10",
            "tax_category": "S",
            "tax_rate": "19",
        },
        {
            "name": "Book",
            "description": "On money",
            "quantity": 1,
            "unit_price": "9.90",
            "tax": {"category": "S", "rate": "7"},
        },
    ],
    "totals": {"net": "153.90", "tax": "28.05", "gross": "181.95", "due": "181.95"},
}


def simple(**changes: Any) -> bytes:
    return json.dumps({**SIMPLE, **changes}).encode()


def line(**changes: Any) -> dict[str, Any]:
    return {**SIMPLE["lines"][0], **changes}


def test_the_simple_shape_is_read_and_adds_up():
    result = check(simple(), "a.json")

    assert result.problems == ()
    assert result.ok
    assert (result.kind, result.number, result.currency) == ("json", "R-1", "EUR")
    assert result.totals == {
        "line_net": "153.90",
        "allowances": "0.00",
        "charges": "0.00",
        "net": "153.90",
        "tax": "28.05",
        "gross": "181.95",
        "prepaid": "0.00",
        "rounding": "0.00",
        "due": "181.95",
    }
    assert result.stated["line_net"] is None


def test_the_simple_shape_fills_the_paper():
    document = read(simple()).document

    assert document.kind == Kind.INVOICE
    assert document.issued_on == date(2026, 3, 2)
    assert document.buyer.vat_id == "DE123456789"
    assert document.buyer.tax_registration == "12/345"
    assert document.buyer.address.city == "Berlin"
    assert document.buyer.contact.email == "ap@muster.example"
    assert [entry.item.name for entry in document.lines] == ["Consulting", "Book"]
    assert document.lines[1].item.description == "On money"
    assert [entry.id for entry in document.lines] == ["1", "2"]
    assert document.notes[0].text == "Thank you"


def test_a_client_may_be_given_by_id():
    document = read(simple(client="0190-id")).document

    assert document.buyer.identifiers == (Identifier("0190-id", "guilder"),)


def test_numbers_keep_their_digits():
    data = (
        simple()
        .replace(b'"80.00"', b"80.10")
        .replace(b'"unit_price": "9.90"', b'"unit_price": 0.1')
    )

    prices = [entry.price.amount for entry in read(data).document.lines]

    assert prices == [Decimal("80.10"), Decimal("0.1")]


def test_document_levels_prepaid_and_rounding_count():
    # 153.90 − 10.00 + 4.00 = 147.90; 19 % of 138.00 = 26.22, 7 % of 9.90 = 0.69: gross 174.81
    result = check(
        simple(
            allowances=[
                {"amount": "10.00", "reason": "Loyalty", "tax_category": "S", "tax_rate": "19"}
            ],
            charges=[
                {"amount": "4.00", "reason": "Freight", "tax": {"category": "S", "rate": "19"}}
            ],
            prepaid="74.80",
            rounding="-0.01",
            totals={"allowances": "10.00", "charges": "4.00", "gross": "174.81", "due": "100.00"},
        )
    )

    assert result.problems == ()
    assert result.totals["prepaid"] == "74.80"


def test_prices_with_tax_are_read():
    # 119.00 with 19 % tax is 100.00 and 19.00
    lines = [line(quantity="1", unit_price="119.00", tax_inclusive=True, discount_percent="0")]
    result = check(simple(lines=lines, totals={"net": "100.00", "due": "119.00"}))

    assert result.problems == ()


def test_an_answer_of_the_api_can_be_read_back():
    answer = simple(
        id="0190",
        status="issued",
        etag="x",
        tax_breakdown=[
            {"category": "S", "rate": "19", "taxable": "144.00", "tax": "27.36"},
            {"category": "S", "rate": "7", "taxable": "9.90", "tax": "0.69"},
        ],
    )

    assert check(answer).problems == ()
    assert [p.code for p in check(answer.replace(b'"27.36"', b'"27.37"')).problems] == [
        "check.tax_row"
    ]


def test_a_wrong_stated_total_or_net_is_told():
    assert [p.pointer for p in check(simple(totals={"due": "181.96"})).problems] == ["/totals/due"]
    assert [p.pointer for p in check(simple(lines=[line(net="143.99")], totals={})).problems] == [
        "/lines/0/net"
    ]


def test_a_tax_known_by_code_alone_is_not_summed_up():
    lines = [{"description": "A", "quantity": "1", "unit_price": "10.00", "tax": "standard"}]

    result = check(simple(lines=lines, totals={"net": "10.00"}))

    assert result.ok
    assert (result.totals["net"], result.totals["tax"], result.totals["due"]) == (
        "10.00",
        None,
        None,
    )
    assert [remark.code for remark in result.remarks] == ["check.tax_unknown"]


def test_a_total_that_needs_an_unknown_tax_is_not_called_right():
    lines = [{"description": "A", "quantity": "1", "unit_price": "10.00", "tax": "standard"}]

    result = check(simple(lines=lines, totals={"gross": "10.00"}))

    assert not result.ok
    assert [p.code for p in result.problems] == ["check.tax_unknown"]


def test_a_document_without_lines_is_not_ok():
    assert [p.code for p in check(simple(lines=[])).problems] == ["exchange.no_lines"]


def test_several_documents_have_pointers_of_their_own():
    data = b"[" + simple() + b"," + simple(due_on="soon") + b"]"

    first, second = check_all(data, "two.json")

    assert first.ok
    assert [p.pointer for p in second.problems] == ["/1/due_on"]


def test_a_page_of_the_api_is_a_list():
    assert len(read_all(b'{"data": [' + simple() + b'], "next": null}')) == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"pirce": 1}, "/pirce"),
        ({"kind": "bill"}, "/kind"),
        ({"client": {"nick": "x", "name": "y"}}, "/client/nick"),
        ({"client": {"name": ""}}, "/client/name"),
        ({"client": {"name": "x", "address": {"country": "ZZ"}}}, "/client/address/country"),
        ({"due_on": "16.03.2026"}, "/due_on"),
        ({"prepaid": "1.005"}, "/prepaid"),
        ({"totals": {"rounding": "0.001"}}, "/rounding"),
        ({"lines": [line(quantity="many")]}, "/lines/0/quantity"),
        ({"lines": [line(unit_price=None)]}, "/lines/0/unit_price"),
        ({"lines": [line(description="")]}, "/lines/0/description"),
        ({"lines": [line(tax_category="X")]}, "/lines/0/tax_category"),
        ({"lines": [line(tax_category="", tax_rate="0")]}, "/lines/0/tax"),
        ({"allowances": [{"tax_rate": "19"}]}, "/allowances/0/amount"),
    ],
)
def test_each_fault_is_pointed_at(changes: dict[str, Any], pointer: str):
    result = check(simple(**changes))

    assert not result.ok
    assert pointer in [problem.pointer for problem in result.problems]


@pytest.mark.parametrize("currency", [None, "", "EURO", "XXX", 978, {}])
def test_a_document_needs_its_currency(currency: object):
    with pytest.raises(Unreadable) as caught:
        read(simple(currency=currency))

    assert caught.value.problems[0].pointer == "/currency"


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"currency": "EUR", "lines": [{"quantity": NaN}]}',
        b"[" * 100_000,
        b'{"a": "\xff"}',
        b"[]",
        b"[1]",
        b"{}",
        b"[" + b"9" * 5000 + b"]",
    ],
)
def test_what_is_no_json_document_is_refused(data: bytes):
    result = check(data)

    assert not result.ok
    assert result.kind == ""
    assert result.problems[0].detail.endswith(".")


# The canonical shape -------------------------------------------------------------------------------


def test_a_canonical_document_comes_back_as_it_went():
    finished = totals.calculate(replace(full.DOCUMENT, language="de"))
    data = canonical.canonical_bytes(finished)

    reading = read(data)

    assert reading.document == replace(full.DOCUMENT, language="de")
    assert reading.stated.due == Decimal("100.00")
    assert check(data).ok
    assert (
        check(data.replace(b'"due":"100.00"', b'"due":"100.01"')).problems[0].pointer
        == "/totals/due"
    )


def test_a_broken_canonical_document_says_where():
    result = check(b'{"guilder": 1, "kind": "invoice", "currency": "EUR", "oops": 1}')

    assert "/oops" in [problem.pointer for problem in result.problems]


# CSV ----------------------------------------------------------------------------------------------

HEADER = "Invoice number;Currency;Invoice date;Client;Description;Quantity;Unit price;VAT category;VAT rate;Line net;Gross total"
ROWS = (
    "R-1;EUR;02.03.2026;Muster GmbH;Consulting;2;1.080,00;S;19 %;2.160,00;2.582,30",
    "R-1;EUR;02.03.2026;Muster GmbH;Book;1;11,12;S;7;11,12;",
    "R-2;EUR;2026-03-03;Other;Thing;3;0,10;S;19;0,30;0,36",
)


def table(*rows: str, header: str = HEADER, end: str = "\r\n") -> bytes:
    return end.join([header, *(rows or ROWS)]).encode()


def test_rows_of_one_number_are_one_document():
    # 2,160.00 + 11.12; 19 % = 410.40, 7 % = 0.78: 2,582.30; 0.30 with 0.06 (0.057) is 0.36
    first, second = check_all(table(), "a.csv")

    assert first.problems == ()
    assert (first.number, first.totals["gross"], first.ok) == ("R-1", "2582.30", True)
    assert (second.number, second.totals["gross"], second.ok) == ("R-2", "0.36", True)


def test_a_table_fills_the_paper():
    document = read_all(table())[0].document

    assert document.issued_on == date(2026, 3, 2)
    assert document.buyer.name == "Muster GmbH"
    assert [entry.price.amount for entry in document.lines] == [
        Decimal("1080.00"),
        Decimal("11.12"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        table().decode().encode("utf-8-sig"),
        table().decode().encode("utf-16"),
        table(end="\n"),
        b"sep=;\r\n" + table(),
        table().replace(b";", b"\t"),
        b"\r\n" + table() + b"\r\n;;;;;;;;;;\r\n",
    ],
)
def test_encodings_line_ends_and_delimiters_make_no_difference(data: bytes):
    assert [r.document for r in read_all(data)] == [r.document for r in read_all(table())]


def test_a_comma_table_with_points():
    data = b'number,currency,name,quantity,unit_price,tax_rate,total\n1,EUR,"Nuts, mixed",2,"1,234.50",19,"2,938.11"\n'

    result = check(data)

    assert result.problems == ()
    assert result.totals["net"] == "2469.00"


def test_old_windows_files_are_read_with_a_word_of_warning():
    data = table("R-1;EUR;02.03.2026;Müller;Bücher;1;5,00;S;7;;").decode().encode("cp1252")

    reading = read(data)

    assert reading.document.buyer.name == "Müller"
    assert [remark.code for remark in reading.remarks] == ["exchange.encoding"]


def test_a_row_without_a_number_belongs_to_the_row_above():
    data = table("R-1;EUR;;;A;1;1,00;S;19;;", ";;;;B;1;2,00;S;19;;")

    assert [entry.item.name for entry in read(data).document.lines] == ["A", "B"]


def test_columns_that_nobody_knows_are_told():
    data = table("R-1;EUR;;;A;1;1,00;S;19;;;x", header=f"{HEADER};Mood")

    assert ["Mood" in remark.detail for remark in read(data).remarks] == [True]


def test_rows_that_contradict_each_other_are_told():
    data = table("R-1;EUR;02.03.2026;A;x;1;1,00;S;19;;", "R-1;USD;02.03.2026;B;y;1;1,00;S;19;;")

    result = check(data)

    assert {p.pointer for p in result.problems} == {"/currency", "/client"}


@pytest.mark.parametrize(
    ("rows", "mark"),
    [
        (["1,50", "1.000,00"], "1.50"),
        (["1.50", "2"], "1.50"),
        (["1.000.000", "1,5"], "1000000"),
        (["0.125", "1"], "0.125"),
        (["1 000,50", "1"], "1000.50"),
    ],
)
def test_the_decimal_mark_is_found_in_the_whole_table(rows: list[str], mark: str):
    data = table(*[f"R-1;EUR;;;x;1;{price};S;19;;" for price in rows])

    assert read(data).document.lines[0].price.amount == Decimal(mark)


def test_a_semicolon_table_with_thousandths_means_decimals():
    assert read(table("R-1;EUR;;;x;1;1,250;S;19;;")).document.lines[0].price.amount == Decimal(
        "1.25"
    )


@pytest.mark.parametrize(
    "data",
    [
        table("R-1;EUR;;;x;1,5;1.5;S;19;;"),
        b'number,currency,name,quantity,unit_price\n1,EUR,x,1,"1,250"\n',
        table("R-1;EUR;;;x;1;1,00;S;19;;;surplus"),
        HEADER.encode(),
        b"quantity,unit_price,price\n1,2,3\n",
        b'quantity,unit_price\n"1,2\n' + b"x" * 200_000,
    ],
)
def test_a_table_that_can_be_read_in_two_ways_or_not_at_all_is_refused(data: bytes):
    result = check(data)

    assert [problem.code for problem in result.problems] == ["exchange.csv_malformed"]


def test_a_text_without_our_header_is_foreign():
    with pytest.raises(Foreign):
        read(b"date;amount\n2026-01-01;5\n")


def test_a_line_without_tax_is_pointed_at():
    result = check(table("R-1;EUR;;;x;1;1,00;;;;"))

    assert [problem.pointer for problem in result.problems] == ["/lines/0/tax"]


def test_every_refusal_is_one_of_the_five():
    for data in (b"\xff\xfe<", b"{" * 9, b"a,b\n", b"%PDF-", b"<", b"[", b"quantity;unit_price\n;"):
        with pytest.raises(Invalid):
            reading: Reading = read(data)
            raise AssertionError(reading)


def test_money_of_three_decimals_is_read():
    data = simple(
        currency="KWD",
        lines=[line(quantity="1", unit_price="1.2345", tax_rate="5", discount_percent="0")],
        totals={"net": "1.235", "tax": "0.062", "due": "1.297"},
    )

    assert check(data).problems == ()
    assert read(data).document.prepaid is None
    assert Money.of("1.235", "KWD").minor == 1235
