"""Reports: what the books say, by day, client, item, tax and account.

No tables of its own: set-based reads over invoicing, payments and the ledger, and what is written
out of them for an accountant.
"""
