"""Bank files of every format: what they say, and what is refused."""

import contextlib
import csv
import io
import os
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.flows.banking.check import check_file
from guilder.flows.banking.parsers import Profile, UnreadableStatement, read_file
from guilder.flows.banking.parsers.values import amount_of, any_day
from guilder.kernel.errors import GuilderError

SHARED = Path(os.environ.get("GUILDER_SHARED", Path(__file__).parents[4] / "shared")) / "bank"
# The list took these from a library that reads ":62F:C02032495000,00" as 00,00 of the currency 950.
MISREAD = {"mt940/self-provided-raphaelm.sta": Decimal("95000.00")}


def staged() -> list[dict[str, str]]:
    """The rows of the list of staged files."""
    place = SHARED / "MANIFEST.csv"
    if not place.exists():
        return []
    with place.open() as file:
        return [row for row in csv.DictReader(file) if not row["path"].startswith("xsd/")]


@pytest.mark.parametrize("row", staged(), ids=lambda row: row["path"])
def test_a_staged_file_says_what_the_list_states(row):
    told = check_file((SHARED / row["path"]).read_bytes(), row["path"])

    if row["entries"]:
        assert str(told["entries"]) == row["entries"]
    if row["opening"]:
        assert Decimal(told["opening"]) == Decimal(row["opening"])
    if row["closing"]:
        wanted = MISREAD.get(row["path"], Decimal(row["closing"]))
        assert Decimal(told["closing"]) == wanted
    if row["currency"]:
        assert told["currency"] == row["currency"]
    if row["format"] == "CSV" and "twint_example_format1_business_20231120" not in row["path"]:
        assert told["transactions"] > 0


CAMT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Id>1</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-11-19</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal><Ntry><Amt Ccy="EUR">119.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
<ValDt><Dt>2026-11-20</Dt></ValDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E-1</EndToEndId>
</Refs><RltdPties><Dbtr><Pty><Nm>Polder Fresh BV</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id>
</DbtrAcct></RltdPties><RmtInf><Ustrd>INV-2026-00175</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf>
</Strd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"""


def test_a_camt_entry_tells_who_paid_what_for():
    file = read_file(CAMT.format(closing="219.00").encode())

    (entry,) = file.last.entries
    assert file.format == "camt.053.001.08"
    assert entry.amount == Decimal("119.00")
    assert entry.name == "Polder Fresh BV"
    assert entry.account == "NL91ABNA0417164300"
    assert entry.text == "INV-2026-00175"
    assert entry.reference == "RF18539007547034"
    assert (entry.end_to_end, entry.bank_reference) == ("E-1", "B1")
    assert file.problems == ()


def test_balances_that_do_not_add_up_are_told():
    file = read_file(CAMT.format(closing="220.00").encode())  # 100 + 119 = 219

    (problem,) = file.problems
    assert "100.00" in problem
    assert "220.00" in problem


def test_an_mt940_in_the_german_dialect():
    text = (
        ":20:X\n:25:37040044/0532013000\n:28C:4/1\n:60F:C261119EUR100,00\n"
        ":61:2611201120CR119,00NTRFNONREF//BK77\n"
        ":86:166?00GUTSCHRIFT?20EREF+E-1?21SVWZ+RE INV-2026-00175 vom?22 01.11."
        "?31NL91ABNA0417164300?32POLDER FRESH BV\n:62F:C261120EUR219,00\n-"
    )
    file = read_file(text.encode())

    (entry,) = file.last.entries
    assert entry.name == "POLDER FRESH BV"
    assert entry.account == "NL91ABNA0417164300"
    assert "INV-2026-00175" in entry.text
    assert entry.end_to_end == "E-1"
    assert entry.bank_reference == "BK77"
    assert file.last.is_balanced


def test_a_reversed_credit_goes_out():
    text = ":20:X\n:25:1\n:60F:C261119EUR100,\n:61:2611201120RC19,NTRFNONREF\n:62F:C261120EUR81,"
    (entry,) = read_file(text.encode()).last.entries

    assert entry.amount == Decimal(-19)
    assert entry.is_reversal


def test_a_year_turns_between_entry_and_value_date():
    text = ":20:X\n:25:1\n:61:2701021231C5,00NTRFNONREF"
    (entry,) = read_file(text.encode()).last.entries

    assert entry.booked_on == date(2026, 12, 31)
    assert entry.valued_on == date(2027, 1, 2)


def workbook() -> bytes:
    """An XLSX with days as numbers, made by the writer that the reports use."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for place, head in enumerate(("Buchungstag", "Betrag (EUR)", "Verwendungszweck", "Saldo")):
            sheet.write(0, place, head)
        sheet.write_datetime(1, 0, __import__("datetime").datetime(2026, 11, 20), day)
        sheet.write_number(1, 1, 119.5)
        sheet.write_string(1, 2, "INV-2026-00175")
        sheet.write_number(1, 3, 219.5)
    return out.getvalue()


