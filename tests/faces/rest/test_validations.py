"""Verdicts over the API, and the refusal at issue."""

from base64 import b64encode
from typing import Any

from tests.faces.cli.papers import ubl
from tests.faces.rest.speaking import Speaker, client_in, draft_in, issued_in
from tests.papers.exchange.test_reading import two_invoices


def sent(speaker: Speaker, data: bytes, **more: Any) -> Any:
    return speaker.ok("POST", "validations/", {"content": b64encode(data).decode(), **more})


def test_a_file_is_judged_and_each_rule_explained(alice: Speaker):
    good, bad = sent(alice, ubl()), sent(alice, ubl(payable="120.00"))

    assert (good["scenario"], good["valid"], good["fired"]) == ("en16931-ubl", True, [])
    (fired,) = [one for one in bad["fired"] if one["rule"] == "BR-CO-16"]
    assert bad["valid"] is False
    assert fired["term"] == "BT-115"
    assert fired["text"] == "Amount due is not what the parts add up to."
    assert fired["fix"]


def test_other_rules_and_another_day_can_be_asked(alice: Speaker):
    told = sent(alice, ubl(), scenario="xrechnung-ubl", on="2026-10-01")
    early = sent(alice, ubl(), scenario="xrechnung-ubl", on="2020-01-01")

    assert told["scenario"] == "xrechnung-ubl"
    assert [pack for pack in told["packs"] if pack.startswith("xrechnung ")]
    # No pack at hand judged XRechnung on that day: the norm's own rules do, and it is told.
    assert early["scenario"] == "en16931-ubl"


def test_each_invoice_in_a_pdf_is_judged_and_one_can_be_chosen(alice: Speaker):
    data = two_invoices(ubl())

    whole = sent(alice, data)
    second = sent(alice, data, attachment="zugferd-invoice.xml")

    assert whole["attachment"] == "factur-x.xml"
    assert "PDF-SEVERAL" in {one["rule"] for one in whole["fired"]}
    assert whole["others"] == [{k: v for k, v in second.items() if k != "others"}]
    assert (second["attachment"], second["valid"], second["others"]) == (
        "zugferd-invoice.xml",
        True,
        [],
    )


def test_what_is_not_base64_or_not_a_scenario_is_refused(alice: Speaker):
    answer = alice("POST", "validations/", {"content": "ä", "scenario": "nix"})

    assert answer.status == 422
    assert answer.pointers == {"#/content", "#/scenario"}


def test_an_invoice_is_judged_in_a_format(alice: Speaker):
    invoice = issued_in(alice)

    told = alice.ok("GET", f"invoices/{invoice['id']}/verdict/?format=cii")

    assert told["scenario"] == "en16931-cii"
    assert told["valid"] is True
    assert told["kind"] == "cii"


def test_issue_is_refused_where_the_clients_format_would_be(alice: Speaker):
    client = client_in(alice, delivery_format="xrechnung-ubl")
    draft = draft_in(alice, client=client["id"])

    answer = alice("POST", f"invoices/{draft['id']}/issue/", {})

    assert answer.status == 422
    told = answer.body
    assert told["code"] == "einvoice.refused"
    assert "einvoice.BR-DE-15" in {one["code"] for one in told["errors"]}
    assert alice.ok("GET", f"invoices/{draft['id']}/")["number"] is None


def test_issue_in_the_call_that_makes_it_is_refused_alike_and_leaves_nothing(alice: Speaker):
    client = client_in(alice, delivery_format="xrechnung-ubl")
    body = {"client": client["id"], "currency": "EUR", "issue": True, "issued_on": "2026-10-01"}
    line = {"description": "Work", "quantity": "1", "unit": "HUR", "unit_price": "80.00"}

    for path in ("invoices/", "credit-notes/"):
        answer = alice("POST", path, {**body, "lines": [line]})

        assert (answer.status, answer.body["code"]) == (422, "einvoice.refused"), path
    assert alice.ok("GET", f"invoices/?client={client['id']}")["data"] == []


def test_a_credit_note_is_refused_alike_and_leaves_nothing(alice: Speaker):
    client = client_in(alice)
    invoice = issued_in(alice, client=client["id"])
    alice.ok("PATCH", f"clients/{client['id']}/", {"delivery_format": "xrechnung-ubl"})
    path = f"invoices/{invoice['id']}/credit/"

    refused = alice("POST", path, {"reason": "Returned"})
    draft = alice.ok("POST", path, {"reason": "Returned", "issue": False})

    assert (refused.status, refused.body["code"]) == (422, "einvoice.refused")
    notes = alice.ok("GET", f"credit-notes/?client={client['id']}")["data"]
    assert [(one["id"], one["number"]) for one in notes] == [(draft["id"], None)]
    assert alice.ok("GET", f"invoices/{invoice['id']}/")["open"] == invoice["open"]
