"""Mollie: payments, mandates, refunds and chargebacks. API v2 of docs.mollie.com.

Its classic calls carry an id and no signature; nothing in them is believed, they only make us ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import parse_qs
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

BASE = "https://api.mollie.com"
STATES = {"open": "pending", "pending": "pending", "authorized": "pending", "paid": "succeeded",
          "failed": "failed", "canceled": "failed", "expired": "failed"}  # fmt: skip
BACKS = {"queued": "pending", "pending": "pending", "processing": "pending",
         "refunded": "succeeded", "failed": "failed", "canceled": "failed"}  # fmt: skip
METHODS = {"card": "creditcard", "direct_debit": "directdebit", "bank_transfer": "banktransfer"}
OURS = {theirs: ours for ours, theirs in METHODS.items()}
HARD = ("invalid_card_number", "inactive_card", "possible_fraud", "refused_by_issuer_hard",
        "MD01", "AC04", "AC01", "MS02_hard")  # fmt: skip


class Mollie(wire.Quiet):
    """A profile at Mollie."""

    title: ClassVar[str] = "Mollie"
    keys: ClassVar[tuple[Key, ...]] = (Key("api_key"),)
    methods: ClassVar[tuple[str, ...]] = ("card", "direct_debit", "bank_transfer", "online")
    refunds: ClassVar[bool] = True
    keeps: ClassVar[bool] = True
    # Of what is a method here, a card alone can take a payment of nothing.
    sets_up: ClassVar[Mapping[str, Sequence[str]]] = MappingProxyType({"card": ()})

    def __init__(self, account: Account) -> None:
        self.base = account.base or BASE
        self.is_live = account.is_live
        self.key = account.keys["api_key"].strip()
        start = "live_" if account.is_live else "test_"
        if not self.key.startswith(start):
            raise BadKeys(f"A key of this mode begins with {start}.")

    def send(self, method: str, path: str, data: Any = None, *, key: str = "") -> tuple[int, Any]:
        """One call."""
        headers = {"Authorization": f"Bearer {self.key}"}
        if key:
            headers["Idempotency-Key"] = key
        return wire.call(method, f"{self.base}/v2{path}", headers=headers, data=data)

    def test(self) -> str:
        """The name of the profile."""
        return str(answered(*self.send("GET", "/profiles/me")).get("name", ""))

    def start(self, order: Order) -> Report:
        """A page of Mollie, or a recurring payment of a mandate."""
        data: dict[str, Any] = {
            "amount": amount(order.amount),
            "description": order.description[:255],
            "webhookUrl": order.hook_url,
            "metadata": {"charge": str(order.key)},
        }
        if order.kept is not None:
            data |= {"sequenceType": "recurring", "customerId": order.kept.customer,
                     "mandateId": order.kept.token}  # fmt: skip
        else:
            data["redirectUrl"] = order.back_url
            if order.method in METHODS:
                data["method"] = METHODS[order.method]
            if order.keeps_method:
                data |= {"sequenceType": "first", "customerId": self.customer(order)}
        found = self.send("POST", "/payments", data, key=f"charge-{order.key}")
        return self.report(answered(*found))

    def begin_setup(self, setup: Setup) -> Report:
        """A page for a first payment of nothing: the card is checked and leaves a mandate."""
        data = {
            "amount": wire_amount(Money.zero(setup.currency)),
            "description": setup.description[:255],
            "redirectUrl": setup.back_url,
            "webhookUrl": setup.hook_url,
            "metadata": {"setup": str(setup.key)},
            "method": METHODS["card"],
            "sequenceType": "first",
            "customerId": self.customer(setup),
        }
        return setup_told(self.report(answered(*self.send("POST", "/payments", data,
                                                          key=f"setup-{setup.key}"))))  # fmt: skip

    def ask_setup(self, setup: Setup) -> Report | None:
        """That payment, with its mandate."""
        if not setup.provider_id:
            return None
        status, found = self.send("GET", f"/payments/{wire.part(setup.provider_id)}")
        if status in {404, 410}:
            return None
        return setup_told(self.report(answered(status, found)))

    def customer(self, order: Order | Setup) -> str:
        """A customer for the mandate to come."""
        data = {"name": order.name, "email": order.email or None}
        made = self.send("POST", "/customers", data, key=f"customer-{order.key}")
        return answered(*made)["id"]

    def forget(self, kept: Kept) -> None:
        """Revoke a mandate; one that is gone answers 404 or 410."""
        path = f"/customers/{wire.part(kept.customer)}/mandates/{wire.part(kept.token)}"
        status, found = self.send("DELETE", path)
        if status not in {404, 410}:
            answered(status, found)

    def ask(self, ref: Ref) -> Report | None:
        """A payment with refunds and chargebacks; without a name it was never answered."""
        if not ref.provider_id:
            return None
        status, found = self.send("GET", f"/payments/{wire.part(ref.provider_id)}")
        return None if status in {404, 410} else self.report(answered(status, found))

    def report(self, found: Mapping[str, Any]) -> Report:
        """What a payment says."""
        link = (found.get("_links") or {}).get("checkout") or {}
        about = found.get("details") or {}
        failure = str(about.get("failureReason") or about.get("bankReasonCode") or "")
        state = STATES.get(str(found["status"]), "unknown")
        method = str(found.get("method") or "")
        return Report(
            state=state,
            provider_id=found["id"],
            provider_payment=found["id"],
            amount=money(found["amount"]),
            is_live=found.get("mode") == "live" if found.get("mode") else None,
            method=OURS.get(method, "online" if method else ""),
            url=str(link.get("href", "")),
            failure=(failure or str(found["status"]))[:80] if state == "failed" else "",
            is_hard=failure in HARD,
            backs=self.backs(found) if nonzero(found.get("amountRefunded")) else (),
            chargebacks=self.contests(found) if nonzero(found.get("amountChargedBack")) else (),
            kept=kept_of(found) if state == "succeeded" else None,
        )

    def backs(self, payment: Mapping[str, Any]) -> list[Back]:
        """Refunds of a payment."""
        found = answered(*self.send("GET", f"/payments/{wire.part(payment['id'])}/refunds"))
        return [back(one) for one in found["_embedded"]["refunds"]]

    def contests(self, payment: Mapping[str, Any]) -> list[Contest]:
        """Chargebacks: at Mollie they are decided when they are told, and can be reversed."""
        found = answered(*self.send("GET", f"/payments/{wire.part(payment['id'])}/chargebacks"))
        return [
            Contest(
                provider_id=one["id"],
                amount=money(one["amount"]),
                stage="won" if one.get("reversedAt") else "lost",
                reason=str((one.get("reason") or {}).get("code", ""))[:80],
            )
            for one in found["_embedded"]["chargebacks"]
        ]

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """A refund."""
        data = {"amount": wire_amount(amount), "description": reason[:255],
                "metadata": {"refund": str(key)}}  # fmt: skip
        path = f"/payments/{wire.part(ref.provider_payment)}/refunds"
        return back(answered(*self.send("POST", path, data, key=f"refund-{key}")))

    def read(self, call: Call) -> Sequence[Told]:
        """id=tr_…: each call makes us ask, so each counts for itself."""
        try:
            fields = parse_qs(call.body.decode("ascii"), strict_parsing=True)
        except ValueError as error:
            raise BadCall("The call is no form.") from error
        name = (fields.get("id") or [""])[0]
        if not name.startswith("tr_") or len(name) > 100:
            raise BadCall("The call names no payment.")
        # A twin within the same second says nothing new.
        return [Told(event_id=f"{name}@{int(call.at.timestamp())}", about="charge", subject=name)]


def setup_told(report: Report) -> Report:
    """A payment of nothing is done when it has left a mandate."""
    is_early = report.state == "succeeded" and report.kept is None
    return replace(report, state="pending") if is_early else report


def amount(money: Money) -> dict[str, str]:
    """An amount as they write it."""
    return {"currency": money.currency, "value": f"{money.amount:f}"}


wire_amount = amount


def money(found: Mapping[str, str]) -> Money:
    """An amount of theirs."""
    return Money.of(Decimal(found["value"]), found["currency"])


def nonzero(found: Mapping[str, str] | None) -> bool:
    """Whether an amount is there and above zero."""
    return bool(found) and Decimal(found["value"]) > 0  # type: ignore[index]


def back(found: Mapping[str, Any]) -> Back:
    """One refund."""
    return Back(
        provider_id=found["id"],
        amount=money(found["amount"]),
        state=BACKS.get(str(found["status"]), "unknown"),
        key=wire.as_key((found.get("metadata") or {}).get("refund")),
    )


def kept_of(found: Mapping[str, Any]) -> Kept | None:
    """The mandate that a first payment left."""
    if found.get("sequenceType") != "first" or not found.get("mandateId"):
        return None
    about = found.get("details") or {}
    label = about.get("cardNumber") or str(about.get("consumerAccount", ""))[-4:]
    method = str(found.get("method") or "")
    return Kept(
        customer=str(found.get("customerId", "")),
        token=str(found["mandateId"]),
        method=OURS.get(method, "direct_debit"),
        label=f"•••• {label}"[:60],
    )


def answered(status: int, found: Any) -> Any:
    """What was asked for. Raises Refused."""
    if status < 400:
        return found
    raise wire.refused(status, str(found.get("detail", "")), hard=HARD)
