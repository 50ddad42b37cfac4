"""Bank statements: read in every usual format, booked once, matched with what is open.

`parsers` turns bytes into a StatementFile, `calc` says what a line probably pays and why, the
operations import, match, undo and learn. Money moves through books.payments and books.ledger only.
"""
