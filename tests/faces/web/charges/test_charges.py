"""Pages of charges, chargebacks and payouts; settings of payment services."""

import re
from datetime import timedelta
from typing import Any

import pytest

from guilder.books.charging import operations, queries
from guilder.books.charging.gateways.base import Contest, Report
from guilder.kernel.money import Money
from tests import make
from tests.books.charging import making


def paid(by: Any, **changes: Any) -> Any:
    """A charge that succeeded, with what else was told."""
    charge = making.charge(by, make.issued_invoice(by), making.gateway(by))
    operations.apply(charge.id, Report(state="succeeded", **changes), by=by, at=make.NOW)
    return queries.get_charge(charge.id, by=by)


def contested(by: Any, stage: str = "open") -> Any:
    contest = Contest(
        provider_id="dp_1",
        amount=Money.of("119.00", "EUR"),
        stage=stage,
        reason="fraudulent",
        answer_by=make.NOW + timedelta(days=3650),
    )
    charge = paid(by, chargebacks=[contest], fee=Money.of("2.19", "EUR"))
    return queries.list_chargebacks(by=by, charge_id=charge.id)[0]


def test_charges_are_listed_by_state_and_one_says_all_of_it(world, browsing):
    by = world.alice
    done = paid(by, fee=Money.of("2.19", "EUR"))
    pending = making.charge(by, make.issued_invoice(by), making.gateway(by))
    client = browsing("alice")

    shown = client.get("/charges/").content.decode()
    failed = client.get("/charges/?state=failed").content.decode()
    one = client.get(f"/charges/{done.id}/").content.decode()

    assert str(done.id) in shown
    assert str(pending.id) in shown
    assert "No charges here" in failed
    assert "The money is certain" in one
    assert "2.19" in one
    assert "116.81" in one


def test_a_manual_charge_is_confirmed_by_people(world, browsing):
    by = world.alice
    invoice = make.issued_invoice(by)
    charge = making.charge(by, invoice, making.gateway(by, "manual"))
    client = browsing("alice")
    page = client.get(f"/charges/{charge.id}/").content.decode()

    answer = client.post(f"/charges/{charge.id}/confirm/", {"outcome": "succeeded"})

    assert "It is paid" in page
    assert answer.status_code == 302
    assert queries.get_charge(charge.id, by=by).state == "succeeded"


def test_a_chargeback_shows_its_deadline_and_takes_one_answer(world, browsing):
    found = contested(world.alice)
    client = browsing("alice")
    listed = client.get("/chargebacks/").content.decode()
    empty = client.post(f"/chargebacks/{found.id}/answer/", {"text": " "})

    answer = client.post(f"/chargebacks/{found.id}/answer/", {"text": "It was\r\ndelivered."})

    assert "days left" in listed
    assert "The holder did not order it" in listed
    assert empty.status_code == 422
    assert "Say why the charge was right." in empty.content.decode()
    assert answer.status_code == 302
    after = queries.get_chargeback(found.id, by=world.alice)
    assert (after.stage, after.answer) == ("review", "It was\ndelivered.")
    page = client.get(f"/chargebacks/{found.id}/").content.decode()
    assert "Your answer is with the bank." in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0] or "answer/" not in page


def test_a_lost_chargeback_leads_to_what_booked_it(world, browsing):
    found = contested(world.alice, "lost")

    page = browsing("alice").get(f"/chargebacks/{found.id}/").content.decode()

    assert "Lost: the money is gone" in page
    assert f"/refunds/{found.refund_id}/" in page


@pytest.mark.parametrize("path", ["charges", "chargebacks"])
def test_pages_are_for_those_who_may_in_their_own_organization(world, browsing, path):
    found = contested(world.alice)
    one = found.charge_id if path == "charges" else found.id

    assert browsing("mallory").get(f"/{path}/{one}/").status_code == 404
    assert browsing("bob").get(f"/{path}/{one}/").status_code == 403
    assert browsing("bob").get(f"/{path}/").status_code == 403
    assert browsing("alice").get(f"/{path}/{one}/").status_code == 200


