"""The rules that are checked on the Document itself, while it is typed: tables of small functions.

Each yields the places where the paper breaks its rule. They say nothing that the official rules
would not say, and are no verdict: what they cannot see, the sheets do.
"""
