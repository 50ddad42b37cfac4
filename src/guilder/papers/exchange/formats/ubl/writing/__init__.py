"""Writing UBL 2.1: a paper that is prepared becomes an invoice or a credit note."""

from guilder.papers.exchange.formats.ubl.writing.head import write

__all__ = ("write",)