def test_a_workbook_reads_like_a_csv():
    file = read_file(workbook())

    (entry,) = file.last.entries
    assert (file.format, file.last.currency) == ("XLSX", "EUR")
    assert entry.booked_on == date(2026, 11, 20)
    assert entry.amount == Decimal("119.5")
    assert file.last.closing == Decimal("219.5")
    assert file.last.opening == Decimal("100.0")


def test_a_saved_profile_beats_the_guess():
    table = "when;what;how much\n20.11.2026;INV-1;12,50\n"
    with pytest.raises(UnreadableStatement):
        read_file(table.encode())
    columns = {"booked_on": (0,), "text": (1,), "amount": (2,)}
    file = read_file(table.encode(), profiles=[Profile("when|what|howmuch", columns, "EUR")])

    assert file.last.entries[0].amount == Decimal("12.50")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1'234.50", "1234.50"),
        ("1.234,50-", "-1234.50"),
        ("-1,234.50", "-1234.50"),
        ("(12.00)", "-12.00"),
        ("CHF 12", "12"),
        ("1,234", "1234"),
        ("0,125", "0.125"),
        ("20.000,00", "20000.00"),
        ("−64.38", "-64.38"),
        ("7.5", "7.5"),
    ],
)
def test_amounts_as_people_write_them(text, amount):
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "1e5", "NaN", "Infinity", "12,34,5.6.7", "0x10", "9" * 30])
def test_what_is_no_amount(text):
    assert amount_of(text) is None


def test_days_as_people_write_them():
    wanted = date(2026, 3, 4)
    for text in ("04.03.2026", "04/03/26", "2026-03-04", "20260304", "4 Mar 2026", "2026.03.04"):
        assert any_day(text) == wanted
    assert any_day("03/04/2026", month_first=True) == wanted
    assert any_day("31.02.2026") is None


BOMB = b'<!DOCTYPE a [<!ENTITY b "ha">]><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        BOMB,
        b"<Document/>",
        b"<html><body>Sign in</body></html>",
        b"PK\x03\x04 and nothing more",
        b"\x00\x01\x02\x03" * 50,
        b"%PDF-1.7 ...",
        b"only one column\nof words\n",
        b"OFXHEADER:100\nno tag follows",
    ],
)
def test_what_is_no_statement_is_refused_in_words(data):
    told = check_file(data, "x")

    assert not told["ok"]
    assert told["entries"] == 0
    assert len(told["problems"][0]) > 15


def test_a_workbook_that_unpacks_without_end_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(5):
            archive.writestr(f"xl/worksheets/sheet{place}.xml", b" " * 60_000_000)
    with pytest.raises(UnreadableStatement, match="too large"):
        read_file(out.getvalue())


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(GuilderError):
        read_file(data)


@given(st.text(alphabet=":6028F125DEUR C,0123456789\n/?-NS", max_size=400))
def test_any_swift_text_is_read_or_refused(text):
    with contextlib.suppress(GuilderError):
        read_file(f":20:X\n{text}".encode())
