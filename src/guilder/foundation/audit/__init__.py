"""Who did what to which row, before and after; append-only and sealed.

Entries are written in the transaction of the change. A sealer binds them into Merkle roots, each
linked to the one before, so that a changed, missing or planted entry shows.
"""
