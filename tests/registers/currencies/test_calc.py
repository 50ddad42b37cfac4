"""Crossing rates, and reading the European Central Bank's files."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.kernel.errors import Invalid
from guilder.registers.currencies.calc import NotRates, crossed, inverse, read_ecb

CSV = b"Date,USD,JPY,CYP,\n2026-11-20,1.0712,162.35,N/A,\n2026-11-19,1.0705,161.9,0.5,\n"
XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><Cube><Cube time="2026-11-20">
<Cube currency="USD" rate="1.0712"/><Cube currency="XXQ" rate="1"/></Cube></Cube>
</gesmes:Envelope>"""


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, CSV)
    return made.getvalue()


def test_the_history_is_read_row_by_row_without_the_empty_cells() -> None:
    assert read_ecb(CSV) == [
        (date(2026, 11, 20), "USD", Decimal("1.0712")),
        (date(2026, 11, 20), "JPY", Decimal("162.35")),
        (date(2026, 11, 19), "USD", Decimal("1.0705")),
        (date(2026, 11, 19), "JPY", Decimal("161.9")),
    ]


def test_the_zip_and_the_xml_say_the_same() -> None:
    assert read_ecb(zipped("eurofxref-hist.csv")) == read_ecb(CSV)
    assert read_ecb(XML) == [(date(2026, 11, 20), "USD", Decimal("1.0712"))]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b"Date,USD\nyesterday,1.1\n",
        b"Date,USD\n2026-11-20,-1\n",
        b"\xff\xfe\x00",
        b"PK\x03\x04broken",
        zipped("a.csv", "b.csv"),
        zipped("a.txt"),
        b"<Cube><Cube time='soon'><Cube currency='USD' rate='1'/></Cube></Cube>",
        b"<Envelope/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    ],
)
def test_other_files_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_ecb(data)

    assert caught.value.detail.endswith(".")


def test_a_refusal_is_named() -> None:
    assert NotRates.code == "currencies.not_rates"


def test_a_rate_is_inverted_and_crossed_to_ten_decimals() -> None:
    assert inverse(Decimal("1.0712")) == Decimal("0.9335324869")
    # 1 USD = 0.9335324869 EUR = 151.5589…: 0.9335324869 × 162.35 = 151.5589992482
    assert crossed(inverse(Decimal("1.0712")), Decimal("162.35")) == Decimal("151.5589992482")


@given(st.decimals(min_value="0.001", max_value="1000", places=4))
def test_twice_inverted_is_nearly_the_same(rate: Decimal) -> None:
    assert abs(inverse(inverse(rate)) - rate) < Decimal("0.0005")


def test_a_file_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guilder.registers.currencies.calc.MOST_ROWS", 3)

    with pytest.raises(NotRates, match="more than a million"):
        read_ecb(CSV)
