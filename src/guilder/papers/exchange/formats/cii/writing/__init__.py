"""Writing CII D16B: a paper that is prepared becomes one in the profile that is asked for."""

from guilder.papers.exchange.formats.cii.writing.head import write

__all__ = ("write",)
