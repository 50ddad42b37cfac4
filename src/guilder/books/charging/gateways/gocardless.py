"""GoCardless: direct debits by billing requests and mandates. API of developer.gocardless.com."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
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
    PaidOut,
    Ref,
    Report,
    Setup,
    Told,
)
from guilder.kernel.money import Money

LIVE, SANDBOX = "https://api.gocardless.com", "https://api-sandbox.gocardless.com"
VERSION = "2015-07-06"
SETS_UP = MappingProxyType(
    {"direct_debit": ("EUR", "GBP", "USD", "AUD", "CAD", "DKK", "NZD", "SEK")}
)
SCHEMES = {"EUR": "sepa_core", "GBP": "bacs", "USD": "ach"}
STATES = {
    "pending_customer_approval": "pending", "pending_submission": "pending",
    "submitted": "pending", "confirmed": "succeeded", "paid_out": "succeeded",
    "charged_back": "succeeded", "cancelled": "failed", "customer_approval_denied": "failed",
    "failed": "failed",
}  # fmt: skip
BACKS = {"created": "pending", "pending_submission": "pending", "submitted": "pending",
         "paid": "succeeded", "cancelled": "failed", "bounced": "failed",
         "funds_returned": "failed"}  # fmt: skip
# Causes after which no bank will ever pay (developer.gocardless.com, "Event causes").
HARD = ("bank_account_closed", "invalid_bank_details", "mandate_cancelled", "mandate_expired",
        "authorisation_disputed", "account_blocked_for_any_financial_transaction",
        "payer_deceased", "direct_debit_not_enabled")  # fmt: skip


class GoCardless(wire.Quiet):
    """A creditor at GoCardless."""

    title: ClassVar[str] = "GoCardless"
    keys: ClassVar[tuple[Key, ...]] = (Key("access_token"), Key("webhook_secret"))
    methods: ClassVar[tuple[str, ...]] = ("direct_debit",)
    refunds: ClassVar[bool] = True
    keeps: ClassVar[bool] = True
    sets_up: ClassVar[Mapping[str, Sequence[str]]] = SETS_UP

    def __init__(self, account: Account) -> None:
        self.base = account.base or (LIVE if account.is_live else SANDBOX)
        self.is_live = account.is_live
        self.token = account.keys["access_token"].strip()
        self.hook_secret = account.keys["webhook_secret"].strip()

    def send(self, method: str, path: str, data: Any = None, *, key: str = "") -> tuple[int, Any]:
        """One call. A key that was used leads to what it made (409 with its id)."""
        headers = {"Authorization": f"Bearer {self.token}", "GoCardless-Version": VERSION}
        if key:
            headers["Idempotency-Key"] = key
        unclear = wire.UNCLEAR - {409}
        url = f"{self.base}{path}"
        status, found = wire.call(method, url, headers=headers, data=data, unclear=unclear)
        made = made_before(status, found)
        return self.send("GET", f"{path}/{wire.part(made)}") if made else (status, found)

    def test(self) -> str:
        """The creditor's name."""
        found = answered(*self.send("GET", "/creditors"))["creditors"]
        return str(found[0].get("name", "")) if found else ""

    def start(self, order: Order) -> Report:
        """A payment of a kept mandate, or a page where the client gives one and pays."""
        wanted = {
            "amount": order.amount.minor,
            "currency": order.amount.currency,
            "description": order.description[:100],
            "metadata": {"charge": str(order.key)},
        }
        if order.kept is not None:
            data = {"payments": {**wanted, "links": {"mandate": order.kept.token}}}
            found = self.send("POST", "/payments", data, key=f"charge-{order.key}")
            return self.payment(answered(*found)["payments"])
        scheme = SCHEMES.get(order.amount.currency)
        data = {
            "billing_requests": {
                "payment_request": wanted,
                "mandate_request": {"currency": order.amount.currency, "scheme": scheme},
                "metadata": {"charge": str(order.key)},
            }
        }
        found = self.send("POST", "/billing_requests", data, key=f"charge-{order.key}")
        request = answered(*found)["billing_requests"]
        return self.request(request, url=self.flow(order, request["id"]))

    def begin_setup(self, setup: Setup) -> Report:
        """A page where the client gives a mandate and pays nothing (a billing request without a
        payment)."""
        wanted = {"currency": setup.currency, "scheme": SCHEMES.get(setup.currency)}
        data = {
            "billing_requests": {
                "mandate_request": {name: value for name, value in wanted.items() if value},
                "metadata": {"setup": str(setup.key)},
            }
        }
        found = self.send("POST", "/billing_requests", data, key=f"setup-{setup.key}")
        request = answered(*found)["billing_requests"]
        return replace(self.mandate(request), url=self.flow(setup, request["id"]))

    def ask_setup(self, setup: Setup) -> Report | None:
        """The billing request, and the mandate that came of it."""
        if not setup.provider_id:
            return None
        path = f"/billing_requests/{wire.part(setup.provider_id)}"
        status, found = self.send("GET", path)
        return None if status == 404 else self.mandate(answered(status, found)["billing_requests"])

    def mandate(self, request: Mapping[str, Any]) -> Report:
        """What a billing request says of its mandate."""
        links = request.get("links") or {}
        name = links.get("mandate_request_mandate")
        kept = None
        if name and request.get("status") == "fulfilled":
            customer = str(links.get("customer", ""))
            kept = Kept(customer=customer, token=str(name), method="direct_debit",
                        label=self.account_words(str(name)))  # fmt: skip
        is_over = kept is None and request.get("status") == "cancelled"
        return Report(
            state="succeeded" if kept else "failed" if is_over else "pending",
            provider_id=str(request["id"]),
            is_live=self.is_live,
            failure="cancelled" if is_over else "",
            kept=kept,
        )

    def account_words(self, mandate_id: str) -> str:
        """The bank of a mandate, and how the account ends."""
        found = answered(*self.send("GET", f"/mandates/{wire.part(mandate_id)}"))["mandates"]
        account = (found.get("links") or {}).get("customer_bank_account")
        if not account:
            return ""
        path = f"/customer_bank_accounts/{wire.part(account)}"
        bank = answered(*self.send("GET", path))["customer_bank_accounts"]
        return f"{bank.get('bank_name') or ''} •••• {bank.get('account_number_ending', '')}"[:60]

    def flow(self, order: Order | Setup, request_id: str) -> str:
        """The page of a billing request."""
        data = {
            "billing_request_flows": {
                "redirect_uri": order.back_url,
                "exit_uri": order.back_url,
                "prefilled_customer": {"email": order.email or None},
                "links": {"billing_request": request_id},
            }
        }
        found = self.send("POST", "/billing_request_flows", data, key=f"flow-{order.key}")
        return str(answered(*found)["billing_request_flows"]["authorisation_url"])

    def forget(self, kept: Kept) -> None:
        """Cancel a mandate; one that is over cannot be cancelled again (`cancellation_failed`)."""
        path = f"/mandates/{wire.part(kept.token)}/actions/cancel"
        status, found = self.send("POST", path, {"mandates": {}})
        errors = (found.get("error") or {}).get("errors") or [{}] if status >= 400 else [{}]
        is_over = errors[0].get("reason") == "cancellation_failed"
        if status != 404 and not is_over:
            answered(status, found)

    def ask(self, ref: Ref) -> Report | None:
        """A payment, or the request that will become one."""
        if not ref.provider_id:
            return None
        kind = "payments" if ref.provider_id.startswith("PM") else "billing_requests"
        status, found = self.send("GET", f"/{kind}/{wire.part(ref.provider_id)}")
        if status == 404:
            return None
        found = answered(status, found)[kind]
        return self.payment(found) if kind == "payments" else self.request(found)

    def request(self, found: Mapping[str, Any], *, url: str = "") -> Report:
        """What a billing request says."""
        links = found.get("links") or {}
        paid = links.get("payment_request_payment")
        if not paid:
            state = "failed" if found.get("status") == "cancelled" else "pending"
            return Report(state=state, provider_id=found["id"], url=url, is_live=self.is_live,
                          failure="cancelled" if state == "failed" else "")  # fmt: skip
        inner = self.payment(
            answered(*self.send("GET", f"/payments/{wire.part(paid)}"))["payments"]
        )
        mandate = links.get("mandate_request_mandate")
        kept = Kept(customer=str(links.get("customer", "")), token=str(mandate),
                    method="direct_debit") if mandate else None  # fmt: skip
        return replace(inner, provider_id=found["id"], kept=kept, url=url)

    def payment(self, found: Mapping[str, Any]) -> Report:
        """What a payment says."""
        state = STATES.get(str(found["status"]), "unknown")
        cause = self.cause(found["id"]) if state == "failed" else ""
        whole = Money(int(found["amount"]), found["currency"])
        returned = found["status"] == "charged_back"
        return Report(
            state=state,
            provider_id=found["id"],
            provider_payment=found["id"],
            amount=whole,
            is_live=self.is_live,
            method="direct_debit",
            failure=cause,
            is_hard=cause in HARD,
            backs=self.backs(found["id"]) if int(found.get("amount_refunded") or 0) else (),
            # The payer's bank takes it back at once, nobody is heard.
            chargebacks=[taken_back(found["id"], whole)] if returned else (),
        )

    def cause(self, payment_id: str) -> str:
        """Why a payment failed, of its last event."""
        path = f"/events?payment={wire.part(payment_id)}&action=failed"
        found = answered(*self.send("GET", path))["events"]
        return str((found[0].get("details") or {}).get("cause", ""))[:80] if found else ""

    def backs(self, payment_id: str) -> list[Back]:
        """Refunds of a payment."""
        found = answered(*self.send("GET", f"/refunds?payment={wire.part(payment_id)}"))
        return [back(one) for one in found["refunds"]]

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """A refund; they want the sum of all refunds repeated, as a check."""
        done = sum(one.amount.minor for one in self.backs(ref.provider_payment)
                   if one.state != "failed" and one.key != key)  # fmt: skip
        data = {
            "refunds": {
                "amount": amount.minor,
                "total_amount_confirmation": done + amount.minor,
                "metadata": {"refund": str(key), "reason": reason[:50]},
                "links": {"payment": ref.provider_payment},
            }
        }
        found = self.send("POST", "/refunds", data, key=f"refund-{key}")
        return back(answered(*found)["refunds"])

    def ask_payout(self, provider_id: str) -> PaidOut | None:
        """A payout."""
        status, found = self.send("GET", f"/payouts/{wire.part(provider_id)}")
        if status == 404:
            return None
        one = answered(status, found)["payouts"]
        arrives = one.get("arrival_date")
        return PaidOut(
            provider_id=one["id"],
            amount=Money(int(one["amount"]), one["currency"]),
            stage={"paid": "paid", "bounced": "failed"}.get(one["status"], "pending"),
            arrives_on=date.fromisoformat(arrives) if arrives else None,
            reference=str(one.get("reference") or "")[:140],
            gross=int(one["amount"]) + int(one.get("deducted_fees") or 0),
            fee=int(one.get("deducted_fees") or 0),
        )

    def read(self, call: Call) -> Sequence[Told]:
        """Several signed events in one call."""
        right = wire.signed(self.hook_secret, call.body).hex()
        if not wire.same(call.headers.get("webhook-signature", ""), right):
            raise BadCall("The signature is not right.")
        found = wire.read_json(call.body)
        events = found.get("events") if isinstance(found, Mapping) else None
        if not isinstance(events, list):
            raise BadCall("The call has no events.")
        return [told(one) for one in events]


