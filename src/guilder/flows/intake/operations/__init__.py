"""Taking papers in, and what becomes of them. `receive` is the one way in, whatever the door."""

from guilder.flows.intake.looking import NotTaken, TooHard
from guilder.flows.intake.operations.archives import Outcome, receive_all
from guilder.flows.intake.operations.billing import (
    AlreadyBilled,
    Disagrees,
    NotForBilling,
    NotKnown,
    bill_by_hand,
    delete_received,
    discard_bill,
    make_bill,
    refuse,
    take_back,
)
from guilder.flows.intake.operations.folder import take_folder
from guilder.flows.intake.operations.mails import MailTooLarge, NothingEnclosed, receive_mail
from guilder.flows.intake.operations.receiving import (
    CHANNELS,
    LARGEST,
    Receipt,
    TooLarge,
    receive,
)

__all__ = (
    "CHANNELS",
    "LARGEST",
    "AlreadyBilled",
    "Disagrees",
    "MailTooLarge",
    "NotForBilling",
    "NotKnown",
    "NotTaken",
    "NothingEnclosed",
    "Outcome",
    "Receipt",
    "TooHard",
    "TooLarge",
    "bill_by_hand",
    "delete_received",
    "discard_bill",
    "make_bill",
    "receive",
    "receive_all",
    "receive_mail",
    "refuse",
    "take_back",
    "take_folder",
)
