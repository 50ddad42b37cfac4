"""Workflow: what an organization asks for before a document is issued.

Who must agree above which amount is data here; the documents themselves are unknown to this room.
"""
