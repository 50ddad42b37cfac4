"""Plans of prepared statements, made anew while the tables grow.

The server keeps the plan of a prepared statement, and of every statement inside a trigger, until
the table is analysed. On empty tables all indexes cost the same and any of them may be chosen: one
that reads all of an organization's rows is noticed when there are thousands.
"""

from typing import Any

# After so many transactions a connection forgets its plans; making them again costs it some
# milliseconds each time.
FORGETS_AFTER = frozenset(50 * 2**n for n in range(10))
FORGET = b"DISCARD PLANS"


class Counted:
    """How many transactions a connection to the server has begun."""

    __slots__ = ("count", "plain")

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self.count = 0


def freshen(connection: Any) -> None:
    """Count a transaction of Django's `connection`, about to begin; now and then its plans go."""
    plain = connection.connection
    if plain is None or connection.in_atomic_block:
        return
    counted = getattr(connection, "guilder_counted", None)
    if counted is None or counted.plain is not plain:
        counted = connection.guilder_counted = Counted(plain)
    counted.count += 1
    if counted.count in FORGETS_AFTER and not plain.closed:
        plain.pgconn.exec_(FORGET)
