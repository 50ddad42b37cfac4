"""Sensitive calls: a fresh proof of a person, a key that names the right, a file given out once."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from guilder.faces.rest import proving, tasks
from guilder.faces.rest.routes import ROUTES
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.models import LoginSession
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.desk import operations as desk
from guilder.office.desk.models import Progress
from tests import make
from tests.faces.rest.speaking import Speaker
from tests.make import World

ROLE = {"name": "Reader", "based_on": "viewer", "permissions": ["item.view"]}


@pytest.fixture
def late(world: World, alice: Speaker) -> Speaker:
    """Alice, whose last proof is older than a quarter of an hour."""
    LoginSession.objects.filter(user_id=world.alice.user_id).update(
        proved_at=datetime.now(UTC) - timedelta(minutes=16)
    )
    return alice


def test_an_old_proof_is_not_enough_and_a_new_one_is(world: World, late: Speaker) -> None:
    refused = late("POST", "roles/", ROLE)
    wrong = late("POST", "auth/prove/", {"password": "not it"})
    still = late("POST", "roles/", ROLE)
    proved = late("POST", "auth/prove/", {"password": world.password})
    made = late("POST", "roles/", ROLE)

    assert (refused.status, refused.body["code"]) == (403, "auth.proof_wanted")
    assert "/api/v1/auth/prove/" in refused.body["detail"]
    assert (wrong.status, wrong.body["code"]) == (401, "identity.wrong_password")
    assert still.status == 403
    assert proved.status == 200
    assert made.status == 201


def test_reading_and_everyday_work_want_no_proof(late: Speaker) -> None:
    assert late("GET", "roles/").status == 200
    assert late("POST", "items/", {"name": "Day"}).status == 201
    assert late("PATCH", "organization/seller/", {"phone": "+49 40 1"}).status == 200


def test_bank_details_erasure_and_exports_want_one(late: Speaker) -> None:
    client = late.ok(
        "POST", "clients/", {"kind": "individual", "name": "Kim", "address": {"country": "DE"}}
    )

    for method, path, body in (
        ("PATCH", "organization/seller/", {"iban": "DE89370400440532013000"}),
        ("POST", f"clients/{client['id']}/erase/", {}),
        ("POST", "exports/", {"what": "organization"}),
        ("POST", "keys/", {"name": "Shop"}),
    ):
        refused = late(method, path, body)
        assert (refused.status, refused.body["code"]) == (403, "auth.proof_wanted"), path


def test_every_route_that_changes_who_may_what_asks() -> None:
    asking = [one for one in ROUTES if proving.is_sensitive(one.permission, changes=one.changes)]

    assert len(asking) > 20
    assert [one.path for one in asking if one.before is None] == []


def test_a_key_does_what_is_sensitive_only_where_its_scopes_say_so(alice: Speaker) -> None:
    whole = Speaker(token=alice.ok("POST", "keys/", {"name": "All", "role": "admin"})["secret"])
    named = {"name": "Roles", "role": "admin", "scopes": ["member.*"]}
    narrow = Speaker(token=alice.ok("POST", "keys/", named)["secret"])

    refused = whole("POST", "roles/", ROLE)
    made = narrow("POST", "roles/", ROLE)
    nobody = narrow("POST", "auth/prove/", {"password": "x"})

    assert (refused.status, refused.body["code"]) == (403, "auth.scope_wanted")
    assert made.status == 201
    assert (nobody.status, nobody.body["code"]) == (403, "auth.nobody_to_prove")


def test_a_code_proves_too_and_counts_once(world: World, late: Speaker) -> None:
    from guilder.foundation.identity.operations import second

    user = LoginSession.objects.get(user_id=world.alice.user_id).user
    secret = identity.new_app_secret()
    now = int(datetime.now(UTC).timestamp()) // 30
    second_code = code_of(secret, now - 1)
    identity.add_app(user, secret=secret, code=second_code)

    again = late("POST", "auth/prove/", {"code": second_code})
    fresh = late("POST", "auth/prove/", {"code": code_of(secret, now)})

    assert second.has_second_factor(user)
    assert again.status == 401
    assert fresh.status == 200


def code_of(secret: str, counter: int) -> str:
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(secret, counter))


# Exports


def made(speaker: Speaker, what: dict[str, Any]) -> dict[str, Any]:
    """An export that the worker has made."""
    assert speaker.actor is not None
    begun = speaker.ok("POST", "exports/", what)
    tasks.make_export(
        organization_id=speaker.actor.organization_id,
        progress_id=UUID(begun["id"]),
        user_id=speaker.actor.user_id,
    )
    return speaker.ok("GET", f"exports/{begun['id']}/")


def fetched(speaker: Speaker, export: dict[str, Any]) -> bytes:
    return speaker.ok("POST", f"exports/{export['id']}/file/")


def test_a_list_is_exported_whole_and_given_out_once(world: World, alice: Speaker) -> None:
    one = make.issued_invoice(world.alice)
    make.draft(world.alice)
    make.issued_invoice(world.mallory)

    export = made(alice, {"what": "invoices", "filters": {"status__in": "issued,overdue,sent"}})
    rows = list(csv.DictReader(io.StringIO(fetched(alice, export).decode("utf-8-sig"))))
    again = alice("POST", f"exports/{export['id']}/file/")

    assert export["state"] == "finished"
    assert [row["number"] for row in rows] == [one.number]
    assert rows[0]["id"] == str(one.id)
    assert (again.status, again.body["code"]) == (409, "export.file_gone")


def test_rows_go_out_as_lines_of_json_over_all_pages(
    world: World, alice: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guilder.faces.rest.exporting.AT_ONCE", 2)
    names = {make.client(world.alice, name=f"=Cell {n}").name for n in range(5)}

    lines = fetched(alice, made(alice, {"what": "clients", "format": "jsonl"})).decode()
    cells = fetched(alice, made(alice, {"what": "clients"})).decode("utf-8-sig")

    assert {json.loads(line)["name"] for line in lines.splitlines()} == names
    assert all("'=Cell" in line for line in cells.splitlines()[1:])  # no spreadsheet runs it


def test_an_export_shows_no_more_than_its_asker_sees(world: World, bob: Speaker) -> None:
    make.issued_invoice(world.alice)
    own = make.draft(world.bob, client_id=make.client(world.alice).id)

    lines = fetched(bob, made(bob, {"what": "invoices", "format": "jsonl"})).decode()
    refused = bob("POST", "exports/", {"what": "payments"})
    everything = bob("POST", "exports/", {"what": "organization"})

    assert [json.loads(line)["id"] for line in lines.splitlines()] == [str(own.id)]
    assert (refused.status, everything.status) == (403, 403)


def test_everything_is_an_archive(alice: Speaker) -> None:
    archive = fetched(alice, made(alice, {"what": "organization"}))

    assert archive.startswith(b"PK")


def test_a_file_that_waited_too_long_is_gone_from_the_disk_too(
    world: World, alice: Speaker
) -> None:
    export = made(alice, {"what": "clients"})
    later = datetime.now(UTC) + timedelta(hours=25)

    with pytest.raises(desk.FileGone):
        desk.take_file(UUID(export["id"]), by=world.alice, at=later)
    gone = desk.forget_files(by=world.alice, at=later)

    assert gone == 1
    with transaction(world.organization):
        assert Progress.objects.of(world.organization).get(id=export["id"]).file_id is None
    assert alice("POST", f"exports/{export['id']}/file/").body["code"] == "export.not_ready"


def test_what_cannot_be_exported_is_told_at_once(alice: Speaker) -> None:
    unknown = alice("POST", "exports/", {"what": "secrets"})
    bad = alice("POST", "exports/", {"what": "invoices", "filters": {"colour": "red"}})

    assert unknown.status == 422
    assert (bad.status, bad.body["code"]) == (422, "request.bad_query")


def test_an_export_is_its_askers_alone(alice: Speaker, mallory: Speaker, bob: Speaker) -> None:
    export = made(alice, {"what": "clients"})

    for other in (mallory, bob):
        assert other("GET", f"exports/{export['id']}/").status == 404
        assert other("POST", f"exports/{export['id']}/file/").status == 404


# People over the API


def test_a_member_gets_an_own_role_a_lead_and_a_limit(world: World, alice: Speaker) -> None:
    role = alice.ok("POST", "roles/", ROLE)

    member = alice.ok(
        "PATCH",
        f"users/{world.bob.user_id}/",
        {"role": role["id"], "lead": str(world.alice.user_id), "approval_limit": "500.00"},
    )

    assert member["own_role"] == role["id"]
    assert member["lead"] == str(world.alice.user_id)
    assert member["approval_limit"] == {"amount": "500.00", "currency": "EUR"}
    assert alice("DELETE", f"roles/{role['id']}/").body["code"] == "identity.role_in_use"


def test_assignments_are_read_and_set(world: World, alice: Speaker) -> None:
    client = make.client(world.alice)
    path = f"users/{world.bob.user_id}/clients/"

    alice.ok("PUT", path, {"clients": [str(client.id)]})

    assert alice.ok("GET", path) == {"clients": [str(client.id)]}
    assert alice("PUT", path, {"clients": ["x"]}).status == 422
