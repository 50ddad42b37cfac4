"""Proving the books, saving them, bringing them back, and handing them out whole.

No tables of its own: it reads what all the rooms below keep, and runs the proofs that they publish.
"""
