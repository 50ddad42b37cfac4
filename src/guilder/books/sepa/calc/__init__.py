"""Pure rules of SEPA: days, mandates, files out and in, reasons."""

from guilder.books.sepa.calc.answers import Report, UnreadableAnswer, Verdict, read
from guilder.books.sepa.calc.latin import identifier, latin
from guilder.books.sepa.calc.mandates import (
    LEAD_DAYS,
    REFERENCE,
    expires_on,
    is_reached,
    months_before,
    sequence,
    standing,
)
from guilder.books.sepa.calc.messages import (
    VERSIONS,
    Group,
    Leave,
    Message,
    Order,
    Side,
    write,
)
from guilder.books.sepa.calc.reasons import is_hard, words_of
from guilder.books.sepa.calc.target import is_open, open_days_after, open_from

__all__ = (
    "LEAD_DAYS",
    "REFERENCE",
    "VERSIONS",
    "Group",
    "Leave",
    "Message",
    "Order",
    "Report",
    "Side",
    "UnreadableAnswer",
    "Verdict",
    "expires_on",
    "identifier",
    "is_hard",
    "is_open",
    "is_reached",
    "latin",
    "months_before",
    "open_days_after",
    "open_from",
    "read",
    "sequence",
    "standing",
    "words_of",
    "write",
)