def taken_back(payment_id: str, amount: Money) -> Contest:
    """What the payer's bank took back; nobody is heard."""
    name = f"{payment_id}-chargeback"
    return Contest(provider_id=name, amount=amount, stage="lost", reason="chargeback")


def told(event: Mapping[str, Any]) -> Told:
    """What an event is about."""
    links, name = event.get("links") or {}, str(event["id"])[:200]
    kind = event.get("resource_type")
    about = event.get("resource_metadata") or {}
    key = wire.as_key(about.get("charge") or about.get("setup"))
    if kind == "payouts":
        return Told(event_id=name, about="payout", subject=str(links.get("payout", "")))
    subject = links.get("payment") or links.get("billing_request")
    if kind in {"payments", "billing_requests", "refunds"} and subject:
        return Told(event_id=name, about="charge", subject=str(subject), key=key)
    return Told(event_id=name)


def made_before(status: int, found: Any) -> str:
    """What a key that was used before has made."""
    if status != 409:
        return ""
    errors = (found.get("error") or {}).get("errors") or [{}]
    return str((errors[0].get("links") or {}).get("conflicting_resource_id", ""))


def back(found: Mapping[str, Any]) -> Back:
    """One refund."""
    return Back(
        provider_id=found["id"],
        amount=Money(int(found["amount"]), found["currency"]),
        state=BACKS.get(str(found.get("status") or "created"), "unknown"),
        key=wire.as_key((found.get("metadata") or {}).get("refund")),
    )


def answered(status: int, found: Any) -> Any:
    """What was asked for. Raises Refused."""
    if status < 400:
        return found
    error = found.get("error") or {}
    reason = str((error.get("errors") or [{}])[0].get("reason", ""))
    raise wire.refused(status, str(error.get("message", "")), reason, hard=HARD)
