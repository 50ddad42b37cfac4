"""Channels: how e-invoices travel, out and in, and every journey of one (a transmission).

Above dispatch, whose mail it uses. The ways themselves are `papers.exchange.transports`; what came
in goes to `flows.intake`, and what the other side says of a document moves its transmission.
"""
