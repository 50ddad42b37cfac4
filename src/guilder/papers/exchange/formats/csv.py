"""CSV: one row a line, rows of one number are one document. docs/rooms/exchange.md lists columns.

Semicolon, comma or tab; with or without a byte order mark; decimal point or decimal comma.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from guilder.kernel.errors import Invalid, Problem
from guilder.papers.exchange.formats import plain
from guilder.papers.exchange.formats.record import Foreign, Reading

FORM = "csv"
MOST_ROWS = 200_000
MOST_DOCUMENTS = 50_000
# Each column's name, and others that are taken for it; in a header, case, spaces and hyphens
# make no difference. "d" marks a decimal, "t" a date.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("invoice_number", "invoice_no", "reference", "document_number"),
    "kind": ("type",),
    "currency": (),
    "issued_on": ("invoice_date", "issue_date", "date"),
    "due_on": ("due_date",),
    "client": ("client_name", "buyer", "buyer_name", "customer", "customer_name"),
    "client_id": (),
    "client_email": ("buyer_email", "customer_email", "email"),
    "client_vat_id": ("buyer_vat_id", "customer_vat_id", "vat_id"),
    "client_line1": ("buyer_line1", "address", "street"),
    "client_postal_code": ("buyer_postal_code", "postal_code", "zip"),
    "client_city": ("buyer_city", "city"),
    "client_country": ("buyer_country", "country"),
    "buyer_reference": (),
    "order_reference": ("purchase_order",),
    "payment_terms": (),
    "document_note": (),
    "line_id": ("line", "position"),
    "name": ("item", "item_name"),
    "description": ("text",),
    "item_code": ("sku", "article"),
    "quantity": ("qty",),
    "unit": ("unit_code",),
    "unit_price": ("price", "net_price"),
    "base_quantity": (),
    "discount_percent": ("discount",),
    "tax": ("tax_code",),
    "tax_category": ("vat_category",),
    "tax_rate": ("vat_rate", "vat", "vat_percent"),
    "exemption_reason": (),
    "note": ("line_note",),
    "net": ("line_net", "line_total"),
    "prepaid": (),
    "total_net": ("net_total", "subtotal"),
    "total_tax": ("tax_total", "vat_total"),
    "total_gross": ("gross_total", "total"),
    "total_due": ("due_total", "amount_due"),
}
NAMES = {alias: name for name, others in COLUMNS.items() for alias in (name, *others)}
NEEDED = ("quantity", "unit_price")
DAYS = ("issued_on", "due_on")
TOTALS = {"total_net": "net", "total_tax": "tax", "total_gross": "gross", "total_due": "due"}
NUMBERS = frozenset(
    (
        *("quantity", "unit_price", "base_quantity", "discount_percent", "tax_rate", "net"),
        *("prepaid", *TOTALS),
    )
)
HEAD = (
    *("number", "kind", "currency", "issued_on", "due_on", "buyer_reference", "order_reference"),
    *("payment_terms", "prepaid"),
)
CLIENT = {
    "client": "name",
    "client_id": "id",
    "client_email": "email",
    "client_vat_id": "vat_id",
}
ADDRESS = ("line1", "postal_code", "city", "country")
LINE = (
    *("name", "description", "item_code", "quantity", "unit", "unit_price", "base_quantity"),
    *("discount_percent", "tax", "tax_category", "tax_rate", "exemption_reason", "note", "net"),
)
SPACES = re.compile(r"[\s\u00a0\u202f']")
GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
Row = dict[str, str]


class CsvMalformed(Invalid):
    """The table is damaged, or its numbers can be read in two ways."""

    code = "exchange.csv_malformed"


def read(data: bytes) -> tuple[Reading, ...]:
    """Every document in the table, in the order in which each first appears.

    Raises Foreign where this is no table with a header of ours, CsvMalformed, and Unreadable where
    a document names no currency.
    """
    text, remarks = _text(data)
    header, rows, delimiter = _table(text)
    remarks += [
        Problem("", "exchange.not_kept", f"The column “{name[:60]}” is not known and not kept.")
        for name in header
        if name and _name(name) not in NAMES
    ]
    named = [_named(header, row) for row in rows]
    mark = _decimal_mark(named, delimiter)
    groups: dict[str, list[Row]] = {}
    number = ""
    for row in named:
        number = row.get("number") or number  # a row without one belongs to the row above
        groups.setdefault(number, []).append(row)
    if len(groups) > MOST_DOCUMENTS:
        raise CsvMalformed(f"Give at most {MOST_DOCUMENTS:,} documents in one file.")
    return tuple(_document(group, mark, remarks) for group in groups.values())


def _document(rows: list[Row], mark: str, remarks: list[Problem]) -> Reading:
    problems: list[Problem] = []
    data: dict[str, Any] = {}
    for name in HEAD:
        if value := _once(rows, name, problems):
            data[name] = _value(name, value, mark)
    if value := _once(rows, "document_note", problems):
        data["note"] = value
    client: dict[str, Any] = {
        key: v for name, key in CLIENT.items() if (v := _once(rows, name, problems))
    }
    address = {key: v for key in ADDRESS if (v := _once(rows, f"client_{key}", problems))}
    if address:
        client["address"] = address
    if client:
        data["client"] = client
    totals = {
        key: _value(name, v, mark)
        for name, key in TOTALS.items()
        if (v := _once(rows, name, problems))
    }
    if totals:
        data["totals"] = totals
    data["lines"] = [_line(row, mark) for row in rows]
    reading = plain.read(data, form=FORM)
    return Reading(
        document=reading.document,
        format=FORM,
        stated=reading.stated,
        stated_nets=reading.stated_nets,
        problems=(*problems, *reading.problems),
        remarks=tuple(remarks),
    )


def _line(row: Row, mark: str) -> dict[str, Any]:
    line = {name: _value(name, row[name], mark) for name in LINE if row.get(name)}
    if row.get("line_id"):
        line["id"] = row["line_id"]
    return line


def _once(rows: Iterable[Row], name: str, problems: list[Problem]) -> str:
    """What the rows of one document say of the whole: the first that says it, and no other."""
    values = dict.fromkeys(value for row in rows if (value := row.get(name)))
    if len(values) > 1:
        shown = " and ".join(f"“{value[:40]}”" for value in list(values)[:2])
        detail = f"The rows of one document say {shown}. Give the same in each, or only once."
        problems.append(Problem(f"/{name}", "exchange.csv_contradiction", detail))
    return next(iter(values), "")


def _value(name: str, value: str, mark: str) -> str:
    """A cell as the simple shape wants it: plain decimals, ISO dates; the rest as it stands."""
    if name in NUMBERS:
        return _number(value, mark)
    day = GERMAN_DAY.fullmatch(value) if name in DAYS else None
    if day:
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    return value


def _number(value: str, mark: str) -> str:
    digits = SPACES.sub("", value).removesuffix("%")
    if mark == ",":
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", "")


def _decimal_mark(rows: list[Row], delimiter: str) -> str:
    """What stands before the decimals in the whole table, "." or ",".

    CsvMalformed where cells contradict each other, or none tells what "1,234" is.
    """
    signs: dict[str, str] = {}
    doubtful = ""
    for row in rows:
        for name, value in row.items():
            if name not in NUMBERS or not value:
                continue
            digits = SPACES.sub("", value).removesuffix("%")
            sign = _sign(digits)
            if sign:
                signs.setdefault(sign, value)
            elif "," in digits:
                doubtful = doubtful or value
    if len(signs) > 1:
        shown = " and ".join(f"“{value[:20]}”" for value in signs.values())
        raise CsvMalformed(f"Numbers are written in two ways: {shown}. Write all of them alike.")
    if signs:
        return next(iter(signs))
    if doubtful and delimiter == ",":
        detail = f"“{doubtful[:20]}” can be read in two ways. Write 1234.00 or 1.234."
        raise CsvMalformed(detail)
    return "," if doubtful else "."


def _sign(digits: str) -> str:
    """The decimal mark that one number proves, "" where it proves none."""
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    for mark, place in ((".", dot), (",", comma)):
        if place < 0:
            continue
        if digits.count(mark) > 1:
            return "," if mark == "." else "."  # it groups thousands
        if len(digits) - place - 1 != 3 or digits[:place].lstrip("-") in {"", "0"}:
            return mark
    return ""


def _text(data: bytes) -> tuple[str, list[Problem]]:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
        remarks: list[Problem] = []
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        detail = "The file is not UTF-8 and was read as Windows-1252. Check accents in names."
        remarks = [Problem("", "exchange.encoding", detail)]
    if "\0" in text:
        raise Foreign("This is not a text file. Choose an e-invoice (XML or PDF), CSV or JSON.")
    return text, remarks


def _table(text: str) -> tuple[list[str], list[list[str]], str]:
    """The header, the rows that are not empty, and the delimiter."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep="):  # how spreadsheets are told the delimiter
        text = text.split(first, 1)[1]
        first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, list[str]())]
        found = {NAMES.get(_name(name), "") for name in header}
        if not all(name in found for name in NEEDED):
            raise Foreign(
                "This is neither an e-invoice nor JSON, and as CSV it lacks a header with the"
                " columns quantity and unit_price. Choose another file, or add the header."
            )
        _check_header(header)
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CsvMalformed(f"This table is damaged in line {reader.line_num}: {error}.") from None
    if len(rows) > MOST_ROWS:
        raise CsvMalformed(f"Give at most {MOST_ROWS:,} rows in one file.")
    if not rows:
        raise CsvMalformed("There is a header but no row. Add a row for each line.")
    for index, row in enumerate(rows):
        if len(row) > len(header):
            raise CsvMalformed(
                f"Row {index + 1} has more cells than the header. Quote cells that hold"
                f" “{delimiter}”."
            )
    return header, rows, delimiter


def _check_header(header: list[str]) -> None:
    known = [NAMES[_name(name)] for name in header if _name(name) in NAMES]
    twice = [name for name in known if known.count(name) > 1]
    if twice:
        raise CsvMalformed(f"Two columns are read as “{twice[0]}”. Rename or remove one of them.")


def _named(header: list[str], row: list[str]) -> Row:
    names = [NAMES.get(_name(name), "") for name in header]
    cells = zip(names, row, strict=False)
    return {name: cell.strip() for name, cell in cells if name}


def _name(title: str) -> str:
    return re.sub(r"[\s\-]+", "_", title.strip().lower())
