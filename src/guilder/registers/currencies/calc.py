"""Crossing rates, and reading the European Central Bank's published files; pure."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from guilder.kernel.currencies import is_currency
from guilder.kernel.errors import Invalid
from guilder.kernel.money import WIDE, decimal_of
from guilder.kernel.xml import parse

PLACES = Decimal("1e-10")
ROW = tuple[date, str, Decimal]
MOST_ROWS = 1_000_000


class NotRates(Invalid):
    """The file is none of the ECB's reference rate files."""

    code = "currencies.not_rates"


def inverse(rate: Decimal) -> Decimal:
    """The rate the other way round, to ten decimals."""
    return WIDE.divide(Decimal(1), rate).quantize(PLACES, context=WIDE)


def crossed(base_to_pivot: Decimal, pivot_to_quote: Decimal) -> Decimal:
    """A rate through a third currency, to ten decimals."""
    return WIDE.multiply(base_to_pivot, pivot_to_quote).quantize(PLACES, context=WIDE)


def read_ecb(data: bytes) -> list[ROW]:
    """(day, currency, units for one euro) of an ECB file: XML, CSV, or the ZIP of the CSV.

    Raises NotRates. Cells without a rate ("N/A") are absent.
    """
    if data[:4] == b"PK\x03\x04":
        data = unzipped(data)
    start = data.lstrip()[:1]
    rows = list(read_xml(data) if start == b"<" else read_csv(data))
    if not rows:
        raise NotRates("There are no rates in this file. Use the ECB's eurofxref file.")
    return rows


def unzipped(data: bytes) -> bytes:
    """The one CSV in the archive, at most 64 MiB of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(names) != 1 or archive.getinfo(names[0]).file_size > 64 * 1024 * 1024:
                raise NotRates("The archive should hold one CSV file of rates.")
            return archive.read(names[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise NotRates("The archive cannot be read.") from None


def read_csv(data: bytes) -> Iterator[ROW]:
    """The history file: a head row of currencies, a row for each day."""
    try:
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        nothing: list[str] = []
        first = next(lines, nothing)
        head = [cell.strip() for cell in first]
    except (UnicodeDecodeError, csv.Error):
        raise NotRates("The file is not a CSV of rates.") from None
    if not head or head[0] != "Date":
        raise NotRates("The file's first column should be “Date”.")
    count = 0
    try:
        for cells in lines:
            day = date.fromisoformat(cells[0].strip()) if cells and cells[0].strip() else None
            for currency, cell in zip(head[1:], cells[1:], strict=False):
                if day and is_currency(currency) and (rate := rate_of(cell)):
                    count += 1
                    if count > MOST_ROWS:
                        raise NotRates("The file holds more than a million rates.")
                    yield day, currency, rate
    except (ValueError, csv.Error):
        raise NotRates("A row of the file has no date as YYYY-MM-DD.") from None


def read_xml(data: bytes) -> Iterator[ROW]:
    """The daily or history XML: nested Cube elements with time, currency and rate."""
    for day_cube in parse(data).iter("{*}Cube"):
        if "time" not in day_cube.attrib:
            continue
        try:
            day = date.fromisoformat(str(day_cube.attrib["time"]))
        except ValueError:
            raise NotRates("A day in the file is no date.") from None
        for cube in day_cube.iter("{*}Cube"):
            currency, rate = cube.get("currency", ""), rate_of(cube.get("rate", ""))
            if rate and is_currency(currency):
                yield day, currency, rate


def rate_of(cell: str) -> Decimal | None:
    """The rate in a cell, None where there is none."""
    try:
        rate = decimal_of(cell.strip(), digits=10, places=10)
    except ValueError:
        return None
    return rate if rate > 0 else None
