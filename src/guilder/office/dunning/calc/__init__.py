"""Pure rules of reminders: which step is due, what interest has grown, what the law allows."""

from guilder.office.dunning.calc.interest import (
    Grown,
    NoRate,
    Principal,
    Rate,
    Span,
    interest,
)
from guilder.office.dunning.calc.ladder import (
    Step,
    due_step,
    next_step,
    stages,
)
from guilder.office.dunning.calc.statutes import (
    REFERENCES,
    STATUTES,
    Reference,
    Statute,
    lump_sum,
    rates_of,
    statute_of,
)

__all__ = (
    "REFERENCES",
    "STATUTES",
    "Grown",
    "NoRate",
    "Principal",
    "Rate",
    "Reference",
    "Span",
    "Statute",
    "Step",
    "due_step",
    "interest",
    "lump_sum",
    "next_step",
    "rates_of",
    "stages",
    "statute_of",
)
