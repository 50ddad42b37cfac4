"""Stored bytes, addressed by their SHA-256: never overwritten, checked whenever they are read.

The row says to which organization a file belongs; the bytes lie in a folder or an object store.
"""
