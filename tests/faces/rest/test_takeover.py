"""Changing over from an earlier system, over the API."""

from base64 import b64encode
from typing import Any

from tests.faces.cli.papers import ubl
from tests.faces.rest.speaking import Speaker


def body(**changes: Any) -> dict[str, Any]:
    content = b64encode(ubl(number="R-1")).decode()
    return {"content": content, "on": "2026-01-01", "open": "due", **changes}


def test_a_paper_is_an_invoice_under_its_old_number(alice: Speaker) -> None:
    listed = [{"number": "R-1", "amount": "19.00"}]

    [told] = alice.ok("POST", "takeover/papers/", body(open="list", listed=listed))["papers"]

    found = alice.ok("GET", f"invoices/{told['id']}/")
    assert (found["number"], found["status"], found["open"]) == ("R-1", "issued", "19.00")
    assert alice("POST", "takeover/papers/", body()).status == 422  # it comes once


def test_a_number_on_the_list_that_no_paper_has_is_told_beside_the_rest(alice: Speaker) -> None:
    listed = [{"number": "R-1", "amount": "19.00"}, {"number": "R-9", "amount": "1.00"}]

    first, unmet = alice.ok("POST", "takeover/papers/", body(open="list", listed=listed))["papers"]

    assert (first["ok"], unmet["ok"], unmet["number"]) == (True, False, "R-9")


def test_each_fault_of_a_request_is_told_in_its_place(alice: Speaker) -> None:
    listed = [{"number": "R-1", "amount": "19.00"}, {"number": "R-1", "amount": "x"}]

    said = alice("POST", "takeover/papers/", body(content="no base64!", listed=listed, on="May"))

    places = {one["pointer"].removeprefix("#") for one in said.body["errors"]}
    assert said.status == 422
    assert places == {"/content", "/on", "/listed", "/listed/1/number", "/listed/1/amount"}


def test_accounts_are_opened_once_and_open_papers_are_no_balance(alice: Speaker) -> None:
    def opened(code: str) -> Any:
        balances = [{"account": code, "amount": "25.00"}]
        return alice("POST", "takeover/balances/", {"on": "2026-01-01", "balances": balances})

    by_role = {one["role"]: one["code"] for one in alice.ok("GET", "accounts/")["data"]}

    assert opened(by_role["payables"]).body["errors"][0]["code"] == "ledger.open_items"
    entry = opened(by_role["bank"])
    assert entry.status == 201
    assert alice.ok("GET", "entries/")["data"][0]["id"] == entry.body["entry"]
    assert opened(by_role["bank"]).status == 409
