"""Entering bills, agreeing to them, booking them, and taking them out again."""

from guilder.books.bills.operations.approvals import (
    approve_bill,
    recall_bill,
    reject_bill,
    submit_bill,
)
from guilder.books.bills.operations.booking import (
    ApprovalDue,
    NoApprovalNeeded,
    NotBooked,
    NotDraft,
    StillPaid,
    book_bill,
    cancel_bill,
)
from guilder.books.bills.operations.credits import NotApplicable, apply_credit, undo_credit
from guilder.books.bills.operations.editing import (
    FiguresStay,
    create_bill,
    delete_bill,
    set_accounts,
    update_bill,
)
from guilder.books.bills.operations.locking import Payable, lock_payables, locked_bill
from guilder.books.bills.operations.recording import (
    AlreadyEntered,
    InvalidBill,
    PaperUsed,
    record_bill,
)
from guilder.books.bills.operations.settling import settle

__all__ = (
    "AlreadyEntered",
    "ApprovalDue",
    "FiguresStay",
    "InvalidBill",
    "NoApprovalNeeded",
    "NotApplicable",
    "NotBooked",
    "NotDraft",
    "PaperUsed",
    "Payable",
    "StillPaid",
    "apply_credit",
    "approve_bill",
    "book_bill",
    "cancel_bill",
    "create_bill",
    "delete_bill",
    "lock_payables",
    "locked_bill",
    "recall_bill",
    "record_bill",
    "reject_bill",
    "set_accounts",
    "settle",
    "submit_bill",
    "undo_credit",
    "update_bill",
)
