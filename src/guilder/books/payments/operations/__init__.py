"""What can be done with payments: recorded, applied, taken back, given back."""

from guilder.books.payments.operations.applying import NotEnough, allocate_payment
from guilder.books.payments.operations.bulk import Receipt, record_many
from guilder.books.payments.operations.paying import (
    InvalidDisbursement,
    NoSuchDisbursement,
    pay_bills,
    repay_disbursement,
    reverse_disbursement,
)
from guilder.books.payments.operations.record import InvalidPayment, record_payment
from guilder.books.payments.operations.refunds import (
    AlreadyDecided,
    InvalidRefund,
    NothingToRefund,
    NotPaid,
    NotReversed,
    OnItsWay,
    OverCredit,
    OwnRefund,
    approve_refund,
    decline_refund,
    held_elsewhere,
    record_refund,
    repay_refund,
    request_refund,
    reverse_refund,
    set_refund_policy,
)
from guilder.books.payments.operations.reverse import (
    AlreadyReversed,
    reverse_allocation,
    reverse_payment,
)

__all__ = (
    "AlreadyDecided",
    "AlreadyReversed",
    "InvalidDisbursement",
    "InvalidPayment",
    "InvalidRefund",
    "NoSuchDisbursement",
    "NotEnough",
    "NotPaid",
    "NotReversed",
    "NothingToRefund",
    "OnItsWay",
    "OverCredit",
    "OwnRefund",
    "Receipt",
    "allocate_payment",
    "approve_refund",
    "decline_refund",
    "held_elsewhere",
    "pay_bills",
    "record_many",
    "record_payment",
    "record_refund",
    "repay_disbursement",
    "repay_refund",
    "request_refund",
    "reverse_allocation",
    "reverse_disbursement",
    "reverse_payment",
    "reverse_refund",
    "set_refund_policy",
)
