"""Reading bank accounts, statements, lines, and what lines probably are."""

from guilder.flows.banking.calc import EXACT, Part, Proposal, Reason
from guilder.flows.banking.proofs import PROOFS
from guilder.flows.banking.queries.accounts import (
    AccountFigures,
    NoSuchBankAccount,
    figures,
    get_account,
    list_accounts,
    open_counts,
)
from guilder.flows.banking.queries.gathering import gather, line_fact
from guilder.flows.banking.queries.lines import (
    NoSuchLine,
    get_line,
    list_lines,
    open_lines,
    proposals,
)
from guilder.flows.banking.queries.payers import payer_accounts
from guilder.flows.banking.queries.rules import NoSuchRule, get_rule, list_rules
from guilder.flows.banking.queries.statements import (
    NoSuchStatement,
    gaps,
    get_statement,
    list_statements,
    profiles,
)

__all__ = (
    "EXACT",
    "AccountFigures",
    "NoSuchBankAccount",
    "NoSuchLine",
    "NoSuchRule",
    "NoSuchStatement",
    "Part",
    "Proposal",
    "Reason",
    "figures",
    "gaps",
    "gather",
    "get_account",
    "get_line",
    "get_rule",
    "get_statement",
    "line_fact",
    "list_accounts",
    "list_lines",
    "list_rules",
    "list_statements",
    "open_counts",
    "open_lines",
    "payer_accounts",
    "profiles",
    "proofs",
    "proposals",
)


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
