"""Asking tax offices about VAT ids over the API, and the evidence of it."""

from collections.abc import Iterator

import pytest

from tests.faces.rest.speaking import Speaker, client_in
from tests.services.tax_offices import TaxOffices, asked_here

VALID, WRONG = "FR40303265045", "ATU33864707"


@pytest.fixture
def offices(monkeypatch: pytest.MonkeyPatch) -> Iterator[TaxOffices]:
    """Tax offices by their documented protocol, in the place of the one that says yes."""
    with asked_here(monkeypatch) as found:
        yield found


def numbered(speaker: Speaker, number: str) -> str:
    return client_in(speaker, tax_ids=[{"scheme": "vat", "value": number}])["id"]


def test_a_check_is_asked_for_and_its_evidence_listed_newest_first(
    alice: Speaker, offices: TaxOffices
) -> None:
    speaker_id = numbered(alice, VALID)
    path = f"clients/{speaker_id}/vat-checks/"

    first = alice.ok("POST", path, {})
    del offices.valid[VALID]
    second = alice.ok("POST", path, {})
    listed = alice.ok("GET", path)["data"]

    assert (first["service"], first["is_valid"], first["name"]) == ("vies", True, "SA SODIMAS")
    assert (second["vat_id"], second["is_valid"]) == (VALID, False)
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    assert len(offices.asked) == 2


def test_a_repeated_request_asks_once(alice: Speaker, offices: TaxOffices) -> None:
    path = f"clients/{numbered(alice, VALID)}/vat-checks/"

    answers = [alice("POST", path, {}, Idempotency_Key="one") for _ in range(2)]

    assert [one.status for one in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert len(offices.asked) == 1


def test_without_a_vat_id_or_an_answer_nothing_is_kept(
    alice: Speaker, mallory: Speaker, offices: TaxOffices
) -> None:
    bare = client_in(alice)["id"]
    away = numbered(alice, WRONG)
    offices.server.shutdown()
    offices.server.server_close()

    none = alice("POST", f"clients/{bare}/vat-checks/", {})
    silent = alice("POST", f"clients/{away}/vat-checks/", {})

    assert (none.status, none.body["code"]) == (404, "partner.no_vat_id")
    assert (silent.status, silent.body["code"]) == (503, "vat.no_answer")
    assert alice.ok("GET", f"clients/{away}/vat-checks/")["data"] == []
    assert mallory("GET", f"clients/{away}/vat-checks/").status == 404
    assert mallory("POST", f"clients/{away}/vat-checks/", {}).status == 404
