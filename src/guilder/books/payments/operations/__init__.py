"""What can be done with payments: recorded, applied, taken back."""

from guilder.books.payments.operations.applying import NotEnough, allocate_payment
from guilder.books.payments.operations.record import InvalidPayment, record_payment
from guilder.books.payments.operations.reverse import (
    AlreadyReversed,
    reverse_allocation,
    reverse_payment,
)

__all__ = (
    "AlreadyReversed",
    "InvalidPayment",
    "NotEnough",
    "allocate_payment",
    "record_payment",
    "reverse_allocation",
    "reverse_payment",
)
