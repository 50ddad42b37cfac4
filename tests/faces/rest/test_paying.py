"""How clients may pay, over the API."""

from tests.faces.rest.speaking import Speaker, client_in


def test_the_ways_of_a_client_are_kept_and_judged(alice: Speaker):
    path = f"clients/{client_in(alice)['id']}/payment-methods/"

    before = alice.ok("GET", path)
    wrong = alice("PUT", path, {"methods": ["beads"], "most": "0"})
    kept = alice.ok("PUT", path, {"methods": ["bank_transfer", "card"], "most": "500.00"})

    assert before == {"methods": [], "most": None}
    assert (wrong.status, wrong.pointers) == (422, {"#/methods", "#/most"})
    assert kept["methods"] == ["card", "bank_transfer"]
    assert alice.ok("GET", path) == {"methods": ["card", "bank_transfer"], "most": "500.0000"}


def test_they_are_nobody_elses(alice: Speaker, bob: Speaker, mallory: Speaker):
    path = f"clients/{client_in(alice)['id']}/payment-methods/"

    assert mallory("GET", path).status == 404
    assert mallory("PUT", path, {"methods": ["card"]}).status == 404
    assert bob("PUT", path, {"methods": ["card"]}).status == 403
