"""Invoicing: quotes, invoices, credit and debit notes, deposits, pro formas.

A draft may change; issuing gives it its number, freezes it in canonical JSON under a hash chain and
posts it, in one statement. What is issued never changes: corrections are new papers.
"""
