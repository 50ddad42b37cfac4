"""Proving everything that must always hold, on live data (DESIGN 3)."""

from guilder.office.backup.calc import Breach
from guilder.office.backup.queries.proving import Proof, invariants, verify

__all__ = ("Breach", "Proof", "invariants", "verify")
