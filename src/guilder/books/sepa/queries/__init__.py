"""Reading mandates, payment orders and what may be put in them, and their proofs."""

from guilder.books.sepa.calc import words_of
from guilder.books.sepa.proofs import PROOFS
from guilder.books.sepa.queries.mandates import (
    DEFAULT_NOTICE,
    NoSuchMandate,
    expires_on,
    get_mandate,
    list_mandates,
    notice_days,
    standing_of,
)
from guilder.books.sepa.queries.matching import Awaited, awaited
from guilder.books.sepa.queries.orders import (
    Collectable,
    NoSuchBatch,
    NotClosed,
    Payable,
    answers_of,
    collectable,
    file_of,
    get_batch,
    is_ordered,
    items_of,
    items_of_mandate,
    list_batches,
    payable,
)
from guilder.books.sepa.queries.refunds import (
    Refundable,
    accounts_are_told_by,
    is_on_its_way,
    order_of_refund,
    refundable,
)

__all__ = (
    "DEFAULT_NOTICE",
    "Awaited",
    "Collectable",
    "NoSuchBatch",
    "NoSuchMandate",
    "NotClosed",
    "Payable",
    "Refundable",
    "accounts_are_told_by",
    "answers_of",
    "awaited",
    "collectable",
    "expires_on",
    "file_of",
    "get_batch",
    "get_mandate",
    "is_on_its_way",
    "is_ordered",
    "items_of",
    "items_of_mandate",
    "list_batches",
    "list_mandates",
    "notice_days",
    "order_of_refund",
    "payable",
    "proofs",
    "refundable",
    "standing_of",
    "words_of",
)


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
