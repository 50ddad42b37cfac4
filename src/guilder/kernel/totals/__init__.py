"""Completing a paper and judging its figures, as EN 16931-1 sections 6 and 7 say.

`calculate` fills nets, taxes and totals; `check` names what breaks the standard's rules;
`differences` compares two sets of totals. All pure, all in whole minor units.
"""

from guilder.kernel.totals.checks import check, differences, instalment_problems
from guilder.kernel.totals.parts import Incalculable
from guilder.kernel.totals.sums import calculate, early_discount

__all__ = (
    "Incalculable",
    "calculate",
    "check",
    "differences",
    "early_discount",
    "instalment_problems",
)
