"""An organization handed out and brought back is the same to the last byte, and proves itself."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db import transaction as database

from guilder.books.invoicing import queries as invoicing
from guilder.books.workflow import operations as workflow
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.kernel.money import Money
from guilder.office.backup import operations as backup
from guilder.office.backup.bringing import NotAnArchive, OrganizationIsThere
from guilder.office.demo import queries as demo
from guilder.office.desk import operations as desk
from guilder.registers.parties import operations as parties
from tests import make
from tests.books.proofs import faults
from tests.database import TestServer
from tests.make import NOW, World


def live(world: World) -> Any:
    """A small life: drafts, papers, money, a credit, people, roles, files, talk."""
    by = world.alice
    paid = make.issued_invoice(by)
    make.payment(by, paid, "119.00")
    make.draft(world.bob, client_id=paid.partner_id)
    parties.assign_clients(world.bob.user_id, by=by, partner_ids=[paid.partner_id], at=NOW)
    identity.create_role(by=by, name="Reader", based_on="viewer", permissions=["invoice.view"])
    identity.invite_member(by=by, email=f"kim-{by.user_id}@guilder.example", role="viewer", at=NOW)
    workflow.set_rule(by=by, is_active=True, amount=Money.of("50", "EUR"), roles=())
    desk.add_comment("invoice", paid.id, by=by, text="Paid at once", at=NOW)
    desk.add_attachment(
        "invoice", paid.id, by=by, content=b"%PDF-1.7 plan", filename="plan.pdf", at=NOW
    )
    return paid


def handed_out(world: World, target: Path) -> dict[str, str]:
    """The organization's archive; name → hash of what is in it."""
    manifest = backup.export_organization(target, by=world.alice, at=NOW)
    return {one["name"]: one["sha256"] for one in manifest["files"]}


def gone(world: World) -> None:
    """The organization as if it had never been here; its people stay."""
    with database.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for setting in ("guilder.deleting_demo", "guilder.maintenance"):
            cursor.execute(f"SET LOCAL {setting} = 'on'")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "UPDATE identity_organization SET is_demo = true WHERE id = %s", [world.organization]
        )  # what else could be deleted whole?
        for table, column in demo.tables_of_organizations():
            cursor.execute(f'DELETE FROM "{table}" WHERE {column} = %s', [world.organization])
        cursor.execute("DELETE FROM identity_organization WHERE id = %s", [world.organization])


def test_handed_out_and_brought_back_is_equal(world: World, tmp_path: Path) -> None:
    paid = live(world)
    before = handed_out(world, tmp_path / "a.zip")
    gone(world)
    with pytest.raises(identities.NoSuchMember):
        identities.actor_for(world.alice.user_id, world.organization, source="web")

    back = backup.import_organization(tmp_path / "a.zip")
    after = handed_out(world, tmp_path / "b.zip")

    assert back == world.organization
    assert after == before
    assert faults(world.organization) == []
    alice = identities.actor_for(world.alice.user_id, back, source="web")
    assert invoicing.prove(paid.id, by=alice).holds
    workflow.set_rule(by=alice, is_active=False, amount=None, roles=())
    following = make.issued_invoice(alice)
    assert following.number[-5:] == f"{int(paid.number[-5:]) + 1:05d}"  # the series goes on


def test_it_is_brought_back_once(world: World, tmp_path: Path) -> None:
    live(world)
    handed_out(world, tmp_path / "a.zip")

    with pytest.raises(OrganizationIsThere):
        backup.import_organization(tmp_path / "a.zip")


def rewritten(source: Path, target: Path, name: str, change: Any) -> Path:
    """The archive with one file changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for one in old.infolist():
            data = old.read(one.filename)
            new.writestr(one.filename, change(data) if one.filename == name else data)
    return target


def test_a_changed_archive_is_refused_whole(world: World, tmp_path: Path) -> None:
    """Row I4: what is not on the list, or not as listed, is not taken."""
    live(world)
    handed_out(world, tmp_path / "a.zip")
    gone(world)
    table = "tables/invoicing_invoice.jsonl"
    bad = rewritten(
        tmp_path / "a.zip", tmp_path / "bad.zip", table, lambda data: data.replace(b"119", b"118")
    )

    with pytest.raises(NotAnArchive) as refused:
        backup.import_organization(bad)
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("../../etc/passwd", b"root")
    with pytest.raises(NotAnArchive) as slipped:
        backup.import_organization(tmp_path / "a.zip")

    assert [one.pointer for one in refused.value.problems] == [f"/{table}"]
    assert [one.code for one in slipped.value.problems] == ["archive.unlisted"]


def test_rows_of_others_are_not_smuggled_in(world: World, tmp_path: Path) -> None:
    """Row A4: an archive writes in its own organization only, whatever its rows say."""
    live(world)
    handed_out(world, tmp_path / "a.zip")
    gone(world)
    own, other = str(world.organization).encode(), str(world.other).encode()

    def smuggle(data: bytes) -> bytes:
        return data.replace(own, other)

    name = "tables/desk_comment.jsonl"
    bad = rewritten(tmp_path / "a.zip", tmp_path / "b.zip", name, smuggle)
    with zipfile.ZipFile(bad) as archive:
        manifest, data = json.loads(archive.read("manifest.json")), archive.read(name)
    import hashlib

    for one in manifest["files"]:
        if one["name"] == name:
            one |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    worse = rewritten(
        bad, tmp_path / "c.zip", "manifest.json", lambda _: json.dumps(manifest).encode()
    )

    with pytest.raises(NotAnArchive, match="another organization"):
        backup.import_organization(worse)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive(db: TestServer, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(NotAnArchive):
        backup.import_organization(tmp_path / "x.zip")
