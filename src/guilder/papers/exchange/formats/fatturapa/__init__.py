"""FatturaPA 1.2: what the Italian Sistema di Interscambio takes, for firms and authorities."""

from guilder.papers.exchange.formats.fatturapa.reading import ROOTS, read
from guilder.papers.exchange.formats.fatturapa.writing import write

__all__ = ("ROOTS", "read", "write")
