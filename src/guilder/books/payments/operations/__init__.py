"""What can be done with payments: recorded, applied, taken back, given back."""

from guilder.books.payments.operations.applying import NotEnough, allocate_payment
from guilder.books.payments.operations.bulk import Receipt, record_many
from guilder.books.payments.operations.paying import (
    InvalidDisbursement,
    NoSuchDisbursement,
    pay_bills,
    reverse_disbursement,
)
from guilder.books.payments.operations.record import InvalidPayment, record_payment
from guilder.books.payments.operations.refunds import (
    AlreadyDecided,
    InvalidRefund,
    NothingToRefund,
    NotPaid,
    OverCredit,
    OwnRefund,
    approve_refund,
    decline_refund,
    record_refund,
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
    "NothingToRefund",
    "OverCredit",
    "OwnRefund",
    "Receipt",
    "allocate_payment",
    "approve_refund",
    "decline_refund",
    "pay_bills",
    "record_many",
    "record_payment",
    "record_refund",
    "request_refund",
    "reverse_allocation",
    "reverse_disbursement",
    "reverse_payment",
    "reverse_refund",
    "set_refund_policy",
)
