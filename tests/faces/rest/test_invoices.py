"""Invoices, credit notes, quotes and payments over the API: their lives, and the refusals."""

import io

import pytest

from tests.faces.rest.speaking import (
    Speaker,
    client_in,
    draft_in,
    issued_in,
    line,
    payment_in,
)


def status_of(speaker: Speaker, invoice: dict[str, object]) -> str:
    return speaker.ok("GET", f"invoices/{invoice['id']}/")["status"]


def test_an_invoice_lives_from_draft_to_paid(alice: Speaker):
    client = client_in(alice)["id"]
    lines = [line(quantity="3", unit_price="19.90"), line(quantity="2", unit_price="12.35",
                                                          tax="reduced")]  # fmt: skip

    draft = draft_in(alice, client=client, lines=lines)
    issued = alice.ok("POST", f"invoices/{draft['id']}/issue/", {})

    # 3 × 19.90 = 59.70 at 19 % = 11.34; 2 × 12.35 = 24.70 at 7 % = 1.73
    assert (draft["status"], draft["number"], draft["issued_on"]) == ("draft", None, None)
    assert draft["totals"]["due"] == "97.47"
    assert [row["tax"] for row in draft["tax_breakdown"]] in (["11.34", "1.73"], ["1.73", "11.34"])
    assert issued["status"] == "issued"
    assert issued["number"]
    assert issued["due_on"] >= issued["issued_on"]

    shares = [{"invoice": issued["id"], "amount": "47.47"}]
    payment_in(alice, client=client, amount="47.47", allocations=shares)
    assert status_of(alice, issued) == "partially_paid"
    payment_in(alice, client=client, amount="60.00", auto=True)
    assert status_of(alice, issued) == "paid"


def test_an_issued_invoice_never_changes(alice: Speaker):
    issued = issued_in(alice)
    path = f"invoices/{issued['id']}/"

    refused = [
        alice("PATCH", path, {"lines": []}),
        alice("PATCH", path, {}),
        alice("DELETE", path),
        alice("POST", f"{path}issue/", {}),
    ]

    assert {(one.status, one.body["code"]) for one in refused} == {(409, "invoice.not_draft")}
    assert alice.ok("GET", path) == issued


def test_creating_and_issuing_in_one_call_is_the_same(alice: Speaker):
    client = client_in(alice)["id"]

    one, two = issued_in(alice, client=client), draft_in(alice, client=client)
    two = alice.ok("POST", f"invoices/{two['id']}/issue/", {})

    same = ("totals", "tax_breakdown", "due_on", "issued_on", "status", "buyer", "seller")
    assert {name: one[name] for name in same} == {name: two[name] for name in same}
    assert one["number"] != two["number"]


def test_numbers_follow_one_another(alice: Speaker):
    client = client_in(alice)["id"]

    numbers = [issued_in(alice, client=client)["number"] for _ in range(5)]
    runs = alice.ok("GET", "series/gaps/")["data"]

    counters = [int(number.rpartition("-")[2]) for number in numbers]
    assert counters == list(range(1, 6))
    assert [(run["first"], run["last"], run["count"], run["missing"]) for run in runs] == [
        (1, 5, 5, [])
    ]


def test_the_pdf_says_what_the_invoice_says(alice: Speaker):
    import pdfplumber

    issued = issued_in(alice)

    said = alice("GET", f"invoices/{issued['id']}/pdf/")
    again = alice("GET", f"invoices/{issued['id']}/pdf/")

    assert said.headers["Content-Type"] == "application/pdf"
    assert issued["number"] in said.headers["Content-Disposition"]
    assert again.body == said.body
    with pdfplumber.open(io.BytesIO(said.body)) as pdf:
        text = pdf.pages[0].extract_text()
    assert issued["number"] in text
    assert "119" in text


def test_sending_puts_a_mail_into_the_outbox(alice: Speaker):
    issued = issued_in(alice)
    path = f"invoices/{issued['id']}"

    mail = alice("POST", f"{path}/send/", {"to": ["kim@example.test"], "message": "Thanks."})
    refused = alice("POST", f"{path}/send/", {"to": ["nonsense", 1]})

    assert mail.status == 202
    assert mail.body["to"] == ["kim@example.test"]
    assert issued["number"] in mail.body["subject"]
    assert [one["id"] for one in alice.ok("GET", f"{path}/mails/")["data"]] == [mail.body["id"]]
    assert refused.status == 422
    assert refused.pointers == {"#/to/0", "#/to/1"}


def test_a_draft_is_not_sent(alice: Speaker):
    refused = alice("POST", f"invoices/{draft_in(alice)['id']}/send/", {})

    assert (refused.status, refused.body["code"]) == (409, "mail.not_sendable")


