"""What can be done with mandates and payment orders."""

from guilder.books.sepa.calc import UnreadableAnswer
from guilder.books.sepa.operations.answering import (
    AnswerIsNotOurs,
    receive_answer,
    reject_order,
)
from guilder.books.sepa.operations.batches import (
    InvalidOrder,
    NotADraft,
    create_collection,
    create_transfer,
    drop_order,
    earliest,
    redate,
)
from guilder.books.sepa.operations.booking import (
    book_due,
    note_again,
    note_reversed,
    return_payment,
    return_transfer,
)
from guilder.books.sepa.operations.erasing import strip_mandates
from guilder.books.sepa.operations.handing import (
    BookedAlready,
    NeedsApproval,
    NotClosedYet,
    OwnOrder,
    PaidMeanwhile,
    TooLate,
    approve,
    cancel,
    close,
    hand_over,
)
from guilder.books.sepa.operations.mandates import (
    InvalidMandate,
    MandateIsOver,
    MandateTaken,
    end_mandate,
    save_mandate,
    set_policy,
)

__all__ = (
    "AnswerIsNotOurs",
    "BookedAlready",
    "InvalidMandate",
    "InvalidOrder",
    "MandateIsOver",
    "MandateTaken",
    "NeedsApproval",
    "NotADraft",
    "NotClosedYet",
    "OwnOrder",
    "PaidMeanwhile",
    "TooLate",
    "UnreadableAnswer",
    "approve",
    "book_due",
    "cancel",
    "close",
    "create_collection",
    "create_transfer",
    "drop_order",
    "earliest",
    "end_mandate",
    "hand_over",
    "note_again",
    "note_reversed",
    "receive_answer",
    "redate",
    "reject_order",
    "return_payment",
    "return_transfer",
    "save_mandate",
    "set_policy",
    "strip_mandates",
)
