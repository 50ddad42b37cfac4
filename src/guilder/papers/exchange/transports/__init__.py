"""Transports: how a document travels. One protocol (`base`), one file for each way.

A transport knows no table: it gets a parcel and its settings, and says what became of it. Others
join by the entry point group `guilder.transports`.
"""
