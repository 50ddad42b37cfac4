"""Reading charges, chargebacks, payouts, saved methods and gateways, and their proofs."""

from guilder.books.charging.proofs import PROOFS
from guilder.books.charging.queries.allowed import METHODS, Allowed, client_methods
from guilder.books.charging.queries.chargebacks import (
    ChargebackRecord,
    NoSuchChargeback,
    get_chargeback,
    list_chargebacks,
    waiting_chargebacks,
)
from guilder.books.charging.queries.charges import (
    ChargeRecord,
    charges_of,
    get_charge,
    list_charges,
    of_payment,
)
from guilder.books.charging.queries.gateways import (
    GatewayRecord,
    get_gateway,
    kinds,
    list_gateways,
    methods_of,
    offered,
    title_of,
)
from guilder.books.charging.queries.payouts import (
    NoSuchPayout,
    PayoutRecord,
    expected_payouts,
    get_payout,
    list_payouts,
)
from guilder.books.charging.queries.saved import SavedRecord, get_saved, list_saved
from guilder.books.charging.queries.setups import (
    NoSuchSetup,
    SetupRecord,
    get_setup,
    list_setups,
    setup_offers,
)

__all__ = (
    "METHODS",
    "Allowed",
    "ChargeRecord",
    "ChargebackRecord",
    "GatewayRecord",
    "NoSuchChargeback",
    "NoSuchPayout",
    "NoSuchSetup",
    "PayoutRecord",
    "SavedRecord",
    "SetupRecord",
    "charges_of",
    "client_methods",
    "expected_payouts",
    "get_charge",
    "get_chargeback",
    "get_gateway",
    "get_payout",
    "get_saved",
    "get_setup",
    "kinds",
    "list_chargebacks",
    "list_charges",
    "list_gateways",
    "list_payouts",
    "list_saved",
    "list_setups",
    "methods_of",
    "of_payment",
    "offered",
    "proofs",
    "setup_offers",
    "title_of",
    "waiting_chargebacks",
)


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
