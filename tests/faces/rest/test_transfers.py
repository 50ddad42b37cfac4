"""Refunds through payment orders, by program."""

from tests.faces.rest.speaking import Speaker, client_in
from tests.faces.rest.twins import refund_in


def test_a_refund_is_asked_for_by_order_put_into_one_and_found_there(alice: Speaker):
    client = client_in(alice, bank_accounts=[{"iban": "NL91ABNA0417164300"}])
    paid = {"client": client["id"], "amount": {"amount": "50.00", "currency": "EUR"}}
    payment = alice.ok("POST", "payments/", paid)
    body = {"payment": payment["id"], "reason": "Paid twice", "by_order": True}
    refund = alice.ok("POST", "refunds/", body)
    order = alice.ok("POST", "payment-orders/", {"kind": "transfer", "refunds": [refund["id"]]})
    (found,) = alice.ok("GET", f"payment-orders/?refund={refund['id']}")["data"]
    other = refund_in(alice)

    assert (refund["method"], refund["status"]) == ("bank_transfer", "paid")
    assert [(one["refund"], one["bill"], one["state"]) for one in order["orders"]] == [
        (refund["id"], None, "open")
    ]
    assert (order["amount"], found["id"]) == ("50.00", order["id"])
    assert alice.ok("GET", f"payment-orders/?refund={other['id']}")["data"] == []
    again = alice("POST", "payment-orders/", {"kind": "transfer", "refunds": [refund["id"]]})
    assert again.status == 422
