"""PayPal: orders that are captured when the client comes back. REST API of developer.paypal.com."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import (
    Account,
    Back,
    BadCall,
    Call,
    Contest,
    Kept,
    Key,
    Order,
    Ref,
    Report,
    Setup,
    Told,
)
from guilder.kernel.money import Money

LIVE, SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
CAPTURES = {"COMPLETED": "succeeded", "PENDING": "pending", "DECLINED": "failed",
            "FAILED": "failed", "REFUNDED": "succeeded",
            "PARTIALLY_REFUNDED": "succeeded"}  # fmt: skip
BACKS = {"COMPLETED": "succeeded", "PENDING": "pending", "FAILED": "failed",
         "CANCELLED": "failed"}  # fmt: skip
OUTCOMES = {"RESOLVED_BUYER_FAVOUR": "lost", "ACCEPTED": "lost", "RESOLVED_SELLER_FAVOUR": "won",
            "RESOLVED_WITH_PAYOUT": "won", "CANCELED_BY_BUYER": "won", "DENIED": "won"}  # fmt: skip
# Issues after which PayPal takes no other attempt by the same wallet.
HARD = ("PAYER_ACCOUNT_RESTRICTED", "PAYER_ACCOUNT_LOCKED_OR_CLOSED", "TOKEN_ID_NOT_FOUND",
        "PAYER_CANNOT_PAY", "BILLING_AGREEMENT_NOT_FOUND",
        "AGREEMENT_ALREADY_CANCELLED")  # fmt: skip
SIGNED = ("auth-algo", "cert-url", "transmission-id", "transmission-sig", "transmission-time")


class PayPal(wire.Quiet):
    """A merchant at PayPal."""

    title: ClassVar[str] = "PayPal"
    keys: ClassVar[tuple[Key, ...]] = (
        Key("client_id", is_secret=False),
        Key("secret"),
        Key("webhook_id", is_secret=False),
    )
    methods: ClassVar[tuple[str, ...]] = ("online",)
    refunds: ClassVar[bool] = True
    sets_up: ClassVar[Mapping[str, Sequence[str]]] = MappingProxyType({"online": ()})

    def __init__(self, account: Account) -> None:
        self.base = account.base or (LIVE if account.is_live else SANDBOX)
        self.is_live = account.is_live
        self.account = account.keys
        self.token = ""

    def send(self, method: str, path: str, data: Any = None, *, key: str = "") -> tuple[int, Any]:
        """One call, signed in first."""
        headers = {"Authorization": f"Bearer {self.signed_in()}", "Prefer": "return=representation"}
        if key:
            headers["PayPal-Request-Id"] = key
        return wire.call(method, f"{self.base}{path}", headers=headers, data=data)

    def signed_in(self) -> str:
        """A token for the calls of one piece of work."""
        if not self.token:
            user = wire.basic(self.account["client_id"].strip(), self.account["secret"].strip())
            found = answered(
                *wire.call(
                    "POST",
                    f"{self.base}/v1/oauth2/token",
                    headers={"Authorization": user},
                    form=[("grant_type", "client_credentials")],
                )
            )
            self.token = str(found["access_token"])
        return self.token

    def test(self) -> str:
        """Signing in is the test."""
        self.signed_in()
        return ""

    def start(self, order: Order) -> Report:
        """An order that the client approves at PayPal."""
        unit = {
            "reference_id": "charge",
            "custom_id": str(order.key),
            "description": order.description[:127],
            "amount": amount(order.amount),
        }
        if order.kept is not None:
            return self.collect(order, order.kept, unit)
        seen = {"return_url": order.back_url, "cancel_url": order.back_url,
                "user_action": "PAY_NOW", "shipping_preference": "NO_SHIPPING"}  # fmt: skip
        data = {
            "intent": "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": seen}},
        }
        found = self.send("POST", "/v2/checkout/orders", data, key=f"charge-{order.key}")
        return self.report(answered(*found))

    def collect(self, order: Order, kept: Kept, unit: Mapping[str, Any]) -> Report:
        """An order by a wallet that was left with PayPal: captured while the client is away."""
        source = {"paypal": {"vault_id": kept.token}}
        data = {"intent": "CAPTURE", "purchase_units": [unit], "payment_source": source}
        status, found = self.send("POST", "/v2/checkout/orders", data, key=f"charge-{order.key}")
        if status == 422:
            issue = (found.get("details") or [{}])[0].get("issue", "declined")
            return Report(state="failed", failure=str(issue)[:80], is_hard=issue in HARD)
        return self.report(answered(status, found))

    def begin_setup(self, setup: Setup) -> Report:
        """A setup token, which the client approves at PayPal."""
        seen = {"return_url": setup.back_url, "cancel_url": setup.back_url,
                "shipping_preference": "NO_SHIPPING"}  # fmt: skip
        wallet = {"usage_type": "MERCHANT", "usage_pattern": "UNSCHEDULED_POSTPAID",
                  "description": setup.description[:128], "experience_context": seen}  # fmt: skip
        data = {"payment_source": {"paypal": wallet}}
        found = self.send("POST", "/v3/vault/setup-tokens", data, key=f"setup-{setup.key}")
        return self.setup_told(answered(*found))

    def ask_setup(self, setup: Setup) -> Report | None:
        """A setup token; one that the client approved becomes a payment token, once."""
        if not setup.provider_id:
            return None
        path = f"/v3/vault/setup-tokens/{wire.part(setup.provider_id)}"
        status, found = self.send("GET", path)
        if status == 404:  # forgotten after three days
            return Report(state="failed", provider_id=setup.provider_id, failure="expired")
        found = answered(status, found)
        if found.get("status") not in {"APPROVED", "VAULTED"}:
            return self.setup_told(found)
        data = {"payment_source": {"token": {"id": setup.provider_id, "type": "SETUP_TOKEN"}}}
        made = self.send("POST", "/v3/vault/payment-tokens", data, key=f"keep-{setup.key}")
        token = answered(*made)
        wallet = (token.get("payment_source") or {}).get("paypal") or {}
        kept = Kept(
            customer=str((token.get("customer") or {}).get("id", "")),
            token=str(token["id"]),
            method="online",
            label=f"PayPal {wallet.get('email_address') or ''}".strip()[:60],
        )
        return Report(state="succeeded", provider_id=setup.provider_id, is_live=self.is_live,
                      kept=kept)  # fmt: skip

    def setup_told(self, found: Mapping[str, Any]) -> Report:
        """What a setup token says before it is approved."""
        return Report(state="pending", provider_id=str(found["id"]), url=approval(found),
                      is_live=self.is_live)  # fmt: skip

    def forget(self, kept: Kept) -> None:
        """Delete a payment token; one that is gone answers 404."""
        status, found = self.send("DELETE", f"/v3/vault/payment-tokens/{wire.part(kept.token)}")
        if status != 404:
            answered(status, found)

    def ask(self, ref: Ref) -> Report | None:
        """An order; one that the client approved is captured, once."""
        if not ref.provider_id:
            return None
        path = f"/v2/checkout/orders/{wire.part(ref.provider_id)}"
        status, found = self.send("GET", path)
        if status == 404:  # orders are forgotten after hours when nobody approves them
            return Report(state="failed", provider_id=ref.provider_id, failure="expired")
        found = answered(status, found)
        if found.get("status") == "APPROVED":
            status, captured = self.send("POST", f"{path}/capture", {}, key=f"capture-{ref.key}")
            if status == 422:
                return declined(ref, captured)
            found = answered(status, captured)
        return self.report(found)

    def report(self, found: Mapping[str, Any]) -> Report:
        """What an order says, with its capture and what was given back of it."""
        unit = (found.get("purchase_units") or [{}])[0]
        captures = (unit.get("payments") or {}).get("captures") or []
        base = {"provider_id": found["id"], "url": approval(found), "is_live": self.is_live}
        if not captures:
            state = "failed" if found.get("status") == "VOIDED" else "pending"
            return Report(state=state, **base)
        capture = captures[-1]
        fee = (capture.get("seller_receivable_breakdown") or {}).get("paypal_fee")
        whole = money(capture["amount"])
        return Report(
            state=CAPTURES.get(str(capture["status"]), "unknown"),
            provider_payment=capture["id"],
            amount=whole,
            method="online",
            fee=money(fee) if fee and fee["currency_code"] == whole.currency else None,
            failure=str((capture.get("status_details") or {}).get("reason", ""))[:80],
            backs=[back(one) for one in (unit.get("payments") or {}).get("refunds") or ()],
            chargebacks=self.contests(capture["id"]),
            **base,
        )

    def contests(self, capture_id: str) -> list[Contest]:
        """Disputes about a capture."""
        path = f"/v1/customer/disputes?disputed_transaction_id={wire.part(capture_id)}"
        status, found = self.send("GET", path)
        if status in {403, 404}:  # the app has no right to see disputes
            return []
        return [contest(self.whole(one)) for one in answered(status, found).get("items", ())]

    def whole(self, summary: Mapping[str, Any]) -> Mapping[str, Any]:
        """A dispute as it ended: the list of them does not say in whose favour."""
        if summary.get("status") != "RESOLVED":
            return summary
        path = f"/v1/customer/disputes/{wire.part(str(summary['dispute_id']))}"
        return answered(*self.send("GET", path))

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """A refund of a capture."""
        data = {"amount": wire_amount(amount), "custom_id": str(key), "note_to_payer": reason[:255]}
        path = f"/v2/payments/captures/{wire.part(ref.provider_payment)}/refund"
        return back(answered(*self.send("POST", path, data, key=f"refund-{key}")))

    def read(self, call: Call) -> Sequence[Told]:
        """One event, whose signature PayPal itself is asked about."""
        event = wire.read_json(call.body)
        if not isinstance(event, Mapping) or "id" not in event:
            raise BadCall("The call is no event.")
        self.verify(call, event)
        found = event.get("resource") or {}
        kind = str(event.get("event_type", ""))
        base = {"event_id": str(event["id"])[:200], "is_live": self.is_live}
        related = (found.get("supplementary_data") or {}).get("related_ids") or {}
        if kind.startswith("CHECKOUT.ORDER."):
            return [Told(about="charge", subject=str(found.get("id", "")), **base)]
        if kind.startswith("PAYMENT.CAPTURE."):
            key = wire.as_key(found.get("custom_id"))
            subject = str(related.get("order_id") or found.get("id", ""))
            return [Told(about="charge", subject=subject, key=key, **base)]
        if kind.startswith("CUSTOMER.DISPUTE."):
            about = (found.get("disputed_transactions") or [{}])[0]
            subject = str(about.get("seller_transaction_id", ""))
            return [Told(about="charge", subject=subject, **base)]
        return [Told(**base)]

    def verify(self, call: Call, event: Mapping[str, Any]) -> None:
        """Raise BadCall unless PayPal says that it sent this."""
        given = {name.replace("-", "_"): call.headers.get(f"paypal-{name}", "") for name in SIGNED}
        try:
            sent = datetime.fromisoformat(given["transmission_time"])
            wire.in_time(str(int(sent.timestamp())), at=call.at)
        except ValueError as error:
            raise BadCall("The call says no time.") from error
        data = {**given, "webhook_id": self.account["webhook_id"].strip(), "webhook_event": event}
        found = self.send("POST", "/v1/notifications/verify-webhook-signature", data)
        if found[0] >= 400 or found[1].get("verification_status") != "SUCCESS":
            raise BadCall("The signature is not right.")


def approval(found: Mapping[str, Any]) -> str:
    """Where the client says yes at PayPal."""
    rels = {"payer-action", "approve"}
    return next((one["href"] for one in found.get("links") or () if one.get("rel") in rels), "")


def amount(money: Money) -> dict[str, str]:
    """An amount as they write it."""
    return {"currency_code": money.currency, "value": f"{money.amount:f}"}


wire_amount = amount


def money(found: Mapping[str, str]) -> Money:
    """An amount of theirs."""
    return Money.of(Decimal(found["value"]), found["currency_code"])


def back(found: Mapping[str, Any]) -> Back:
    """One refund."""
    return Back(
        provider_id=found["id"],
        amount=money(found["amount"]),
        state=BACKS.get(str(found.get("status")), "unknown"),
        key=wire.as_key(found.get("custom_id")),
    )


def contest(found: Mapping[str, Any]) -> Contest:
    """One dispute."""
    outcome = str((found.get("dispute_outcome") or {}).get("outcome_code", ""))
    status = str(found.get("status", ""))
    if status == "RESOLVED":
        stage = OUTCOMES.get(outcome, "review")
    else:
        stage = "open" if status == "WAITING_FOR_SELLER_RESPONSE" else "review"
    due = found.get("seller_response_due_date")
    return Contest(
        provider_id=str(found["dispute_id"]),
        amount=money(found["dispute_amount"]),
        stage=stage,
        reason=str(found.get("reason", ""))[:80],
        answer_by=datetime.fromisoformat(due) if due else None,
    )


def declined(ref: Ref, found: Any) -> Report:
    """A capture that PayPal would not make; the client may choose another source."""
    issue = (found.get("details") or [{}])[0].get("issue", "declined")
    state = "pending" if issue in {"INSTRUMENT_DECLINED", "PAYER_ACTION_REQUIRED"} else "failed"
    return Report(state=state, provider_id=ref.provider_id, failure=str(issue)[:80])


def answered(status: int, found: Any) -> Any:
    """What was asked for. Raises Refused."""
    if status < 400:
        return found
    issue = (found.get("details") or [{}])[0].get("issue") or found.get("name") or ""
    raise wire.refused(status, str(found.get("message", "")), str(issue))