def test_an_invoice_is_credited_in_part_and_then_in_full(alice: Speaker):
    issued = issued_in(alice, lines=[line(quantity="3")])
    path = f"invoices/{issued['id']}/credit/"

    part = alice.ok("POST", path, {"lines": [{"line": 1, "quantity": "1"}], "reason": "Late"})
    too_much = alice("POST", path, {"lines": [{"line": 1, "quantity": "2.5"}]})
    rest = alice.ok("POST", path, {})
    nothing = alice("POST", path, {})

    assert (part["kind"], part["totals"]["due"]) == ("credit_note", "119.00")
    assert part["corrects"] == issued["id"]
    assert too_much.pointers == {"#/lines/0/quantity"}
    assert rest["totals"]["due"] == "238.00"
    assert (nothing.status, nothing.body["code"]) == (409, "invoice.nothing_left")
    assert status_of(alice, issued) == "credited"


def test_open_credit_is_applied_and_taken_off_again(alice: Speaker):
    client = client_in(alice)["id"]
    paid = issued_in(alice, client=client)
    payment_in(alice, client=client, auto=True)
    credit = alice.ok("POST", f"invoices/{paid['id']}/credit/", {})
    other = issued_in(alice, client=client)
    path = f"credit-notes/{credit['id']}"

    made = alice.ok("POST", f"{path}/allocate/", {"invoice": other["id"], "amount": "19.00"})
    after = alice.ok("POST", f"{path}/allocations/{made['id']}/reverse/", {})

    assert (made["credit_note"]["open"], made["invoice"]["open"]) == ("100.00", "100.00")
    assert after["open"] == "119.00"
    assert alice.ok("GET", f"invoices/{other['id']}/")["open"] == "119.00"


def test_a_duplicate_is_a_new_draft(alice: Speaker):
    issued = issued_in(alice)

    copy = alice("POST", f"invoices/{issued['id']}/duplicate/")

    assert copy.status == 201
    assert copy.headers["Location"] == f"/api/v1/invoices/{copy.body['id']}/"
    assert (copy.body["status"], copy.body["number"]) == ("draft", None)
    assert copy.body["totals"] == issued["totals"]


def test_what_is_given_up_is_written_off(alice: Speaker):
    issued = issued_in(alice)
    path = f"invoices/{issued['id']}/write-off/"

    too_much = alice("POST", path, {"reason": "Insolvent", "amount": "200.00"})
    after = alice.ok("POST", path, {"reason": "Insolvent"})

    assert too_much.body["code"] == "invoice.over_open"
    assert (after["status"], after["open"]) == ("written_off", "0.00")


def test_a_dispute_begins_and_ends(alice: Speaker):
    issued = issued_in(alice)
    path = f"invoices/{issued['id']}/dispute/"

    assert alice.ok("POST", path, {})["status"] == "disputed"
    assert alice.ok("POST", path, {"is_disputed": False})["status"] == "issued"


def test_the_mark_of_an_invoice_and_its_dispute_are_one_thing(alice: Speaker):
    issued = issued_in(alice)
    path, kept = f"invoices/{issued['id']}/dispute/", f"disputes/?invoice={issued['id']}"
    said = {"category": "quality", "reason": "Torn", "deadline_on": "2099-01-31"}

    mixed = alice("POST", path, {"is_disputed": False, "reason": "Torn"})
    alice.ok("POST", path, said)
    alice.ok("POST", path, said)  # twice is once
    (opened,) = alice.ok("GET", kept)["data"]
    alice.ok("POST", path, {"is_disputed": False, "outcome": "upheld", "note": "It was whole."})
    alice.ok("POST", path, {"is_disputed": False})
    (settled,) = alice.ok("GET", kept)["data"]

    assert (mixed.status, mixed.pointers) == (422, {"#/reason"})
    assert {name: opened[name] for name in said} == said
    assert (settled["status"], settled["outcome"], settled["note"]) == (
        "settled", "upheld", "It was whole.",
    )  # fmt: skip


def test_an_agent_sees_and_changes_only_their_own(alice: Speaker, bob: Speaker):
    client = client_in(alice)["id"]
    hers, his = draft_in(alice, client=client), draft_in(bob, client=client)

    assert [row["id"] for row in bob.ok("GET", "invoices/")["data"]] == [his["id"]]
    assert bob("GET", f"invoices/{hers['id']}/").status == 404
    assert bob("PATCH", f"invoices/{hers['id']}/", {"lines": []}).status == 404
    assert bob("PATCH", f"invoices/{his['id']}/", {"notes": "Hello"}).status == 200
    assert bob("POST", f"invoices/{his['id']}/issue/", {}).status == 403
    assert bob("POST", "invoices/", {"client": client, "issue": True}).status == 403


