"""CII D16B cross industry invoices: EN 16931, XRechnung, the profiles of Factur-X and ZUGFeRD 2."""

from guilder.papers.exchange.formats.cii.header import INVOICE, read

__all__ = ("INVOICE", "read")
