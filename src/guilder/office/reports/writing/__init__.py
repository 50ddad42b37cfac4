"""Reports as files: CSV, XLSX and PDF, each from the same table."""

from guilder.office.reports.writing.csv import write_csv, write_journal
from guilder.office.reports.writing.pdf import write_pdf
from guilder.office.reports.writing.xlsx import write_xlsx

__all__ = ("write_csv", "write_journal", "write_pdf", "write_xlsx")
