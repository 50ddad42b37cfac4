"""Lists of a name and an amount, as spreadsheets and other programs write them."""

from decimal import Decimal

import pytest

from guilder.office.importing import tables


@pytest.mark.parametrize(
    ("data", "amount"),
    [
        (b"2025/1;1234.50\n", "1234.50"),
        (b"number,open\n2025/1,1234.50\n", "1234.50"),
        ("Nummer;Betrag\n2025/1;1.234,50\n".encode("cp1252"), "1234.50"),
        (b"\xef\xbb\xbf2025/1\t1,234.50\n\n", "1234.50"),
        ("2025/1;1 234,50".encode("utf-16"), "1234.50"),
        (b"2025/1;-7\n", "-7"),
    ],
)
def test_any_usual_list_is_read(data: bytes, amount: str) -> None:
    assert tables.amounts(data, name="number") == {"2025/1": Decimal(amount)}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "two columns"),
        (b"number;open\n", "two columns"),
        (b"2025/1;1.234\n", "two ways"),
        (b"2025/1;12\n2025/1;13\n", "Line 2: 2025/1 stands here twice"),
        (b"2025/1;12\n2025/2\n", "Line 2: Give number and amount"),
        (b"2025/1;12\n2025/2;NaN\n", "Line 2: 'NaN' is no amount"),
        (b"2025/1;12\n;5\n", "Line 2: Give number"),
        (b"PK\x03\x04\0\0\0", "no text"),
        (b"a;1\n" * 100_001, "Split it"),
        (b"x" * (5 << 20) + b"y", "at most 5 MB"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(data: bytes, told: str) -> None:
    with pytest.raises(tables.UnreadableList) as caught:
        tables.amounts(data, name="number")

    said = [caught.value.detail, *(one.detail for one in caught.value.problems)]
    assert any(told in one for one in said), said
