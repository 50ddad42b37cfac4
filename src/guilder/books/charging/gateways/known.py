"""Which gateways there are, and the one of an account."""

import os
from collections.abc import Mapping

from guilder.books.charging.gateways.adyen import Adyen
from guilder.books.charging.gateways.base import Account, BadKeys, Gateway
from guilder.books.charging.gateways.gocardless import GoCardless
from guilder.books.charging.gateways.manual import Manual
from guilder.books.charging.gateways.mollie import Mollie
from guilder.books.charging.gateways.paypal import PayPal
from guilder.books.charging.gateways.paystack import Paystack
from guilder.books.charging.gateways.razorpay import Razorpay
from guilder.books.charging.gateways.signed import Signed
from guilder.books.charging.gateways.stripe import Stripe
from guilder.kernel.errors import Problem

GATEWAYS: Mapping[str, type[Gateway]] = {
    "stripe": Stripe,
    "mollie": Mollie,
    "paypal": PayPal,
    "gocardless": GoCardless,
    "adyen": Adyen,
    "paystack": Paystack,
    "razorpay": Razorpay,
    "signed": Signed,
    "manual": Manual,
}


def made(kind: str, keys: Mapping[str, str], *, is_live: bool) -> Gateway:
    """The gateway of an account. Raises BadKeys with every fault."""
    wanted = GATEWAYS[kind]
    missing = [
        Problem(f"/keys/{one.name}", "required", "Enter this; the service shows it to you.")
        for one in wanted.keys
        if one.is_needed and not keys.get(one.name, "").strip()
    ]
    if missing:
        raise BadKeys(problems=missing)
    return wanted(Account(keys=keys, is_live=is_live, base=base_of(kind)))


def base_of(kind: str) -> str:
    """Another address of a service, for a proxy or a sandbox of one's own: GUILDER_GATEWAYS is
    "stripe=https://…,mollie=https://…". Only the operator can set it: a key never goes elsewhere
    because of what is stored."""
    pairs = (one.partition("=") for one in os.environ.get("GUILDER_GATEWAYS", "").split(","))
    return {name.strip(): where.strip().rstrip("/") for name, _, where in pairs}.get(kind, "")
