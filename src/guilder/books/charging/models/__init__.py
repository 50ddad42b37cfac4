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
from guilder.books.charging.models.setups import MethodSetup

__all__ = (
    "Charge",
    "ChargeShare",
    "Chargeback",
    "ClientMethods",
    "Gateway",
    "GatewayEvent",
    "GivenBack",
    "MethodSetup",
    "Payout",
    "SavedMethod",
    "State",
)
