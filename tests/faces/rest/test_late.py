"""Issuing with a key: number and answer are kept by one statement, which goes with COMMIT."""

from datetime import date

import pytest

from guilder.books.ledger import operations as ledger
from tests import make
from tests.faces.rest.leases import lost_leases
from tests.faces.rest.speaking import Speaker, client_in, draft_in, line


def issue_of(draft: dict, alice: Speaker, *, key: str, **body: str):
    """The answer to issuing a draft with a key."""
    return alice("POST", f"invoices/{draft['id']}/issue/", body, Idempotency_Key=key)


def test_an_issue_with_a_key_answers_as_the_invoice_is_read(alice: Speaker):
    said = issue_of(draft_in(alice), alice, key="late-1")
    read = alice("GET", f"invoices/{said.body['id']}/")

    assert said.status == 200
    assert said.body == read.body
    assert said.body["number"].endswith("-00001")
    assert len(said.body["chain_hash"]) == 64
    assert said.headers["ETag"] == read.headers["ETag"]


def test_an_issue_that_is_repeated_gets_the_same_answer_and_no_second_number(alice: Speaker):
    draft = draft_in(alice)

    first = issue_of(draft, alice, key="late-2")
    second = issue_of(draft, alice, key="late-2")
    next_one = issue_of(draft_in(alice), alice, key="late-3")

    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.body == first.body
    assert second.headers["ETag"] == first.headers["ETag"]
    assert next_one.body["number"].endswith("-00002")


def test_drafting_and_issuing_at_once_is_repeated_as_one(alice: Speaker):
    body = {"client": client_in(alice)["id"], "lines": [line()], "issue": True}

    first = alice("POST", "invoices/", body, Idempotency_Key="late-4")
    second = alice("POST", "invoices/", body, Idempotency_Key="late-4")

    assert first.status == second.status == 201
    assert first.body == second.body == alice.ok("GET", f"invoices/{first.body['id']}/")


def test_a_day_before_the_last_is_refused_and_the_key_is_free_again(alice: Speaker):
    issue_of(draft_in(alice), alice, key="late-5", issued_on="2026-11-10")
    draft = draft_in(alice)

    refused = issue_of(draft, alice, key="late-6", issued_on="2026-11-09")
    still = alice.ok("GET", f"invoices/{draft['id']}/")
    issued = issue_of(draft, alice, key="late-6", issued_on="2026-11-11")

    assert (refused.status, refused.body["code"]) == (409, "numbering.issued_before_last")
    assert (still["status"], still["number"]) == ("draft", None)
    assert issued.body["number"].endswith("-00002")


def test_what_triggers_refuse_has_the_house_s_words(alice: Speaker):
    ledger.lock_period(
        by=alice.actor, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), at=make.NOW
    )
    draft = draft_in(alice)

    refused = issue_of(draft, alice, key="late-7", issued_on="2026-10-15")

    assert (refused.status, refused.body["code"]) == (409, "ledger.period_locked")
    assert alice.ok("GET", f"invoices/{draft['id']}/")["status"] == "draft"


def test_a_lease_that_was_lost_undoes_the_issue(alice: Speaker):
    draft = draft_in(alice)

    with lost_leases():
        refused = issue_of(draft, alice, key="late-8")
    issued = issue_of(draft, alice, key="late-8")

    assert (refused.status, refused.body["code"]) == (409, "idempotency.lease_lost")
    assert issued.body["number"].endswith("-00001")


def test_a_number_that_exists_already_is_told(alice: Speaker, monkeypatch: pytest.MonkeyPatch):
    issue_of(draft_in(alice), alice, key="late-9")
    series = next(one for one in alice.ok("GET", "series/")["data"] if one["kind"] == "invoice")
    body = {"kind": "invoice", "code": "TWO", "pattern": series["pattern"], "period": "year"}
    other = alice.ok("POST", "series/", body)
    draft = draft_in(alice, series=other["id"])

    refused = issue_of(draft, alice, key="late-10")

    assert (refused.status, refused.body["code"]) == (409, "numbering.number_taken")


def test_text_of_a_person_is_no_stand_in(alice: Speaker):
    draft = draft_in(alice, lines=[line(description="a" * 64)])

    said = issue_of(draft, alice, key="late-11")

    assert said.body["lines"][0]["name"] == "a" * 64 or (
        said.body["lines"][0]["description"] == "a" * 64
    )


@pytest.mark.parametrize("number", ["R/2026-1", 'say "1"', "№ 1"])
def test_words_are_put_in_as_json(number: str):
    from guilder.foundation.edges.late import put_in, stand_in

    word = stand_in()

    assert put_in(f'{{"n":"{word}"}}'.encode(), {word: number}).decode() == (
        '{"n":"' + number.replace('"', '\\"') + '"}'
    )


def test_the_last_statement_is_the_only_one_after_the_counter(alice: Speaker):
    from tests.faces.rest.test_budgets import statements

    draft = draft_in(alice)
    with statements() as seen:
        issue_of(draft, alice, key="late-12")

    assert "numbering_counter" in seen[-1]
    assert "edges_idempotency" in seen[-1]
