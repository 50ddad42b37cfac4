"""The desk: what people keep beside the books.

Saved views, preferences, comments, attached files, the inbox of each person, and how far a
background job is. Nothing here moves money; every row belongs to a person or to a thing.
"""
