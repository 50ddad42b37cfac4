"""What a bank line probably pays, and why: pure rules on what was gathered before."""

from guilder.flows.banking.calc.facts import (
    Card,
    Debt,
    Departed,
    Early,
    Known,
    Line,
    Ordered,
    Part,
    Payable,
    Proposal,
    Reason,
    Recorded,
    Returned,
    RuleFact,
    Spent,
)
from guilder.flows.banking.calc.returning import is_told_back
from guilder.flows.banking.calc.same import fingerprint, is_same
from guilder.flows.banking.calc.score import EXACT, propose, propose_all, settled_by_name
from guilder.flows.banking.calc.words import digit_keys, name_key, names_agree, number_key

__all__ = (
    "EXACT",
    "Card",
    "Debt",
    "Departed",
    "Early",
    "Known",
    "Line",
    "Ordered",
    "Part",
    "Payable",
    "Proposal",
    "Reason",
    "Recorded",
    "Returned",
    "RuleFact",
    "Spent",
    "digit_keys",
    "fingerprint",
    "is_same",
    "is_told_back",
    "name_key",
    "names_agree",
    "number_key",
    "propose",
    "propose_all",
    "settled_by_name",
)
