"""Numbering: series of legal numbers without a gap.

A counter row per series and period also holds the head of the hash chain; it is moved by the last
statement before commit. Documents of an earlier system keep their old numbers outside the chain.
"""
