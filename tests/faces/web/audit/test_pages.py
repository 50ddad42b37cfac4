"""The audit trail's pages: who did what, before and after, sealed, filtered and taken along."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.test import Client

from guilder.foundation.audit import operations as audit
from tests import make
from tests.database import TestServer
from tests.make import World

Browsing = Callable[[str], Client]


def renamed(world: World) -> object:
    """A client that was entered and then renamed."""
    from guilder.registers.parties import operations as parties

    client = make.client(world.alice, name="Old Name")
    parties.update_partner(
        client.id, by=world.alice, data={"name": "New Name"}, side="customer", at=make.NOW
    )
    return client


def test_what_was_done_is_listed_and_shown_before_and_after(
    world: World, browsing: Browsing
) -> None:
    alice = browsing("alice")
    client = renamed(world)

    listed = alice.get("/audit/", {"action": "partner"})
    entry = listed.context["rows"][0]
    shown = alice.get(entry.url)

    name = next(row for row in shown.context["changes"] if row.label == "name")
    assert (name.before, name.after, name.changed) == ("Old Name", "New Name", True)
    assert entry.thing_url == f"/clients/{client.id}/"  # type: ignore[attr-defined]
    assert "<del>Old Name</del>" in shown.content.decode()


def test_it_is_narrowed_by_person_action_thing_and_days(world: World, browsing: Browsing) -> None:
    alice = browsing("alice")
    client = renamed(world)
    make.client(world.alice)

    def found(**asked: str) -> int:
        return len(alice.get("/audit/", asked).context["rows"])

    row = str(client.id)  # type: ignore[attr-defined]
    assert found(row=row) == 2
    assert found(row=row, person=str(world.alice.user_id)) == 2
    assert found(row=row, person=str(world.bob.user_id)) == 0
    assert found(row=row, action="invoice") == 0
    assert found(row=row, since="today") == 2
    assert found(row=row, until="2020-01-01") == 0
    assert found(row=row, since="no day") == 2


def test_the_seal_is_shown_and_checked(world: World, browsing: Browsing) -> None:
    alice = browsing("alice")
    renamed(world)
    audit.seal_organization(world.organization)

    page = alice.get("/audit/")
    entry = alice.get(page.context["rows"][0].url)
    check = alice.post("/audit/check/")

    assert page.context["seals"].count >= 1
    assert entry.context["seal"]["link"] == page.context["seals"].link
    assert check.context["breaches"] == []
    assert "unbroken row" in check.content.decode()


def test_a_changed_entry_is_named_by_the_check(
    world: World, browsing: Browsing, server: TestServer
) -> None:
    renamed(world)
    audit.seal_organization(world.organization)
    with server.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE audit_entry SET action = 'x.y' WHERE organization_id = %s"
            " AND action = 'partner.create'",
            [world.organization],
        )

    check = browsing("alice").post("/audit/check/")

    assert [one.what for one in check.context["breaches"]] == ["the entry was changed"]


def test_it_is_taken_along_as_csv_and_json_lines_without_formulas(
    world: World, browsing: Browsing
) -> None:
    alice = browsing("alice")
    make.client(world.alice, name="=cmd()")

    table = b"".join(alice.get("/audit/export/csv/?action=partner").streaming_content)
    lines = b"".join(alice.get("/audit/export/jsonl/?action=partner").streaming_content)

    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    objects = [json.loads(line) for line in lines.splitlines()]
    assert [row["id"] for row in rows] == [one["id"] for one in objects]
    assert json.loads(rows[0]["after"])["name"] == "=cmd()"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
    assert alice.get("/audit/export/xml/").status_code == 404


def test_the_verifier_is_handed_out(browsing: Browsing) -> None:
    answer = browsing("alice").get("/audit/verifier/")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="guilder_verify.py"'
    assert b"def prove_audit" in answer.content


@pytest.mark.parametrize("path", ["", "verifier/", "export/csv/"])
def test_who_may_not_look_is_refused(browsing: Browsing, path: str) -> None:
    assert browsing("bob").get(f"/audit/{path}").status_code == 403
    assert Client().get(f"/audit/{path}").status_code == 302


def test_of_others_there_is_nothing(world: World, browsing: Browsing) -> None:
    renamed(world)
    entry = browsing("alice").get("/audit/").context["rows"][0]

    assert browsing("mallory").get(entry.url).status_code == 404
