"""Gateways, charges and what was told of them; how clients may pay."""

from guilder.books.charging.models.charges import (
    Charge,
    Chargeback,
    ChargeShare,
    Gateway,
    GatewayEvent,
    GivenBack,
    Payout,
    State,
)
from guilder.books.charging.models.clients import ClientMethods, SavedMethod

__all__ = (
    "Charge",
    "ChargeShare",
    "Chargeback",
    "ClientMethods",
    "Gateway",
    "GatewayEvent",
    "GivenBack",
    "Payout",
    "SavedMethod",
    "State",
)
