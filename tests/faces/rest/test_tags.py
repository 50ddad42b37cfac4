"""Entity tags: what is known is not sent again, and who comes late changes nothing.

That every route does so is asked by the sweep over the OpenAPI document (`tagging`).
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from guilder.faces.rest import tags
from tests.faces.rest.speaking import Speaker, client_in, draft_in, line


def test_an_action_is_held_to_a_tag_too(alice: Speaker):
    draft = draft_in(alice)
    path = f"invoices/{draft['id']}/"
    tag = alice("GET", path).headers["ETag"]
    alice.ok("PATCH", path, {"lines": [line(quantity="2")]})

    late = alice("POST", f"{path}dispute/", {"is_disputed": True}, If_Match=tag)
    issued = alice("POST", f"{path}issue/", {}, If_Match=tag)

    assert (late.status, issued.status) == (412, 412)
    assert alice.ok("GET", path)["status"] == "draft"


def test_of_two_at_once_with_the_same_tag_one_wins_where_a_thing_has_no_version(alice: Speaker):
    """The door compares and the handler writes in one view of the data."""
    alice.ok("PUT", "refund-rule/", {"approval_above": "1.00"})
    tag = alice("GET", "refund-rule/").headers["ETag"]
    gate = threading.Barrier(4)

    def put(amount: int) -> int:
        from django.db import connections

        try:
            gate.wait(10)
            body = {"approval_above": f"{amount}.00"}
            return Speaker(alice.actor, alice.token)(
                "PUT", "refund-rule/", body, If_Match=tag
            ).status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(put, range(2, 6)))

    assert statuses == [200, 412, 412, 412]


def test_what_the_day_changes_changes_the_tag(alice: Speaker):
    """A version stays, “overdue” comes: who asks with the old tag is told the new word."""
    import time_machine

    issued = alice.ok(
        "POST",
        "invoices/",
        {
            "client": client_in(alice)["id"],
            "currency": "EUR",
            "lines": [line()],
            "issue": True,
        },
    )
    path = f"invoices/{issued['id']}/"
    before = alice("GET", path)

    with time_machine.travel(f"{issued['due_on']}T00:00:00Z", tick=True) as clock:
        clock.shift(2 * 86_400)
        later = Speaker.of(alice.actor)("GET", path, If_None_Match=before.headers["ETag"])

    assert before.body["status"] != "overdue"
    assert (later.status, later.body["status"]) == (200, "overdue")
    assert later.body["etag"] == before.body["etag"]


@pytest.mark.parametrize(
    ("given", "version"),
    [
        ("", None),
        ("*", None),
        ('"7"', 7),
        ("7", 7),
        ('W/"7"', 7),
        (f'"7-{"0" * 24}"', 7),
        (f'"r{"0" * 24}"', -1),
        ('"7-"', -1),
        ('"1", "2"', -1),
    ],
)
def test_the_version_in_a_tag(given: str, version: int | None):
    assert tags.version_of(given) == version


def test_a_tag_is_of_the_bytes_and_of_the_version():
    made: set[Any] = {tags.tag_of(b"a"), tags.tag_of(b"b"), tags.tag_of(b"a", version="7")}

    assert len(made) == 3
    assert tags.tag_of(b"a", version="7").startswith('"7-')
