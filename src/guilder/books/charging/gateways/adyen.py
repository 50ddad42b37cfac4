"""Adyen: Pay by Link, refunds and notifications. Checkout API v71 of docs.adyen.com."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import urlencode
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
    Ref,
    Report,
    Setup,
    Told,
)
from guilder.kernel.money import Money

TEST = "https://checkout-test.adyen.com"
VERSION = "v71"
# Currencies that Adyen counts in other units than ISO 4217 (docs.adyen.com, "Currency codes").
PLACES = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}
LINKS = {"active": "pending", "paymentPending": "pending", "completed": "pending",
         "paid": "pending", "expired": "failed"}  # fmt: skip
RESULTS = {"Authorised": "succeeded", "Received": "pending", "Pending": "pending",
           "Refused": "failed", "Error": "failed", "Cancelled": "failed"}  # fmt: skip
# Raw reasons after which schemes forbid another attempt (docs.adyen.com, "Refusal reasons").
HARD = ("2", "4", "5", "6", "8", "20", "22", "26", "27")
CONTESTS = {"NOTIFICATION_OF_CHARGEBACK": "open", "REQUEST_FOR_INFORMATION": "open",
            "INFORMATION_SUPPLIED": "review", "CHARGEBACK": "lost", "SECOND_CHARGEBACK": "lost",
            "CHARGEBACK_REVERSED": "won", "PREARBITRATION_WON": "won"}  # fmt: skip


class Adyen(wire.Quiet):
    """A merchant account at Adyen. The state of money comes by its signed notifications."""

    title: ClassVar[str] = "Adyen"
    keys: ClassVar[tuple[Key, ...]] = (
        Key("api_key"),
        Key("merchant_account", is_secret=False),
        Key("hmac_key"),
        Key("live_prefix", is_secret=False, is_needed=False),
    )
    methods: ClassVar[tuple[str, ...]] = ("card", "direct_debit", "online")
    refunds: ClassVar[bool] = True
    keeps: ClassVar[bool] = True
    sets_up: ClassVar[Mapping[str, Sequence[str]]] = MappingProxyType({"card": ()})
    answer: ClassVar[bytes] = b"[accepted]"

    def __init__(self, account: Account) -> None:
        self.is_live = account.is_live
        self.account = account.keys["merchant_account"].strip()
        self.key = account.keys["api_key"].strip()
        prefix = account.keys.get("live_prefix", "").strip()
        if account.is_live and not prefix.replace("-", "").isalnum():
            raise BadKeys(
                "Live accounts need the prefix of their addresses, such as 1797a841-Shop."
            )
        live = f"https://{prefix}-checkout-live.adyenpayments.com/checkout"
        self.base = account.base or (live if account.is_live else TEST)
        try:
            self.hmac = binascii.unhexlify(account.keys["hmac_key"].strip())
        except (binascii.Error, ValueError) as error:
            raise BadKeys("The HMAC key is hexadecimal.") from error

    def send(self, method: str, path: str, data: Any = None, *, key: str = "") -> tuple[int, Any]:
        """One call."""
        headers = {"X-API-Key": self.key}
        if key:
            headers["Idempotency-Key"] = key
        return wire.call(method, f"{self.base}/{VERSION}{path}", headers=headers, data=data)

    def test(self) -> str:
        """Which methods the account has: an answer means that key and account fit."""
        answered(*self.send("POST", "/paymentMethods", {"merchantAccount": self.account}))
        return self.account

    def start(self, order: Order) -> Report:
        """A payment link, or a charge of a kept method."""
        data: dict[str, Any] = {
            "merchantAccount": self.account,
            "reference": str(order.key),
            "amount": amount(order.amount),
            "shopperReference": str(order.key),
        }
        if order.kept is not None:
            return self.collect(order, order.kept, data)
        data |= {
            "description": order.description[:280],
            "returnUrl": order.back_url,
            "shopperEmail": order.email or None,
            "countryCode": order.country or None,
        }
        if order.keeps_method:
            data |= {"storePaymentMethodMode": "enabled",
                     "recurringProcessingModel": "UnscheduledCardOnFile"}  # fmt: skip
        sent = {name: value for name, value in data.items() if value is not None}
        found = answered(*self.send("POST", "/paymentLinks", sent, key=f"charge-{order.key}"))
        return self.link(found)

    def begin_setup(self, setup: Setup) -> Report:
        """A payment link over nothing (zero-value authorisation), whose card is stored."""
        data: dict[str, Any] = {
            "merchantAccount": self.account,
            "reference": str(setup.key),
            "amount": wire_amount(Money.zero(setup.currency)),
            "shopperReference": str(setup.key),
            "description": setup.description[:280],
            "returnUrl": setup.back_url,
            "shopperEmail": setup.email or None,
            "countryCode": setup.country or None,
            "allowedPaymentMethods": ["scheme"],
            "storePaymentMethodMode": "enabled",
            "recurringProcessingModel": "UnscheduledCardOnFile",
        }
        sent = {name: value for name, value in data.items() if value is not None}
        found = self.send("POST", "/paymentLinks", sent, key=f"setup-{setup.key}")
        return self.link(answered(*found))

    def ask_setup(self, setup: Setup) -> Report | None:
        """What is stored under the name that this setup alone has, else its link."""
        query = urlencode({"merchantAccount": self.account, "shopperReference": str(setup.key)})
        stored = answered(*self.send("GET", f"/storedPaymentMethods?{query}"))
        for one in stored.get("storedPaymentMethods") or ():
            return Report(
                state="succeeded",
                provider_id=setup.provider_id,
                is_live=self.is_live,
                kept=stored_method(one, str(setup.key)),
            )
        ref = Ref(key=setup.key, provider_id=setup.provider_id, provider_payment="",
                  amount=Money.zero(setup.currency))  # fmt: skip
        return self.ask(ref)

    def forget(self, kept: Kept) -> None:
        """Delete the stored details of a shopper."""
        query = urlencode({"shopperReference": kept.customer, "merchantAccount": self.account})
        path = f"/storedPaymentMethods/{wire.part(kept.token)}?{query}"
        status, found = self.send("DELETE", path)
        if status != 404:
            answered(status, found)

    def collect(self, order: Order, kept: Kept, data: dict[str, Any]) -> Report:
        """A charge while the client is away."""
        data |= {
            "paymentMethod": {"type": "scheme", "storedPaymentMethodId": kept.token},
            "shopperReference": kept.customer,
            "shopperInteraction": "ContAuth",
            "recurringProcessingModel": "UnscheduledCardOnFile",
        }
        if back := order.back_url or order.hook_url:  # wanted always, though nobody is sent there
            data["returnUrl"] = back
        found = answered(*self.send("POST", "/payments", data, key=f"charge-{order.key}"))
        code = str(found.get("refusalReasonCode", ""))
        return Report(
            state=RESULTS.get(str(found.get("resultCode")), "unknown"),
            provider_id=str(found["pspReference"]),
            provider_payment=str(found["pspReference"]),
            amount=order.amount,
            is_live=self.is_live,
            method=kept.method,
            failure=code and f"refusal_{code}",
            is_hard=code in HARD,
        )

    def ask(self, ref: Ref) -> Report | None:
        """A link; whether it was paid only notifications say for certain."""
        if not ref.provider_id.startswith("PL"):
            return None
        status, found = self.send("GET", f"/paymentLinks/{wire.part(ref.provider_id)}")
        # An id that they do not know is content that they cannot process (422), by their document.
        return None if status in {404, 422} else self.link(answered(status, found))

    def link(self, found: Mapping[str, Any]) -> Report:
        """What a link says: open, or over."""
        state = LINKS.get(str(found.get("status")), "unknown")
        return Report(
            state=state,
            provider_id=str(found["id"]),
            url=str(found.get("url", "")),
            failure="expired" if state == "failed" else "",
            is_live=self.is_live,
        )

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """A refund; how it ends is told later."""
        del reason
        data = {"merchantAccount": self.account, "amount": wire_amount(amount),
                "reference": str(key)}  # fmt: skip
        path = f"/payments/{wire.part(ref.provider_payment)}/refunds"
        found = answered(*self.send("POST", path, data, key=f"refund-{key}"))
        return Back(provider_id=found["pspReference"], amount=amount, state="pending", key=key)

    def read(self, call: Call) -> Sequence[Told]:
        """Signed notifications (docs.adyen.com, "Verify HMAC signatures")."""
        found = wire.read_json(call.body)
        items = found.get("notificationItems") if isinstance(found, Mapping) else None
        if not isinstance(items, list) or not items:
            raise BadCall("The call has no notifications.")
        is_live = str(found.get("live")).lower() == "true"
        return [self.item(one.get("NotificationRequestItem") or {}, is_live) for one in items]

    def item(self, item: Mapping[str, Any], is_live: bool) -> Told:
        """One notification, its signature judged."""
        more = item.get("additionalData") or {}
        right = base64.b64encode(wire.signed(self.hmac, payload(item))).decode()
        if not wire.same(str(more.get("hmacSignature", "")), right):
            raise BadCall("The signature is not right.")
        if item.get("merchantAccountCode") != self.account:
            raise BadCall("The call is for another merchant account.")
        code, reference = str(item["eventCode"]), str(item["pspReference"])
        base = {"event_id": f"{code}:{reference}:{item.get('success')}"[:200], "is_live": is_live}
        report = self.report(item, more, is_live)
        if report is None:
            return Told(**base)
        original = str(item.get("originalReference") or reference)
        key = wire.as_key(item.get("merchantReference"))
        own = (
            key if code in {"AUTHORISATION", "RECURRING_CONTRACT"} else None
        )  # elsewhere it names the refund
        return Told(about="charge", subject=original, key=own, report=report, **base)

    def report(
        self, item: Mapping[str, Any], more: Mapping[str, Any], is_live: bool
    ) -> Report | None:
        """What a notification says of a charge."""
        code, done = str(item["eventCode"]), str(item.get("success")).lower() == "true"
        money = wire.minor(item["amount"]["value"], item["amount"]["currency"], places=PLACES)
        reference = str(item["pspReference"])
        if code == "AUTHORISATION":
            return Report(
                # A refused attempt leaves the link open for another.
                state="succeeded" if done else "pending",
                provider_payment=reference if done else "",
                amount=money if done else None,
                is_live=is_live,
                method="direct_debit" if "sepa" in str(item.get("paymentMethod")) else "card",
                failure="" if done else str(item.get("reason", ""))[:80],
                kept=kept_of(more) if done else None,
            )
        if code in {"REFUND", "REFUND_FAILED", "REFUNDED_REVERSED"}:
            state = "succeeded" if code == "REFUND" and done else "failed"
            key = wire.as_key(item.get("merchantReference"))
            back = Back(provider_id=reference, amount=money, state=state, key=key)
            return Report(state="unknown", backs=[back], is_live=is_live)
        if code == "RECURRING_CONTRACT" and done:  # named by the token, of itself no payment
            more = {"recurring.recurringDetailReference": reference,
                    "recurring.shopperReference": more.get("shopperReference"), **more}  # fmt: skip
            return Report(state="unknown", is_live=is_live, kept=kept_of(more))
        if code in CONTESTS:
            name = str(more.get("disputeReference") or item.get("originalReference") or reference)
            contest = Contest(provider_id=name, amount=money, stage=CONTESTS[code],
                              reason=str(item.get("reason", ""))[:80])  # fmt: skip
            return Report(state="unknown", chargebacks=[contest], is_live=is_live)
        return None


def payload(item: Mapping[str, Any]) -> str:
    """What is signed, in their order."""
    found = item.get("amount") or {}
    parts = (
        item.get("pspReference", ""),
        item.get("originalReference") or "",
        item.get("merchantAccountCode", ""),
        item.get("merchantReference") or "",
        found.get("value", ""),
        found.get("currency", ""),
        item.get("eventCode", ""),
        item.get("success", ""),
    )
    return ":".join(str(one) for one in parts)


def amount(money: Money) -> dict[str, Any]:
    """An amount as they write it."""
    return {"value": wire.units(money, places=PLACES), "currency": money.currency}


wire_amount = amount


def kept_of(more: Mapping[str, Any]) -> Kept | None:
    """The method that the client let them keep."""
    token = more.get("tokenization.storedPaymentMethodId") or more.get(
        "recurring.recurringDetailReference"
    )
    customer = more.get("tokenization.shopperReference") or more.get("recurring.shopperReference")
    if not token or not customer:
        return None
    label = f"•••• {more.get('cardSummary', '')}"
    return Kept(customer=str(customer), token=str(token), label=label[:60])


def stored_method(found: Mapping[str, Any], customer: str) -> Kept:
    """A stored card by our names."""
    label = f"{found.get('brand') or ''} •••• {found.get('lastFour') or ''}".strip()
    return Kept(customer=customer, token=str(found["id"]), label=label[:60])


def answered(status: int, found: Any) -> Any:
    """What was asked for. Raises Refused."""
    if status < 400:
        return found
    raise wire.refused(status, str(found.get("message", "")), str(found.get("errorCode", "")))
