"""Papers of other programs as drafts and as history, and the balances of an earlier system."""

from guilder.office.importing.operations.drafting import Disagrees, Importer, WhoseSide, failed
from guilder.office.importing.operations.takeover import (
    NotOurs,
    StillOpen,
    Takeover,
    TaxUnknown,
    open_books,
    still_open,
)
from guilder.office.importing.tables import UnreadableList, amounts

__all__ = (
    "Disagrees",
    "Importer",
    "NotOurs",
    "StillOpen",
    "Takeover",
    "TaxUnknown",
    "UnreadableList",
    "WhoseSide",
    "amounts",
    "failed",
    "open_books",
    "still_open",
)
