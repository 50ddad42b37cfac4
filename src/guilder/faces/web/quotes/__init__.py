"""Quotes: their list, their page, their acts; written in the same editor as invoices."""
