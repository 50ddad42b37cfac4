"""Proving everything that must always hold, on live data (DESIGN 3); what an export holds."""

from guilder.office.backup.calc import Breach
from guilder.office.backup.exporting import tables
from guilder.office.backup.queries.proving import Proof, invariants, verify

__all__ = ("Breach", "Proof", "exported_tables", "invariants", "verify")


def exported_tables() -> int:
    """How many tables an export has: its steps."""
    return len(tables())
