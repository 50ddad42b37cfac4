"""What tests of charges are made of: gateways with the keys of nobody, calls as services sign them."""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.charging import operations
from guilder.books.charging.gateways.base import Call
from guilder.books.charging.queries import ChargeRecord, GatewayRecord
from guilder.kernel.actor import Actor
from tests import make
from tests.make import NOW

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()
KEYS: dict[str, dict[str, str]] = {
    "signed": {"link": "https://pay.example/now", "secret": SECRET},
    "manual": {"link": ""},
    "stripe": {"secret_key": "sk_test_x", "webhook_secret": "whsec_stripe"},
    "mollie": {"api_key": "test_x"},
    "paypal": {"client_id": "id", "secret": "secret", "webhook_id": "1WH"},
    "gocardless": {"access_token": "sandbox_x", "webhook_secret": "gc-secret"},
    "adyen": {"api_key": "x", "merchant_account": "ShopECOM", "hmac_key": "ab" * 32},
    "paystack": {"secret_key": "sk_test_paystack"},
    "razorpay": {"key_id": "rzp_test_x", "key_secret": "y", "webhook_secret": "rzp-secret"},
}
numbers = itertools.count(1)


def gateway(by: Actor, kind: str = "signed", **changes: Any) -> GatewayRecord:
    """A gateway in test mode."""
    data = {"kind": kind, "name": f"{kind} {next(numbers)}", "keys": KEYS[kind], **changes}
    return operations.save_gateway(by=by, data=data, at=NOW)


def charge(by: Actor, invoice: Any, through: GatewayRecord, **changes: Any) -> ChargeRecord:
    """A charge of all that is open of an invoice."""
    part = {"invoice": str(invoice.id)}
    if amount := changes.pop("amount", ""):
        part["amount"] = amount
    data = {"gateway": str(through.id), "invoices": [part], **changes}
    attempt = f"test-{next(numbers)}"
    return operations.start_charge(by=by, data=data, attempt=attempt, at=NOW)


def call(kind: str, data: dict[str, Any], *, name: str = "", at: datetime = NOW,
         secret: str = SECRET) -> Call:  # fmt: skip
    """A call as the generic service signs it."""
    body = json.dumps({"type": kind, "data": data}).encode()
    name = name or f"msg_{next(numbers)}"
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    raw = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    headers = {
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(raw).decode(),
    }
    return Call(body=body, headers=headers, at=at)


def receive(through: GatewayRecord, call: Call, *, by: Actor) -> list[str]:
    """A call that came in and was handled by the job; gives what came of each thing in it."""
    operations.receive(through.id, kind=through.kind, call=call, by=by)
    return [operations.handle_event(one, by=by, at=call.at) for one in waiting(by)]


def waiting(by: Actor) -> list[UUID]:
    """Stored calls that no job has handled yet."""
    from guilder.books.charging.models import GatewayEvent
    from guilder.foundation.tenancy.transaction import transaction

    with transaction(by.organization_id):
        rows = GatewayEvent.objects.of(by.organization_id).filter(handled_at__isnull=True)
        return list(rows.order_by("id").values_list("id", flat=True))


def saved(by: Actor, through: GatewayRecord, partner_id: UUID, token: str = "pm_good") -> UUID:
    """A method that a client let us keep, when they paid an invoice with it."""
    from guilder.books.charging.gateways.base import Kept, Report
    from guilder.books.charging.models import SavedMethod
    from guilder.foundation.tenancy.transaction import transaction

    first = make.issued_invoice(by, client_id=partner_id)
    begun = charge(by, first, through, keep_method=True)
    kept = Kept(customer="cus_1", token=token, label="visa •••• 4242")
    operations.apply(begun.id, Report(state="succeeded", kept=kept), by=by, at=NOW)
    with transaction(by.organization_id):
        return SavedMethod.objects.of(by.organization_id).get(token=token, gateway_id=through.id).id
