"""Calls of payment services: the door judges address, service, signature, age, mode and size."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from guilder.books.charging import operations
from tests import make
from tests.books.charging import making


@pytest.fixture
def scene(world: Any) -> Any:
    """A gateway, its address, and a charge at it."""
    by = world.alice
    through = making.gateway(by)
    from guilder.books.charging.operations.services import find_gateway
    from guilder.foundation.tenancy.transaction import transaction

    with transaction(by.organization_id):
        row = find_gateway(through.id, by=by)
    address = operations.hook_address(row, by=by)
    charge = making.charge(by, make.issued_invoice(by), through)
    return by, address, charge


def signed(charge: Any, **changes: Any) -> Any:
    """A right call of now; `data` changes what it says, the rest how it is signed."""
    data = {"charge": str(charge.id), "id": "tx", "amount": "119.00", "currency": "EUR"}
    data |= changes.pop("data", {})
    changes.setdefault("at", datetime.now(UTC))
    return making.call("charge.succeeded", data, **changes)


def sent(address: str, call: Any, **headers: str) -> Any:
    """The answer to a call."""
    given = {**call.headers, **headers}
    return Client(enforce_csrf_checks=True, SERVER_NAME="localhost").post(
        address, data=call.body, content_type="application/json", headers=given
    )


def test_a_signed_call_is_taken_and_stored_once(scene):
    by, address, charge = scene
    call = signed(charge)

    first, second = sent(address, call), sent(address, call)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(making.waiting(by)) == 1


def test_a_call_is_refused_for_what_is_wrong_with_it(scene, world):
    by, address, charge = scene
    right = signed(charge)
    other_body = replace(right, body=right.body.replace(b"119.00", b"119.01"))
    other_key = signed(charge, secret="whsec_" + "A" * 44)
    old = signed(charge, at=datetime.now(UTC) - timedelta(minutes=6))
    early = signed(charge, at=datetime.now(UTC) + timedelta(minutes=6))
    live = signed(charge, data={"live": True})
    nameless = replace(right, headers={**right.headers, "webhook-id": ""})
    unsigned = replace(right, headers={})

    refused = [sent(address, one).status_code
               for one in (other_body, other_key, old, early, live, nameless, unsigned)]  # fmt: skip

    assert refused == [400] * 7
    assert making.waiting(by) == []


def test_another_address_service_or_method_takes_nothing(scene, world):
    by, address, charge = scene
    call = signed(charge)

    wrong_token = sent(address.replace("/hooks/signed/", "/hooks/signed/x"), call)
    wrong_kind = sent(address.replace("/hooks/signed/", "/hooks/stripe/"), call)
    read = Client(SERVER_NAME="localhost").get(address)

    assert wrong_token.status_code == 404
    assert wrong_kind.status_code == 400
    assert read.status_code == 405
    assert making.waiting(by) == []


def test_a_call_for_another_tenants_charge_changes_nothing(scene, world):
    from guilder.books.charging import queries

    by, address, _charge = scene
    theirs = making.charge(
        world.mallory, make.issued_invoice(world.mallory), making.gateway(world.mallory)
    )

    answer = sent(address, signed(theirs))
    outcomes = [operations.handle_event(one, by=by, at=make.NOW) for one in making.waiting(by)]

    assert (answer.status_code, outcomes) == (200, ["nothing of ours"])
    assert queries.get_charge(theirs.id, by=world.mallory).state == "pending"


def test_a_call_for_a_charge_of_another_gateway_changes_nothing(scene):
    from guilder.books.charging import queries

    by, address, _charge = scene
    elsewhere = making.charge(by, make.issued_invoice(by), making.gateway(by))

    sent(address, signed(elsewhere))
    outcomes = [operations.handle_event(one, by=by, at=make.NOW) for one in making.waiting(by)]

    assert outcomes == ["nothing of ours"]
    assert queries.get_charge(elsewhere.id, by=by).state == "pending"


def test_another_amount_is_never_booked(scene):
    from guilder.books.charging import queries

    by, address, charge = scene

    sent(address, signed(charge, data={"amount": "1.00"}))
    outcomes = [operations.handle_event(one, by=by, at=make.NOW) for one in making.waiting(by)]

    assert outcomes == ["pending"]
    found = queries.get_charge(charge.id, by=by)
    assert (found.payment_id, found.failure) == (None, "other_amount")


def test_an_answer_tells_no_reason_of_a_signature(scene):
    _by, address, charge = scene
    answer = sent(address, replace(signed(charge), headers={}))

    told = json.loads(answer.content)

    assert told["code"] == "charging.bad_call"
    assert "signature" not in told["detail"]
