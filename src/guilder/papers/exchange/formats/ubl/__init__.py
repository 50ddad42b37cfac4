"""UBL 2.1 invoices and credit notes as EN 16931, Peppol, PINT and XRechnung write them."""

from guilder.papers.exchange.formats.ubl.header import CREDIT_NOTE, INVOICE, read

__all__ = ("CREDIT_NOTE", "INVOICE", "read")
