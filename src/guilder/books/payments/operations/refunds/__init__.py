"""Giving money back: asked for, decided by another where that is wanted, paid, reversed."""

from guilder.books.payments.operations.refunds.asking import (
    InvalidRefund,
    record_refund,
    request_refund,
    set_refund_policy,
)
from guilder.books.payments.operations.refunds.deciding import (
    AlreadyDecided,
    OwnRefund,
    approve_refund,
    decline_refund,
)
from guilder.books.payments.operations.refunds.paying import NothingToRefund, OverCredit
from guilder.books.payments.operations.refunds.reversing import (
    NotPaid,
    NotReversed,
    OnItsWay,
    held_elsewhere,
    repay_refund,
    reverse_refund,
)

__all__ = (
    "AlreadyDecided",
    "InvalidRefund",
    "NotPaid",
    "NotReversed",
    "NothingToRefund",
    "OnItsWay",
    "OverCredit",
    "OwnRefund",
    "approve_refund",
    "decline_refund",
    "held_elsewhere",
    "record_refund",
    "repay_refund",
    "request_refund",
    "reverse_refund",
    "set_refund_policy",
)
