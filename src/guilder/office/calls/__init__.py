"""Calls of the API, kept for a while for those who write programs: what was asked, what was said.

A request's thread puts its call into memory; one thread of the process writes them down together.
"""