def test_payouts_are_listed_when_there_are_any(world, browsing):
    from guilder.books.charging.models import Payout
    from guilder.foundation.tenancy.transaction import transaction

    by = world.alice
    client = browsing("alice")
    before = client.get("/payouts/").content.decode()
    gateway = making.gateway(by)
    with transaction(by.organization_id):
        Payout.objects.create(
            organization_id=by.organization_id, gateway_id=gateway.id, provider_id="po_1",
            amount=11681, currency="EUR", stage="paid", arrives_on=make.TODAY,
            created_at=make.NOW, updated_at=make.NOW,
        )  # fmt: skip

    after = client.get("/payouts/").content.decode()

    assert "No payouts yet" in before
    assert "po_1" in after
    assert "116.81" in after


def test_a_service_is_added_changed_and_its_keys_are_never_shown(world, browsing):
    client = browsing("alice")
    start = client.get("/settings/gateways/").content.decode()
    form = client.get("/settings/gateways/?kind=stripe").content.decode()
    given = {
        "name": "", "key_secret_key": "sk_test_secret123", "key_webhook_secret": "whsec_abc",
        "is_active": "on", "method_card": "on", "currencies": "eur", "least": "5,00", "most": "",
    }  # fmt: skip

    answer = client.post("/settings/gateways/?kind=stripe", given)

    assert "Razorpay" in start
    assert "Signing secret of the webhook" in form
    assert answer.status_code == 302
    (record,) = queries.list_gateways(by=world.alice)
    assert (record.name, record.methods, record.currencies, str(record.least.normalize())) == (
        "Stripe", ("card",), ("EUR",), "5",
    )  # fmt: skip
    page = client.get(answer["Location"]).content.decode()
    assert "sk_test_secret123" not in page
    assert re.search(r"http://[^/]+/hooks/stripe/[\w-]{20,}/", page)
    again = {**given, "name": "Cards", "key_secret_key": "", "key_webhook_secret": "",
             "version": str(record.version)}  # fmt: skip
    assert client.post(answer["Location"], again).status_code == 302
    assert queries.get_gateway(record.id, by=world.alice).name == "Cards"


def test_wrong_keys_are_named_beside_their_field(world, browsing):
    given = {"key_secret_key": "", "key_webhook_secret": "x", "is_active": "on"}

    missing = browsing("alice").post("/settings/gateways/?kind=stripe", given)
    wrong = browsing("alice").post(
        "/settings/gateways/?kind=stripe", {**given, "key_secret_key": "sk_live_x"}
    )

    assert (missing.status_code, wrong.status_code) == (422, 422)
    assert "Enter this; the service shows it to you." in missing.content.decode()
    assert "A key of this mode begins with sk_test_" in wrong.content.decode()
    assert queries.list_gateways(by=world.alice) == []


def test_the_test_says_what_the_service_said(world, browsing, monkeypatch):
    from guilder.books.charging.gateways import wire
    from tests.fakes.stripe import FakeStripe

    fake = FakeStripe()
    monkeypatch.setattr(wire.outbound, "request", fake.request)
    record = making.gateway(world.alice, "stripe")
    client = browsing("alice")

    good = client.post(f"/settings/gateways/{record.id}/test/", follow=True).content.decode()
    fake.trouble = [401]
    bad = client.post(f"/settings/gateways/{record.id}/test/", follow=True).content.decode()

    assert "The service answers: Northlight." in good
    assert "The payment service refused" in bad
    assert queries.get_gateway(record.id, by=world.alice).test_problem


def test_services_are_for_admins_of_the_organization(world, browsing):
    record = making.gateway(world.alice)

    assert browsing("mallory").get(f"/settings/gateways/{record.id}/").status_code == 404
    assert browsing("mallory").post(f"/settings/gateways/{record.id}/test/").status_code == 404
    assert browsing("bob").get("/settings/gateways/").status_code == 403
