"""KSeF: the Polish structured invoice, FA(3) written, FA(2) and FA(3) read."""

from guilder.papers.exchange.formats.ksef.reading import ROOTS, read
from guilder.papers.exchange.formats.ksef.writing import write

__all__ = ("ROOTS", "read", "write")
