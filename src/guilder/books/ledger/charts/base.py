"""What a line of a chart is, and the roles that every chart fills."""

from typing import NamedTuple

# What the program books by itself. A role may be narrowed by tax category and rate:
# "revenue.S.19" before "revenue.S" before "revenue".
ROLES = (
    "receivables",
    "revenue",
    "tax",
    "bank",
    "cash",
    "transit",
    "customer_credit",
    "deposits",
    "prepaid",
    "withheld",
    "rounding",
    "exchange",
    "bad_debt",
    "opening",
    "payables",
    "expense",
    "input_tax",
    "own_tax",
    "advances",
)


class Line(NamedTuple):
    """One account of a chart."""

    code: str
    name: str
    kind: str
    role: str = ""
