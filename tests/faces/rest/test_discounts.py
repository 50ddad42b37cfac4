"""Discounts for early payment over the API."""

from tests.faces.rest.discount_twins import granted_in, late_in
from tests.faces.rest.speaking import Speaker


def test_a_late_discount_is_read_granted_and_taken_back(alice: Speaker):
    invoice = late_in(alice)
    path = f"invoices/{invoice['id']}/discounts/"

    before = alice.ok("GET", path)
    granted = alice.ok("POST", path, {"reason": "As agreed"})
    settled = alice.ok("GET", f"invoices/{invoice['id']}/")
    back = alice.ok("POST", f"discounts/{granted['id']}/reverse/", {})

    (offer,) = before["offers"]
    assert (offer["amount"], offer["payable"], offer["is_open"]) == ("2.38", "116.62", False)
    assert before["taken"] == []
    assert (granted["amount"], granted["net"], granted["tax"]) == ("2.38", "2.00", "0.38")
    assert (settled["status"], settled["open"]) == ("paid", "0.00")
    assert back["is_active"] is False
    assert alice.ok("GET", f"invoices/{invoice['id']}/")["open"] == "2.38"
    again = alice("POST", f"discounts/{granted['id']}/reverse/", {})
    assert (again.status, again.body["code"]) == (409, "discount.already_reversed")


def test_what_cannot_be_granted_says_why(alice: Speaker):
    path = f"invoices/{late_in(alice)['id']}/discounts/"

    unsaid = alice("POST", path, {"granted_on": "2999-01-01"})
    alice.ok("POST", path, {"reason": "As agreed"})
    again = alice("POST", path, {"reason": "Once more"})

    assert (unsaid.status, unsaid.pointers) == (422, {"#/reason", "#/granted_on"})
    assert (again.status, again.body["code"]) == (409, "discount.not_possible")


def test_an_agent_and_strangers_grant_nothing(alice: Speaker, bob: Speaker, mallory: Speaker):
    made = granted_in(alice)

    assert bob("POST", f"discounts/{made['id']}/reverse/", {}).status in {403, 404}
    assert mallory("POST", f"discounts/{made['id']}/reverse/", {}).status == 404
    assert mallory("GET", f"invoices/{made['invoice']}/discounts/").status == 404
    assert mallory("POST", f"invoices/{made['invoice']}/discounts/", {"reason": "Mine"}).status in {
        404,
        409,
    }


def test_the_rule_of_the_house_is_kept_and_judged(alice: Speaker):
    wrong = alice("PUT", "discount-rule/", {"grace_days": 31, "tolerance": "-1"})
    kept = alice.ok("PUT", "discount-rule/", {"grace_days": 2, "tolerance": "0.05"})

    assert (wrong.status, wrong.pointers) == (422, {"#/grace_days", "#/tolerance"})
    assert kept == alice.ok("GET", "discount-rule/") == {"grace_days": 2, "tolerance": "0.05"}
    alice.ok("PUT", "discount-rule/", {"grace_days": 0, "tolerance": "0"})
