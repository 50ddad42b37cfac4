"""Recording a payment with a key: what it writes and the answer are kept by one statement, which
goes with COMMIT; what it pays was locked with the first."""

from datetime import date

import pytest

from guilder.books.ledger import operations as ledger
from guilder.foundation.tenancy import company
from tests import make
from tests.faces.rest.leases import lost_leases
from tests.faces.rest.speaking import Speaker
from tests.faces.rest.test_budgets import statements


def owed(alice: Speaker) -> dict:
    """The body that pays a new invoice in full."""
    invoice = make.issued_invoice(alice.actor)
    return {
        "client": str(invoice.partner_id),
        "amount": {"amount": "119.00", "currency": "EUR"},
        "allocations": [{"invoice": str(invoice.id), "amount": "119.00"}],
    }


def pay(alice: Speaker, body: dict, *, key: str):
    return alice("POST", "payments/", body, Idempotency_Key=key)


def test_it_answers_as_it_is_read_and_the_invoice_is_paid(alice: Speaker):
    body = owed(alice)

    said = pay(alice, body, key="pay-1")

    assert said.status == 201
    assert said.body == alice.ok("GET", f"payments/{said.body['id']}/")
    paid = alice.ok("GET", f"invoices/{body['allocations'][0]['invoice']}/")
    assert paid["open"] == "0.00"


def test_repeated_it_is_one_payment(alice: Speaker):
    body = owed(alice)

    first = pay(alice, body, key="pay-2")
    second = pay(alice, body, key="pay-2")

    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.body == first.body
    assert len(alice.ok("GET", f"payments/?client={body['client']}")["data"]) == 1


def test_a_locked_month_refuses_it_and_the_key_is_free_again(alice: Speaker):
    body = owed(alice)
    ledger.lock_period(
        by=alice.actor, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), at=make.NOW
    )

    refused = pay(alice, body | {"received_on": "2026-10-15"}, key="pay-3")
    done = pay(alice, body, key="pay-3")

    assert (refused.status, refused.body["code"]) == (409, "ledger.period_locked")
    assert done.status == 201
    assert len(alice.ok("GET", f"payments/?client={body['client']}")["data"]) == 1


def test_a_lease_that_was_lost_undoes_it(alice: Speaker):
    body = owed(alice)

    with lost_leases():
        refused = pay(alice, body, key="pay-4")

    assert (refused.status, refused.body["code"]) == (409, "idempotency.lease_lost")
    assert alice.ok("GET", f"payments/?client={body['client']}")["data"] == []
    assert pay(alice, body, key="pay-4").status == 201


def test_the_last_statement_writes_all_of_it(alice: Speaker):
    body = owed(alice)

    with statements() as seen:
        pay(alice, body, key="pay-5")

    assert "payments_payment" in seen[-1]
    assert "edges_idempotency" in seen[-1]


def test_it_is_three_journeys_signing_in_included(alice: Speaker, monkeypatch: pytest.MonkeyPatch):
    body, made = owed(alice), []
    enqueue = company.Company._enqueue_sync
    monkeypatch.setattr(
        company.Company, "_enqueue_sync", lambda self: (made.append(1), enqueue(self))[1]
    )

    assert pay(alice, body, key="pay-6").status == 201

    assert len(made) == 2  # besides signing in, which is a statement by itself


def test_an_invoice_of_nobody_is_told_where_it_is_named(alice: Speaker):
    body = owed(alice)
    nobodys = body | {"allocations": [{"invoice": body["client"], "amount": "119.00"}]}
    unreadable = body | {"allocations": [{"invoice": "seven", "amount": "119.00"}]}

    refused = pay(alice, nobodys, key="pay-7")
    unread = pay(alice, unreadable, key="pay-8")

    assert [one["pointer"] for one in refused.body["errors"]] == ["#/allocations/0/invoice"]
    assert [one["pointer"] for one in unread.body["errors"]] == ["#/allocations/0/invoice"]


def test_what_may_keep_a_discount_back_is_looked_at_before_it_goes(alice: Speaker):
    body = owed(alice)
    body["amount"]["amount"] = body["allocations"][0]["amount"] = "100.00"

    said = pay(alice, body, key="pay-9")

    assert said.status == 201
    left = alice.ok("GET", f"invoices/{body['allocations'][0]['invoice']}/")["open"]
    assert left == "19.00"
