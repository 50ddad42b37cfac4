"""Reading bills: one, some by what is asked, what is open, and where lines usually go."""

from guilder.books.bills.proofs import PROOFS
from guilder.books.bills.queries.lists import (
    BillFilter,
    BillSums,
    bill_counts,
    bill_sort_value,
    list_bills,
    page_of_bills,
    sums_of,
)
from guilder.books.bills.queries.reads import (
    NoSuchBill,
    approvals_of,
    bill_of_paper,
    credits_of,
    get_bill,
    has_bills,
    open_by_supplier,
    open_of_supplier,
    same_bill,
    usual_accounts,
    visible,
)

__all__ = (
    "BillFilter",
    "BillSums",
    "NoSuchBill",
    "approvals_of",
    "bill_counts",
    "bill_of_paper",
    "bill_sort_value",
    "credits_of",
    "get_bill",
    "has_bills",
    "list_bills",
    "open_by_supplier",
    "open_of_supplier",
    "page_of_bills",
    "proofs",
    "same_bill",
    "sums_of",
    "usual_accounts",
    "visible",
)


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
