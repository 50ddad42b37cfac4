"""SEPA: mandates of clients, and orders to the bank as files: direct debits and credit transfers.

What the bank answers (pain.002, returned debits) closes each order or opens its paper again.
"""