def test_a_quote_is_offered_accepted_and_invoiced(alice: Speaker):
    data = {"client": client_in(alice)["id"], "currency": "EUR", "lines": [line(quantity="4")]}
    quote = alice.ok("POST", "quotes/", data)
    path = f"quotes/{quote['id']}"

    early = alice("POST", f"{path}/accept/", {})
    sent = alice.ok("POST", f"{path}/send/", {})
    accepted = alice.ok("POST", f"{path}/accept/", {"name": "Kim"})
    part = alice.ok("POST", f"{path}/invoice/", {"lines": [{"line": 1, "quantity": "1"}]})
    rest = alice.ok("POST", f"{path}/invoice/", {})

    assert early.status == 409
    assert (sent["status"], bool(sent["number"])) == ("sent", True)
    assert (accepted["status"], accepted["accepted_by"]) == ("accepted", "Kim")
    assert (part["quote"], part["totals"]["due"]) == (quote["id"], "119.00")
    assert rest["totals"]["due"] == "357.00"
    assert alice.ok("GET", f"{path}/")["status"] == "invoiced"
    assert alice("GET", f"{path}/pdf/").body[:5] == b"%PDF-"


def test_money_that_bounced_is_owed_again(alice: Speaker):
    issued = issued_in(alice)
    shares = [{"invoice": issued["id"], "amount": "119.00"}]
    payment = payment_in(alice, client=issued["client"], allocations=shares)

    after = alice.ok("POST", f"payments/{payment['id']}/reverse/", {"reason": "Bounced"})
    twice = alice("POST", f"payments/{payment['id']}/reverse/", {"reason": "Bounced"})

    assert after["reversed_on"]
    assert twice.status == 409
    assert alice.ok("GET", f"invoices/{issued['id']}/")["open"] == "119.00"


@pytest.mark.parametrize("amount", ["0", "-1.00", "1.001", "x", "1e3", 1.5, None, "9" * 40])
def test_an_amount_that_is_none_is_refused(amount: object, alice: Speaker):
    money = {"amount": amount, "currency": "EUR"}

    refused = alice("POST", "payments/", {"client": client_in(alice)["id"], "amount": money})

    assert refused.status == 422
    assert refused.pointers == {"#/amount/amount"}


def test_more_than_is_open_is_refused_with_its_place(alice: Speaker):
    issued = issued_in(alice)
    shares = [{"invoice": issued["id"], "amount": "119.01"}]

    refused = alice(
        "POST",
        "payments/",
        {
            "client": issued["client"],
            "amount": {"amount": "200.00", "currency": "EUR"},
            "allocations": shares,
        },
    )

    assert refused.status == 422
    assert refused.pointers == {"#/allocations/0/amount"}


def test_the_ledger_adds_up_and_owes_by_age(alice: Speaker):
    issued = issued_in(alice)
    payment_in(alice, client=issued["client"], amount="19.00", auto=True)

    balance = alice.ok("GET", "reports/trial-balance/")
    ageing = alice.ok("GET", "reports/ageing/")["data"]
    entries = alice.ok("GET", f"entries/?source_id={issued['id']}")["data"]

    closing = [int(row["closing"].replace(".", "")) for row in balance["accounts"]]
    assert sum(closing) == 0
    assert any(closing)
    assert [(row["currency"], row["amount"], row["count"]) for row in ageing] == [
        ("EUR", "100.00", 1)
    ]
    assert sum(int(one["base_amount"].replace(".", "")) for one in entries[0]["postings"]) == 0


def test_nothing_is_booked_into_locked_days(alice: Speaker):
    issued = issued_in(alice)
    month = {"starts_on": issued["issued_on"], "ends_on": issued["issued_on"]}

    period = alice.ok("POST", "periods/", month)
    draft = draft_in(alice, client=issued["client"])
    refused = alice("POST", f"invoices/{draft['id']}/issue/", {})
    alice.ok("POST", f"periods/{period['id']}/reopen/")

    assert refused.status == 409
    assert alice("POST", f"invoices/{draft['id']}/issue/", {}).status == 200


def test_the_trail_says_who_did_what(alice: Speaker):
    draft = draft_in(alice)
    alice.ok("PATCH", f"invoices/{draft['id']}/", {"notes": "Hello"})

    entries = alice.ok("GET", f"audit/?row={draft['id']}")["data"]
    events = alice.ok("GET", f"events/?subject={draft['id']}")["data"]

    assert [one["action"] for one in entries] == ["invoice.update", "invoice.create"]
    assert {one["actor_name"] for one in entries} == {"Alice"}
    assert all(one["request_id"] for one in entries)
    assert [one["type"] for one in events] == ["invoice.changed", "invoice.created"]
