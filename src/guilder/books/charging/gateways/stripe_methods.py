"""What Stripe calls ways to pay, and keeping one without a payment: Checkout in setup mode.

docs.stripe.com/payments/save-and-reuse and /payments/checkout/save-during-setup: a SetupIntent
authenticates the card (3-D Secure) or takes the mandate of a direct debit, and charges nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from guilder.books.charging.gateways.base import Kept, Report, Setup

METHODS = {"card": "card", "direct_debit": "sepa_debit"}
OURS = {"card": "card", "sepa_debit": "direct_debit", "bacs_debit": "direct_debit",
        "us_bank_account": "direct_debit", "customer_balance": "bank_transfer"}  # fmt: skip
# Direct debits are another scheme in each currency.
DEBITS = {"EUR": "sepa_debit", "GBP": "bacs_debit", "USD": "us_bank_account"}
SETS_UP = MappingProxyType({"card": (), "direct_debit": tuple(DEBITS)})
LANGUAGES = frozenset({"de", "fr", "es", "nl"})
SETUP_EXPAND = {"expand": ["setup_intent.payment_method"]}
DECIDED = {"canceled": "failed"}


def locale_of(language: str) -> str:
    """The language of a page of Checkout."""
    return language if language in LANGUAGES else "auto"


def type_of(method: str, currency: str) -> str:
    """What a method is called there."""
    if method == "direct_debit":
        return DEBITS.get(currency, "sepa_debit")
    return METHODS.get(method, "card")


def setup_wanted(setup: Setup) -> dict[str, Any]:
    """The values of a page of Checkout that only keeps; a customer is made for it."""
    return {
        "mode": "setup",
        "client_reference_id": setup.key,
        "customer_email": setup.email or None,
        "customer_creation": "always",
        "payment_method_types": [type_of(setup.method, setup.currency)],
        "setup_intent_data": {
            "description": setup.description or None,
            "metadata": {"setup": setup.key},
        },
        "metadata": {"setup": setup.key},
        "success_url": setup.back_url,
        "cancel_url": setup.back_url,
        "locale": locale_of(setup.language),
    }


def setup_told(found: Mapping[str, Any]) -> Report:
    """What a page of Checkout says of the way to pay; an open one may still be tried again."""
    intent = found.get("setup_intent")
    intent = intent if isinstance(intent, Mapping) else {}
    method = intent.get("payment_method")
    customer = intent.get("customer") or found.get("customer")
    error = intent.get("last_setup_error") or {}
    kept = None
    if intent.get("status") == "succeeded" and customer and isinstance(method, Mapping):
        kept = kept_method(method, str(customer))
    if kept is not None:
        state = "succeeded"
    elif found.get("status") == "expired":
        state = "failed"
    else:
        state = DECIDED.get(str(intent.get("status")), "pending")
    return Report(
        state=state,
        provider_id=str(found["id"]),
        url=str(found.get("url") or ""),
        is_live=found.get("livemode"),
        failure=str(error.get("decline_code") or error.get("code") or "expired")[:80]
        if state == "failed"
        else "",
        kept=kept,
    )


def kept_method(method: Mapping[str, Any], customer: str) -> Kept:
    """A method of a customer by our names."""
    kind = str(method.get("type", ""))
    about = method.get(kind) or {}
    who = about.get("brand") or about.get("bank_name") or about.get("country") or ""
    return Kept(
        customer=customer,
        token=str(method["id"]),
        method=OURS.get(kind, "online"),
        label=f"{who} •••• {about.get('last4', '')}".strip()[:60],
    )


def kept_of(intent: Mapping[str, Any]) -> Kept | None:
    """The method that may be charged again."""
    method, customer = intent.get("payment_method"), intent.get("customer")
    if not intent.get("setup_future_usage") or not customer or not isinstance(method, Mapping):
        return None
    return kept_method(method, str(customer))
