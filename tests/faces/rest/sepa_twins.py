"""Rightful requests of mandates and payment orders."""

from base64 import b64encode
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.faces.rest.speaking import Speaker, client_in, issued_in
from tests.faces.rest.twins import Request, twin


def a_mandate(speaker: Speaker) -> dict[str, Any]:
    body = {
        "client": client_in(speaker)["id"],
        "iban": "DE02120300000000202051",
        "signed_on": "2026-11-02",
        "notice_days": 0,
    }
    return speaker.ok("POST", "mandates/", body)


def a_payment_order(speaker: Speaker, *acts: str) -> dict[str, Any]:
    """A collection of one invoice, with what is done to it besides."""
    from guilder.books.sepa import calc
    from tests.books.sepa import making

    assert speaker.actor is not None
    making.creditor(speaker.actor)
    made = a_mandate(speaker)
    invoice = issued_in(speaker, client=made["client"])
    due_on = calc.open_from(date.fromisoformat(invoice["due_on"]) + timedelta(days=30))
    body = {"kind": "debit", "invoices": [invoice["id"]], "due_on": due_on.isoformat()}
    order = speaker.ok("POST", "payment-orders/", body)
    for act in acts:
        order = speaker.ok("POST", f"payment-orders/{order['id']}/{act}/")
    return order


@twin("GET", "mandates/")
def mandates_of_a_client(speaker: Speaker) -> Request:
    return Request(query={"client": a_mandate(speaker)["client"]})


@twin("POST", "mandates/")
def new_mandate(speaker: Speaker) -> Request:
    body = {"client": client_in(speaker)["id"], "iban": "NL91ABNA0417164300"}
    return Request(body=body)


@twin("GET", "mandates/{id}/")
def of_mandate(speaker: Speaker) -> Request:
    return Request({"id": a_mandate(speaker)["id"]})


@twin("GET", "mandates/{id}/pdf/")
def printed_mandate(speaker: Speaker) -> Request:
    from tests.books.sepa import making

    assert speaker.actor is not None
    making.creditor(speaker.actor)
    return of_mandate(speaker)


@twin("PATCH", "mandates/{id}/")
def amended_mandate(speaker: Speaker) -> Request:
    return Request(of_mandate(speaker).path, body={"iban": "NL91ABNA0417164300"})


@twin("POST", "mandates/{id}/end/")
def ended_mandate(speaker: Speaker) -> Request:
    return Request(of_mandate(speaker).path, body={"reason": "The client withdrew it"})


@twin("GET", "payment-orders/")
def payment_orders_of_a_kind(speaker: Speaker) -> Request:
    return Request(query={"kind": a_payment_order(speaker)["kind"], "status": "draft"})


@twin("POST", "payment-orders/")
def new_payment_order(speaker: Speaker) -> Request:
    order = a_payment_order(speaker)
    speaker.ok("POST", f"payment-orders/{order['id']}/cancel/", {"reason": "Made anew"})
    invoices = [one["invoice"] for one in order["orders"]]
    return Request(body={"kind": "debit", "invoices": invoices, "due_on": order["due_on"]})


@twin("GET", "payment-orders/{id}/")
@twin("POST", "payment-orders/{id}/close/")
def of_payment_order(speaker: Speaker) -> Request:
    return Request({"id": a_payment_order(speaker)["id"]})


@twin("POST", "payment-orders/{id}/approve/")
def approved_payment_order(speaker: Speaker) -> Request:
    """Somebody else made it."""
    from guilder.books.sepa.models import Batch
    from guilder.foundation.tenancy.transaction import transaction

    by = speaker.actor
    assert by is not None
    order = a_payment_order(speaker)
    with transaction(by.organization_id):
        Batch.objects.of(by.organization_id).filter(id=order["id"]).update(created_by_id=uuid4())
    return Request({"id": order["id"]})


@twin("GET", "payment-orders/{id}/file/")
@twin("POST", "payment-orders/{id}/hand-over/")
def of_closed_order(speaker: Speaker) -> Request:
    return Request({"id": a_payment_order(speaker, "close")["id"]})


@twin("POST", "payment-orders/{id}/cancel/")
def cancelled_order(speaker: Speaker) -> Request:
    return Request(of_closed_order(speaker).path, body={"reason": "The bank did not take it"})


@twin("POST", "payment-orders/{id}/orders/{order}/drop/")
def dropped_order(speaker: Speaker) -> Request:
    order = a_payment_order(speaker)
    return Request({"id": order["id"], "order": order["orders"][0]["id"]})


@twin("POST", "payment-orders/{id}/orders/{order}/refuse/")
def refused_order(speaker: Speaker) -> Request:
    order = a_payment_order(speaker, "close", "hand-over")
    path = {"id": order["id"], "order": order["orders"][0]["id"]}
    return Request(path, body={"failure": "AM04"})


@twin("POST", "payment-orders/answers/")
def answered_order(speaker: Speaker) -> Request:
    from types import SimpleNamespace

    from tests.books.sepa.making import answer, refusal

    order = a_payment_order(speaker, "close")
    item = SimpleNamespace(**order["orders"][0])
    report = answer(SimpleNamespace(**order), refusal(item, "AM04"))
    return Request(body={"content": b64encode(report).decode(), "filename": "answer.xml"})
