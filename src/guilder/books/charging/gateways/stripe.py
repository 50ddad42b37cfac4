"""Stripe: Checkout for clients, PaymentIntents for kept methods. API of docs.stripe.com."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import (
    Account,
    Back,
    BadCall,
    BadKeys,
    Call,
    Contest,
    Kept,
    Key,
    Order,
    PaidOut,
    Ref,
    Report,
    Setup,
    Told,
)
from guilder.books.charging.gateways.stripe_methods import (
    METHODS,
    OURS,
    SETS_UP,
    SETUP_EXPAND,
    kept_of,
    locale_of,
    setup_told,
    setup_wanted,
    type_of,
)
from guilder.kernel.money import Money

BASE = "https://api.stripe.com"
VERSION = "2024-06-20"
# Currencies that Stripe counts in other units than ISO 4217 (docs.stripe.com/currencies).
PLACES = {"ISK": 2, "UGX": 2}
INTENTS = {
    "succeeded": "succeeded",
    "canceled": "failed",
    "processing": "pending",
    "requires_payment_method": "pending",
    "requires_confirmation": "pending",
    "requires_action": "pending",
    "requires_capture": "pending",
}
BACKS = {"succeeded": "succeeded", "pending": "pending", "requires_action": "pending",
         "failed": "failed", "canceled": "failed"}  # fmt: skip
DISPUTES = {
    "warning_needs_response": "open", "needs_response": "open", "warning_under_review": "review",
    "under_review": "review", "warning_closed": "won", "won": "won", "lost": "lost",
}  # fmt: skip
# Declines after which schemes forbid another attempt (docs.stripe.com/declines/codes).
HARD = (
    "lost_card", "stolen_card", "pickup_card", "fraudulent", "invalid_account", "expired_card",
    "incorrect_number", "restricted_card", "security_violation", "transaction_not_allowed",
    "revocation_of_authorization", "revocation_of_all_authorizations", "stop_payment_order",
    "account_closed", "debit_not_authorized", "no_account", "do_not_try_again",
)  # fmt: skip


class Stripe(wire.Quiet):
    """An account at Stripe."""

    title: ClassVar[str] = "Stripe"
    keys: ClassVar[tuple[Key, ...]] = (Key("secret_key"), Key("webhook_secret"))
    methods: ClassVar[tuple[str, ...]] = ("card", "direct_debit", "bank_transfer", "online")
    refunds: ClassVar[bool] = True
    keeps: ClassVar[bool] = True
    sets_up: ClassVar[Mapping[str, Sequence[str]]] = SETS_UP

    def __init__(self, account: Account) -> None:
        self.base = account.base or BASE
        self.is_live = account.is_live
        self.key = account.keys["secret_key"].strip()
        self.hook_secret = account.keys["webhook_secret"].strip()
        wanted = ("sk_live_", "rk_live_") if account.is_live else ("sk_test_", "rk_test_")
        if not self.key.startswith(wanted):
            raise BadKeys(f"A key of this mode begins with {wanted[0]}.")

    def send(self, method: str, path: str, values: Mapping[str, Any] | None = None, *,
             key: str = "") -> tuple[int, Any]:  # fmt: skip
        """One call; values go as a form, or as the query of a read."""
        headers = {"Authorization": f"Bearer {self.key}", "Stripe-Version": VERSION}
        if key:
            headers["Idempotency-Key"] = key
        fields = list(wire.flat(values or {}))
        if method == "GET":
            query = dict(fields) or None
            return wire.call(method, f"{self.base}{path}", headers=headers, query=query)
        return wire.call(method, f"{self.base}{path}", headers=headers, form=fields)

    def read_one(self, path: str, values: Mapping[str, Any] | None = None) -> Any:
        """An object, or None where there is none of that name."""
        status, found = self.send("GET", path, values)
        if status == 404:
            return None
        return answered(status, found)

    def test(self) -> str:
        """The name of the account."""
        found = answered(*self.send("GET", "/v1/account"))
        profile = found.get("business_profile") or {}
        return str(profile.get("name") or found.get("email") or found.get("id", ""))

    def start(self, order: Order) -> Report:
        """A page of Checkout, or a charge of the kept method."""
        if order.kept is not None:
            return self.collect(order, order.kept)
        about = {"metadata": {"charge": order.key}, "description": order.description}
        if order.keeps_method:
            about["setup_future_usage"] = "off_session"
        kind = METHODS.get(order.method)
        status, found = self.send(
            "POST",
            "/v1/checkout/sessions",
            {
                "mode": "payment",
                "client_reference_id": order.key,
                "customer_email": order.email or None,
                "customer_creation": "always" if order.keeps_method else None,
                "payment_method_types": [kind] if kind else None,
                "line_items": [{"quantity": 1, "price_data": priced(order)}],
                "payment_intent_data": about,
                "metadata": {"charge": order.key},
                "success_url": order.back_url,
                "cancel_url": order.back_url,
                "locale": locale_of(order.language),
            },
            key=f"charge-{order.key}",
        )
        return self.session(answered(status, found))

    def begin_setup(self, setup: Setup) -> Report:
        """A page of Checkout that only keeps."""
        path, key = "/v1/checkout/sessions", f"setup-{setup.key}"
        return setup_told(answered(*self.send("POST", path, setup_wanted(setup), key=key)))

    def ask_setup(self, setup: Setup) -> Report | None:
        """That page, with what was left on it."""
        if not setup.provider_id:
            return None
        path = f"/v1/checkout/sessions/{wire.part(setup.provider_id)}"
        found = self.read_one(path, SETUP_EXPAND)
        return None if found is None else setup_told(found)

    def forget(self, kept: Kept) -> None:
        """Detach a method from its customer; what is not attached, or nobody knows, is gone."""
        status, found = self.send("POST", f"/v1/payment_methods/{wire.part(kept.token)}/detach")
        error = found.get("error") or {} if status >= 400 else {}
        is_gone = status == 404 or "not attached" in str(error.get("message", ""))
        if not is_gone:
            answered(status, found)

    def collect(self, order: Order, kept: Kept) -> Report:
        """Charge a kept method while the client is away."""
        status, found = self.send(
            "POST",
            "/v1/payment_intents",
            {
                "amount": wire.units(order.amount, places=PLACES),
                "currency": order.amount.currency.lower(),
                "customer": kept.customer,
                "payment_method": kept.token,
                "payment_method_types": [type_of(kept.method, order.amount.currency)],
                "off_session": True,
                "confirm": True,
                "description": order.description or None,
                "metadata": {"charge": order.key},
            },
            key=f"charge-{order.key}",
        )
        error = found.get("error") if isinstance(found, Mapping) else None
        if status == 402 and isinstance(error, Mapping):
            return declined(error)
        found = answered(status, found)
        if found.get("status") == "requires_action":  # nobody is there to act
            report = self.intent(found)
            return Report(
                state="failed", provider_id=report.provider_id, failure="authentication_required"
            )
        return self.intent(found)

    def ask(self, ref: Ref) -> Report | None:
        """A session with what was paid in it, or an intent; by our key where neither is known."""
        if not ref.provider_id:
            return self.search(ref.key)
        if ref.provider_id.startswith("cs_"):
            expand = {"expand": ["payment_intent.latest_charge.balance_transaction",
                                 "payment_intent.payment_method"]}  # fmt: skip
            found = self.read_one(f"/v1/checkout/sessions/{wire.part(ref.provider_id)}", expand)
            return None if found is None else self.session(found)
        expand = {"expand": ["latest_charge.balance_transaction", "payment_method"]}
        found = self.read_one(f"/v1/payment_intents/{wire.part(ref.provider_id)}", expand)
        return None if found is None else self.intent(found)

    def search(self, key: UUID) -> Report | None:
        """What became of a call that had no answer."""
        query = {"query": f"metadata['charge']:'{key}'", "limit": 1}
        found = answered(*self.send("GET", "/v1/payment_intents/search", query))["data"]
        return self.intent(found[0]) if found else None

    def session(self, found: Mapping[str, Any]) -> Report:
        """What a session of Checkout says; an open one may still be paid by another card."""
        intent = found.get("payment_intent")
        base = {"provider_id": found["id"], "url": found.get("url") or ""}
        if isinstance(intent, Mapping):
            inner = self.intent(intent)
            state = inner.state
            if found.get("status") == "expired" and state == "pending":
                state = "failed"
            return replace(inner, state=state, **base)
        state = "failed" if found.get("status") == "expired" else "pending"
        failure = "expired" if state == "failed" else ""
        return Report(state=state, failure=failure, is_live=found.get("livemode"),
                      provider_payment=str(intent or ""), **base)  # fmt: skip

    def intent(self, found: Mapping[str, Any]) -> Report:
        """What an intent says, with refunds and disputes of its charge."""
        charge = charge_of(found)
        error = found.get("last_payment_error") or {}
        currency = str(found["currency"])
        state = INTENTS.get(str(found["status"]), "unknown")
        return Report(
            state=state,
            provider_id=found["id"],
            provider_payment=found["id"],
            amount=wire.minor(found.get("amount_received") or found["amount"], currency,
                              places=PLACES),
            is_live=found.get("livemode"),
            method=OURS.get((charge.get("payment_method_details") or {}).get("type", ""), ""),
            fee=fee_of(charge, currency),
            failure=str(error.get("decline_code") or error.get("code") or "")[:80]
            if state == "failed"
            else "",
            backs=self.backs(found["id"]) if charge.get("amount_refunded") else (),
            chargebacks=self.contests(found["id"]) if charge.get("disputed") else (),
            kept=kept_of(found),
        )  # fmt: skip

    def backs(self, intent_id: str) -> list[Back]:
        """Refunds of an intent."""
        found = answered(*self.send("GET", "/v1/refunds", {"payment_intent": intent_id,
                                                           "limit": 100}))  # fmt: skip
        return [back(one) for one in found["data"]]

    def contests(self, intent_id: str) -> list[Contest]:
        """Disputes of an intent."""
        found = answered(*self.send("GET", "/v1/disputes", {"payment_intent": intent_id,
                                                            "limit": 100}))  # fmt: skip
        return [contest(one) for one in found["data"]]

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """A refund."""
        values = {
            "payment_intent": ref.provider_payment,
            "amount": wire.units(amount, places=PLACES),
            "metadata": {"refund": key, "reason": reason[:200]},
        }
        return back(answered(*self.send("POST", "/v1/refunds", values, key=f"refund-{key}")))

    def answer_chargeback(self, chargeback_id: str, *, text: str) -> None:
        """Hand in a text and be done."""
        values = {"evidence": {"uncategorized_text": text[:20_000]}, "submit": True}
        answered(*self.send("POST", f"/v1/disputes/{wire.part(chargeback_id)}", values))

    def ask_payout(self, provider_id: str) -> PaidOut | None:
        """A payout with the sums of what is in it."""
        found = self.read_one(f"/v1/payouts/{wire.part(provider_id)}")
        if found is None:
            return None
        rows = [one for one in self.parts_of(provider_id) if one.get("type") != "payout"]
        stages = {"paid": "paid", "failed": "failed", "canceled": "failed"}
        return PaidOut(
            provider_id=found["id"],
            amount=wire.minor(found["amount"], found["currency"], places=PLACES),
            stage=stages.get(found["status"], "pending"),
            arrives_on=datetime.fromtimestamp(found["arrival_date"], UTC).date(),
            reference=str(found.get("statement_descriptor") or "")[:140],
            gross=sum(one["amount"] for one in rows) if rows else None,
            fee=sum(one["fee"] for one in rows) if rows else None,
            charge_count=sum(one.get("type") in {"charge", "payment"} for one in rows),
        )

    def parts_of(self, payout_id: str) -> list[Mapping[str, Any]]:
        """All balance transactions of a payout, page by page."""
        rows: list[Mapping[str, Any]] = []
        while True:
            values = {"payout": payout_id, "limit": 100}
            if rows:
                values["starting_after"] = rows[-1]["id"]
            page = answered(*self.send("GET", "/v1/balance_transactions", values))
            rows += page["data"]
            if not page.get("has_more") or not page["data"]:
                return rows

    def read(self, call: Call) -> Sequence[Told]:
        """One signed event (docs.stripe.com/webhooks, "Verify manually")."""
        parts = [one.partition("=") for one in
                 call.headers.get("stripe-signature", "").split(",")]  # fmt: skip
        stamp = next((value for name, _, value in parts if name == "t"), "")
        wire.in_time(stamp, at=call.at)
        right = wire.signed(self.hook_secret, f"{stamp}.".encode() + call.body).hex()
        given = [value for name, _, value in parts if name == "v1"]
        if not any(wire.same(one, right) for one in given):
            raise BadCall("The signature is not right.")
        return [told(wire.read_json(call.body))]


def told(event: Any) -> Told:
    """What an event is about."""
    if not isinstance(event, Mapping) or not isinstance(event.get("data"), Mapping):
        raise BadCall("The call is no event.")
    found = event["data"].get("object") or {}
    kind, about = str(found.get("object", "")), found.get("metadata") or {}
    base = {"event_id": str(event["id"])[:200], "is_live": event.get("livemode")}
    if kind == "payout":
        return Told(about="payout", subject=str(found["id"]), **base)
    if kind == "setup_intent" or found.get("mode") == "setup":
        key = about.get("setup") or found.get("client_reference_id")
        return Told(about="setup", subject=str(found["id"]), key=wire.as_key(key), **base)
    key = wire.as_key(about.get("charge") or found.get("client_reference_id"))
    if kind in {"checkout.session", "payment_intent"}:
        return Told(about="charge", subject=str(found["id"]), key=key, **base)
    if kind in {"charge", "refund", "dispute"} and found.get("payment_intent"):
        return Told(about="charge", subject=str(found["payment_intent"]), key=key, **base)
    return Told(**base)


def answered(status: int, found: Any) -> Any:
    """What was asked for. Raises Refused."""
    if status < 400:
        return found
    error = found.get("error") if isinstance(found, Mapping) else {}
    error = error if isinstance(error, Mapping) else {"message": str(error)}
    failure = str(error.get("decline_code") or error.get("code") or "")
    raise wire.refused(status, str(error.get("message", "")), failure, hard=HARD)


def declined(error: Mapping[str, Any]) -> Report:
    """A card that was refused; the intent stays for the record."""
    failure = str(error.get("decline_code") or error.get("code") or "declined")[:80]
    intent = error.get("payment_intent") or {}
    is_hard = failure in HARD or error.get("code") in HARD
    name = str(intent.get("id", "")) if isinstance(intent, Mapping) else ""
    return Report(state="failed", provider_id=name, failure=failure, is_hard=is_hard)


def priced(order: Order) -> dict[str, Any]:
    """The one line of a page of Checkout."""
    return {
        "currency": order.amount.currency.lower(),
        "unit_amount": wire.units(order.amount, places=PLACES),
        "product_data": {"name": order.description[:250]},
    }


def charge_of(intent: Mapping[str, Any]) -> Mapping[str, Any]:
    """The last charge of an intent where it came along."""
    found = intent.get("latest_charge")
    if isinstance(found, Mapping):
        return found
    older = (intent.get("charges") or {}).get("data") or []
    return older[-1] if older else {}


def fee_of(charge: Mapping[str, Any], currency: str) -> Money | None:
    """What Stripe keeps, where it is in the currency of the charge."""
    found = charge.get("balance_transaction")
    if not isinstance(found, Mapping) or str(found.get("currency", "")).lower() != currency.lower():
        return None
    return wire.minor(found["fee"], currency, places=PLACES)


def back(found: Mapping[str, Any]) -> Back:
    """One refund."""
    return Back(
        provider_id=found["id"],
        amount=wire.minor(found["amount"], found["currency"], places=PLACES),
        state=BACKS.get(str(found.get("status") or "succeeded"), "unknown"),
        key=wire.as_key((found.get("metadata") or {}).get("refund")),
        failure=str(found.get("failure_reason") or "")[:80],
    )


def contest(found: Mapping[str, Any]) -> Contest:
    """One dispute."""
    due = (found.get("evidence_details") or {}).get("due_by")
    return Contest(
        provider_id=found["id"],
        amount=wire.minor(found["amount"], found["currency"], places=PLACES),
        stage=DISPUTES.get(str(found["status"]), "review"),
        reason=str(found.get("reason") or "")[:80],
        answer_by=datetime.fromtimestamp(due, UTC) if due else None,
    )
