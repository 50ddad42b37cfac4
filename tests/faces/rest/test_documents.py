"""Documents over the API: what is hostile is refused whole, and what comes twice is one."""

from base64 import b64encode

from tests.faces.rest.speaking import Speaker
from tests.flows.intake import papers
from tests.flows.intake.test_receiving import REFUSED


def test_each_hostile_file_is_one_refusal_and_nothing_is_kept(alice: Speaker):
    for kind, data in REFUSED.items():
        if not data:
            continue  # an empty content is a fault of the request itself
        said = alice("POST", "documents/", {"content": b64encode(data).decode(), "filename": "x"})
        assert (said.status, kind) == (422, kind)
        assert said.body["detail"] and "/etc/passwd" not in str(said.body)
    assert alice("POST", "documents/", {"content": "", "filename": "x"}).status == 422
    assert alice("POST", "documents/", {"content": "no base64!"}).status == 422
    assert alice.ok("GET", "documents/")["data"] == []


def test_a_document_comes_back_as_it_came_and_twice_is_one(alice: Speaker):
    data = papers.file()
    body = {"content": b64encode(data).decode(), "filename": "bill.xml"}

    first, second = (alice.ok("POST", "documents/", body)["files"][0] for _ in range(2))

    row = first["documents"][0]
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert second["documents"][0]["id"] == row["id"]
    assert alice("GET", f"documents/{row['id']}/file/").body == data
    assert alice.ok("GET", f"documents/{row['id']}/verdict/")["valid"] is True
    assert alice.ok("GET", f"documents/{row['id']}/")["document"]["number"] == "R-1"
