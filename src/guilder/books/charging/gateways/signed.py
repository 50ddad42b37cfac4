"""Any service that can call us: signed as Standard Webhooks (standardwebhooks.com) has it.

The client is sent to `link` with charge, amount, currency, return address and a signature over
them. The service calls back with {"type": "charge.succeeded" | "charge.failed" | "charge.pending" |
"charge.refunded" | "charge.disputed", "data": {"charge", "id", "amount", "currency", …}}.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import urlencode

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import (
    Account,
    Back,
    BadCall,
    BadKeys,
    Call,
    Contest,
    Key,
    Order,
    Ref,
    Report,
    Told,
)
from guilder.kernel.money import Money

PREFIX = "whsec_"
STATES = {"succeeded": "succeeded", "failed": "failed", "pending": "pending",
          "refunded": "succeeded", "disputed": "succeeded"}  # fmt: skip


class Signed(wire.Quiet):
    """The generic gateway."""

    title: ClassVar[str] = "Signed webhook"
    keys: ClassVar[tuple[Key, ...]] = (Key("link", is_secret=False), Key("secret"))
    methods: ClassVar[tuple[str, ...]] = ("card", "online", "bank_transfer", "direct_debit")
    asks: ClassVar[bool] = False

    def __init__(self, account: Account) -> None:
        self.link = account.keys.get("link", "")
        if not self.link.startswith("https://"):
            raise BadKeys("The link begins with https://.")
        self.is_live = account.is_live
        try:
            self.key = base64.b64decode(account.keys.get("secret", "").removeprefix(PREFIX))
        except binascii.Error as error:
            raise BadKeys("The secret begins with whsec_ and goes on in base64.") from error
        if len(self.key) < 24:
            raise BadKeys("The secret has 24 bytes or more, in base64 after whsec_.")

    def test(self) -> str:
        """It cannot be asked."""
        return ""

    def start(self, order: Order) -> Report:
        """To the service's page, with what is asked for and a signature."""
        told = {
            "charge": str(order.key),
            "amount": str(order.amount),
            "currency": order.amount.currency,
            "return": order.back_url,
        }
        text = "\n".join(told.values())
        told["signature"] = base64.b64encode(wire.signed(self.key, text)).decode()
        mark = "&" if "?" in self.link else "?"
        url = f"{self.link}{mark}{urlencode(told)}"
        return Report(state="pending", provider_id=f"signed-{order.key}", url=url)

    def ask(self, ref: Ref) -> Report | None:
        """It tells by itself."""
        del ref
        return None

    def answer_chargeback(self, chargeback_id: str, *, text: str) -> None:
        """People hand it in there; here it is kept."""
        del chargeback_id, text

    def read(self, call: Call) -> Sequence[Told]:
        """Judge headers and signature, then read what is said."""
        name, stamp = call.headers.get("webhook-id", ""), call.headers.get("webhook-timestamp", "")
        given = call.headers.get("webhook-signature", "").split(" ")
        wire.in_time(stamp, at=call.at)
        wanted = wire.signed(self.key, f"{name}.{stamp}.".encode() + call.body)
        right = "v1," + base64.b64encode(wanted).decode()
        if not name or not any(wire.same(one, right) for one in given):
            raise BadCall("The signature is not right.")
        return [self.told(name[:200], wire.read_json(call.body))]

    def told(self, event_id: str, body: Any) -> Told:
        """One event; what is no charge of ours is noted and left."""
        data = body.get("data") if isinstance(body, Mapping) else None
        if not isinstance(data, Mapping):
            raise BadCall("The call has no data.")
        kind = str(body.get("type", "")).partition(".")
        key = wire.as_key(data.get("charge"))
        if kind[0] != "charge" or kind[2] not in STATES or key is None:
            return Told(event_id=event_id, is_live=self.mode(data))
        return Told(
            event_id=event_id,
            about="charge",
            key=key,
            subject=str(data.get("id") or f"signed-{key}")[:200],
            is_live=self.mode(data),
            report=self.report(kind[2], data),
        )

    def mode(self, data: Mapping[str, Any]) -> bool:
        """Live or test, as the service says; what says nothing is of this account's mode."""
        return data["live"] is True if "live" in data else self.is_live

    def report(self, act: str, data: Mapping[str, Any]) -> Report:
        """All that the call says of the charge."""
        whole = money(data, "amount")
        backs, disputes = [], []
        if act == "refunded":
            backs.append(
                Back(
                    provider_id=str(data.get("refund", ""))[:200],
                    amount=money(data, "refunded", currency=whole.currency),
                    state="failed" if data.get("state") == "failed" else "succeeded",
                )
            )
        if act == "disputed":
            disputes.append(
                Contest(
                    provider_id=str(data.get("dispute", ""))[:200],
                    amount=money(data, "disputed", currency=whole.currency),
                    stage=stage(data.get("stage")),
                    reason=str(data.get("reason", ""))[:80],
                    answer_by=instant(data.get("answer_by")),
                )
            )
        if any(not one.provider_id for one in (*backs, *disputes)):
            raise BadCall("A refund or dispute needs a name of its own.")
        return Report(
            # A refund or dispute says that there was a charge, not that we may book it unseen.
            state=STATES[act] if act in {"succeeded", "failed", "pending"} else "unknown",
            provider_payment=str(data.get("id", ""))[:200],
            amount=whole,
            is_live=self.mode(data),
            method=str(data.get("method", ""))[:13],
            fee=money(data, "fee", currency=whole.currency) if data.get("fee") else None,
            failure=str(data.get("failure", ""))[:80],
            is_hard=data.get("hard") is True,
            backs=backs,
            chargebacks=disputes,
        )


def money(data: Mapping[str, Any], name: str, *, currency: str = "") -> Money:
    """An amount as decimal text, never a number. Raises BadCall."""
    value = data.get(name)
    if not isinstance(value, str):
        raise BadCall(f"“{name}” is an amount as text.")
    try:
        return Money.of(Decimal(value), currency or str(data.get("currency", "")))
    except (InvalidOperation, ValueError) as error:
        raise BadCall(f"“{name}” is no amount of a currency.") from error


def stage(value: Any) -> str:
    """A stage of a dispute."""
    if value not in {"open", "review", "won", "lost"}:
        raise BadCall("The stage of a dispute is open, review, won or lost.")
    return value


def instant(value: Any) -> datetime | None:
    """An instant in ISO 8601 with its zone, or none."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadCall("“answer_by” is an instant such as 2026-12-01T12:00:00Z.") from error
    if found.tzinfo is None:
        raise BadCall("“answer_by” needs a time zone.")
    return found
