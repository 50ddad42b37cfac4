"""Taking papers in, and what becomes of them. `receive` is the one way in, whatever the door."""

from guilder.flows.intake.looking import NotTaken, TooHard
from guilder.flows.intake.operations.receiving import (
    CHANNELS,
    LARGEST,
    Receipt,
    TooLarge,
    receive,
)

__all__ = (
    "CHANNELS",
    "LARGEST",
    "NotTaken",
    "Receipt",
    "TooHard",
    "TooLarge",
    "receive",
)
