"""The ledger: accounts, entries and postings in double entry, append-only.

Every entry balances per currency and in the organization's base currency; a locked period takes no
entry any more. Corrections are new entries.
"""
