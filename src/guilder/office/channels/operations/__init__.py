"""Writing channels: kept, agreed on, sent by, collected from, answered."""

from guilder.office.channels.operations.agreements import set_agreement
from guilder.office.channels.operations.answering import (
    NotAnswerable,
    NothingSent,
    answer,
    answer_by_itself,
)
from guilder.office.channels.operations.arriving import collect, hand_on, take_call
from guilder.office.channels.operations.channels import (
    InUse,
    NameTaken,
    TooManyChannels,
    create_channel,
    delete_channel,
    try_channel,
    update_channel,
)
from guilder.office.channels.operations.delivering import follow_mail, transmit
from guilder.office.channels.operations.sending import (
    Sending,
    SentMany,
    send_invoice,
    send_invoices,
)
from guilder.office.channels.operations.stopping import (
    TooLate,
    cancel_transmission,
    retry_transmission,
)

__all__ = (
    "InUse",
    "NameTaken",
    "NotAnswerable",
    "NothingSent",
    "Sending",
    "SentMany",
    "TooLate",
    "TooManyChannels",
    "answer",
    "answer_by_itself",
    "cancel_transmission",
    "collect",
    "create_channel",
    "delete_channel",
    "follow_mail",
    "hand_on",
    "retry_transmission",
    "send_invoice",
    "send_invoices",
    "set_agreement",
    "take_call",
    "transmit",
    "try_channel",
    "update_channel",
)
