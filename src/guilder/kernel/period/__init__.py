"""Time as business counts it: calendar and billing periods, and when money is due.

The clock never lives here: every function takes the dates that it works on.
"""

from guilder.kernel.period.spans import (
    Cycle,
    NotASpan,
    Span,
    Unit,
    add_months,
    calendar_span,
    month_end,
)
from guilder.kernel.period.terms import (
    Due,
    NotTerms,
    Offer,
    Part,
    Terms,
    due_dates,
    due_on,
    offers,
    read_terms,
    terms_dict,
    terms_of,
)

__all__ = (
    "Cycle",
    "Due",
    "NotASpan",
    "NotTerms",
    "Offer",
    "Part",
    "Span",
    "Terms",
    "Unit",
    "add_months",
    "calendar_span",
    "due_dates",
    "due_on",
    "month_end",
    "offers",
    "read_terms",
    "terms_dict",
    "terms_of",
)
