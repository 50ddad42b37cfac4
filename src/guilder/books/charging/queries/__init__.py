"""Reading charges, disputes, payouts, saved methods and gateways, and their proofs."""

from guilder.books.charging.proofs import PROOFS
from guilder.books.charging.queries.charges import (
    ChargeRecord,
    charges_of,
    get_charge,
    list_charges,
    of_payment,
)
from guilder.books.charging.queries.disputes import (
    DisputeRecord,
    NoSuchDispute,
    get_dispute,
    list_disputes,
    waiting_disputes,
)
from guilder.books.charging.queries.gateways import (
    GatewayRecord,
    get_gateway,
    list_gateways,
    offered,
)
from guilder.books.charging.queries.payouts import (
    NoSuchPayout,
    PayoutRecord,
    expected_payouts,
    get_payout,
    list_payouts,
)
from guilder.books.charging.queries.saved import SavedRecord, get_saved, list_saved

__all__ = (
    "ChargeRecord",
    "DisputeRecord",
    "GatewayRecord",
    "NoSuchDispute",
    "NoSuchPayout",
    "PayoutRecord",
    "SavedRecord",
    "charges_of",
    "expected_payouts",
    "get_charge",
    "get_dispute",
    "get_gateway",
    "get_payout",
    "get_saved",
    "list_charges",
    "list_disputes",
    "list_gateways",
    "list_payouts",
    "list_saved",
    "of_payment",
    "offered",
    "proofs",
    "waiting_disputes",
)


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
