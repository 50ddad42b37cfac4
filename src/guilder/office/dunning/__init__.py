"""Dunning: clients are reminded of what they owe, step by step, each step once for ever.

Ladders say when and how; pauses, promises and disputes say when not. Interest and fees are reckoned
by the law of the country or by contract, from rates that carry their source.
"""
