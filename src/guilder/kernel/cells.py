"""Text in the cells of a table that people open: never a formula (CWE-1236, ASVS 5.0 1.2.10)."""

# What spreadsheets run, in both widths; an apostrophe before it makes it text.
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """`text` as no spreadsheet runs it."""
    return f"'{text}" if text.startswith(LIVE) else text
