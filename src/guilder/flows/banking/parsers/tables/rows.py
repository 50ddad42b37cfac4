"""Bytes as rows of text: CSV of any delimiter and encoding, and the first sheet of an XLSX."""

import csv
import io
import re
import zipfile
from collections import Counter
from datetime import date, timedelta

from guilder.flows.banking.parsers.record import UnreadableStatement
from guilder.kernel import xml
from guilder.kernel.xml import local_name

DELIMITERS = (";", ",", "\t", "|")
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200_000, 200, 20_000
MOST_UNPACKED = 256 * 1024 * 1024
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
# Built-in formats 14–17 and 22 are days; own formats are days where they name a year or a day.
DAY_FORMATS = frozenset((14, 15, 16, 17, 22, 27, 30, 36, 50, 57))
EPOCH = date(1899, 12, 30)  # day 0 of the 1900 system, its 29 February 1900 counted

Rows = list[list[str]]


def text_of(data: bytes) -> str:
    """The text of bytes that say nothing of their encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def csv_rows(content: str) -> Rows:
    """The rows of a CSV text; the delimiter is the one that most lines agree on."""
    if "\0" in content:
        raise UnreadableStatement("This is no text file.")
    lines = content.replace("\r\n", "\n").replace("\r", "\n")
    rows: Rows = []
    reader = csv.reader(io.StringIO(lines), delimiter=delimiter_of(lines))
    try:
        for row in reader:
            if len(rows) >= MOST_ROWS:
                raise UnreadableStatement(f"A table has at most {MOST_ROWS:,} rows. Split it.")
            rows.append([cell.strip()[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]])
    except csv.Error as error:
        raise UnreadableStatement(f"This CSV cannot be read: {error}.") from None
    return rows


def delimiter_of(lines: str) -> str:
    """The delimiter which splits the most lines into the same number of cells, above one."""
    sample = [line for line in lines[:200_000].split("\n")[:60] if line.strip()]

    def score(mark: str) -> tuple[int, int]:
        counts = Counter(line.count(mark) for line in sample if mark in line)
        number, times = max(counts.items(), key=lambda one: one[0] * one[1], default=(0, 0))
        return number * times, number

    return max(DELIMITERS, key=score)


def xlsx_rows(data: bytes) -> Rows:
    """The rows of the first sheet; days as ISO dates. Raises UnreadableStatement."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableStatement("Unpacked, this workbook is too large.")
            names = set(archive.namelist())
            sheet = min(
                (one for one in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one)),
                key=lambda one: int(re.sub(r"\D", "", one)),
                default="",
            )
            if not sheet:
                raise UnreadableStatement("This is no Excel workbook with a sheet.")
            shared = shared_texts(archive) if "xl/sharedStrings.xml" in names else []
            days = day_styles(archive) if "xl/styles.xml" in names else set[int]()
            return cells_of(archive.read(sheet), shared, days)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError):
        raise UnreadableStatement("This workbook is damaged or locked by a password.") from None


def shared_texts(archive: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number."""
    root = xml.parse(archive.read("xl/sharedStrings.xml"))
    return [
        "".join(part.text or "" for part in node.iter() if local_name(part) == "t")
        for node in root
        if local_name(node) == "si"
    ]


def day_styles(archive: zipfile.ZipFile) -> set[int]:
    """The numbers of the styles which show a number as a day."""
    root = xml.parse(archive.read("xl/styles.xml"))
    own = {
        int(node.get("numFmtId") or 0)
        for node in root.iter()
        if local_name(node) == "numFmt" and is_day_format(node.get("formatCode") or "")
    }
    formats = next((node for node in root if local_name(node) == "cellXfs"), None)
    found: set[int] = set()
    for place, style in enumerate(formats if formats is not None else ()):
        number = int(style.get("numFmtId") or 0)
        if number in DAY_FORMATS or number in own:
            found.add(place)
    return found


def is_day_format(code: str) -> bool:
    """Whether a number format of the workbook's own shows a day."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code.lower())
    return "yy" in bare or "d" in bare


def cells_of(data: bytes, shared: list[str], days: set[int]) -> Rows:
    """The rows of a sheet, empty cells filled in."""
    rows: Rows = []
    for node in xml.parse(data).iter():
        if local_name(node) != "row":
            continue
        if len(rows) >= MOST_ROWS:
            raise UnreadableStatement(f"A table has at most {MOST_ROWS:,} rows. Split it.")
        row: list[str] = []
        for cell in node:
            at = column_of(cell.get("r") or "", default=len(row))
            if at >= MOST_COLUMNS:
                break
            row.extend([""] * (at - len(row)))
            row.append(value_of(cell, shared, days)[:LONGEST_CELL])
        rows.append(row)
    return rows


def column_of(reference: str, *, default: int) -> int:
    """0 for "A7", 27 for "AB7"."""
    found = REFERENCE.match(reference)
    if found is None:
        return default
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def value_of(cell: xml.Element, shared: list[str], days: set[int]) -> str:
    """What a cell shows, as text."""
    texts = {local_name(part): part for part in cell}
    raw = (texts["v"].text or "").strip() if "v" in texts else ""
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter() if local_name(part) == "t").strip()
    if kind == "s":
        return shared[int(raw)].strip() if raw.isdecimal() and int(raw) < len(shared) else ""
    if kind == "n" and raw and int(cell.get("s") or 0) in days:
        whole = raw.split(".")[0]
        if whole.isdecimal() and int(whole) < 100_000:
            return (EPOCH + timedelta(days=int(whole))).isoformat()
    return shortened(raw) if kind == "n" else raw


def shortened(raw: str) -> str:
    """A number without the tail that binary fractions leave: 12.300000000000001 is 12.3."""
    whole, point, rest = raw.partition(".")
    if not point or len(rest) < 10 or not rest.isdecimal():
        return raw
    kept = f"{int(rest[:9]) + (rest[9] >= '5'):09d}"
    return f"{whole}.{kept}".rstrip("0").rstrip(".") if len(kept) == 9 else str(int(whole) + 1)
