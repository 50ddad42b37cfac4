"""CSV and XLSX statements: columns guessed from the file itself, or as a saved profile says."""

from guilder.flows.banking.parsers.tables.columns import Profile, guess
from guilder.flows.banking.parsers.tables.reading import read_table
from guilder.flows.banking.parsers.tables.rows import csv_rows, xlsx_rows

__all__ = ("Profile", "csv_rows", "guess", "read_table", "xlsx_rows")
