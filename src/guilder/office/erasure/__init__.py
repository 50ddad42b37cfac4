"""Erasure: what a person may have erased, held against what the law wants kept.

It has no tables: it asks the books what must stay, and has the rooms below take away the rest.
"""
